import type { Redis } from "@upstash/redis";
import * as z from "zod";
import { DiscoError } from "#protocol/errors.ts";
import { CONTAINERS_MAX } from "#protocol/limits.ts";

/** A container as a durable record; SCHEMA.md shows its keys. */
const ContainerRecord = z.object({
  id: z.string().regex(/^c_[0-9a-f]{32}$/),
  /** Id of the user whose container it is. */
  user: z.string().min(1),
  name: z.string().min(1).max(64),
  /** Milliseconds since the epoch. */
  createdAt: z.int().nonnegative(),
});
export type ContainerRecord = z.infer<typeof ContainerRecord>;

/** Bytes of randomness in an id: 128 bits, so that an id cannot be guessed. */
const ID_BYTES = 16;

const DEFAULT_NAME = "default";

/**
 * Seconds that a deletion is remembered: as long as a browser stays signed in, so that each page that
 * has files of the container and comes back learns that they must go.
 */
const DELETED_TTL_S = 30 * 24 * 3_600;

const containerKey = (id: string): string => `container:${id}`;
const deletedKey = (id: string): string => `container:${id}:deleted`;
const defaultKey = (user: string): string => `user:${user}:default-container`;
const listKey = (user: string): string => `user:${user}:containers`;

/** The containers of all users. Every method throws DiscoError `store_unavailable`. */
export interface Containers {
  /** The record, whoever owns it; undefined when there is none. */
  get(id: string): Promise<ContainerRecord | undefined>;
  /** The user's default container, made at the first call; of those there are, the oldest becomes it. */
  findOrCreateDefault(user: string): Promise<ContainerRecord>;
  /** Id of the default container, when the user has one. */
  defaultId(user: string): Promise<string | undefined>;
  /** The user's containers, the oldest first. */
  list(user: string): Promise<ContainerRecord[]>;
  /** @throws DiscoError `too_many_containers` when the user has CONTAINERS_MAX */
  create(user: string, name: string): Promise<ContainerRecord>;
  /** @returns undefined when it was deleted meanwhile */
  rename(container: ContainerRecord, name: string): Promise<ContainerRecord | undefined>;
  /** Deletes the record and remembers that this user had it. */
  remove(user: string, id: string): Promise<void>;
  /** Whether this user had the container and deleted it, within the last 30 days. */
  wasDeleted(user: string, id: string): Promise<boolean>;
}

/** @param now milliseconds since the epoch */
export function createContainers(redis: Redis, now: () => number = Date.now): Containers {
  return new StoredContainers(redis, now);
}

class StoredContainers implements Containers {
  readonly #redis: Redis;
  readonly #now: () => number;

  constructor(redis: Redis, now: () => number) {
    this.#redis = redis;
    this.#now = now;
  }

  async get(id: string): Promise<ContainerRecord | undefined> {
    const text = await this.#redis.get<string>(containerKey(id));
    return text === null ? undefined : parseRecord(text);
  }

  async findOrCreateDefault(user: string): Promise<ContainerRecord> {
    return (await this.#findDefault(user)) ?? (await this.#createDefault(user));
  }

  async defaultId(user: string): Promise<string | undefined> {
    return (await this.#redis.get<string>(defaultKey(user))) ?? undefined;
  }

  async list(user: string): Promise<ContainerRecord[]> {
    const records = await Promise.all((await this.#ids(user)).map((id) => this.get(id)));
    return records
      .flatMap((record) => (record?.user === user ? [record] : []))
      .toSorted((one, other) => one.createdAt - other.createdAt);
  }

  async create(user: string, name: string): Promise<ContainerRecord> {
    const record = this.#newRecord(user, name);
    await this.#redis
      .multi()
      .set(containerKey(record.id), JSON.stringify(record))
      .zadd(listKey(user), { score: record.createdAt, member: record.id })
      .exec();
    // Counted afterwards: of those who create at the same time, each counts the others.
    if ((await this.#ids(user)).length <= CONTAINERS_MAX) return record;
    await this.#redis.multi().del(containerKey(record.id)).zrem(listKey(user), record.id).exec();
    const message = `You have ${CONTAINERS_MAX} containers.`;
    throw new DiscoError("too_many_containers", message, { details: { max: CONTAINERS_MAX } });
  }

  async rename(container: ContainerRecord, name: string): Promise<ContainerRecord | undefined> {
    const renamed = { ...container, name };
    const text = JSON.stringify(renamed);
    const answer = await this.#redis.set(containerKey(container.id), text, { xx: true });
    return answer === "OK" ? renamed : undefined;
  }

  async remove(user: string, id: string): Promise<void> {
    await this.#redis
      .multi()
      .set(deletedKey(id), user, { ex: DELETED_TTL_S })
      .del(containerKey(id))
      .zrem(listKey(user), id)
      .exec();
    if ((await this.defaultId(user)) === id) await this.#redis.del(defaultKey(user));
  }

  async wasDeleted(user: string, id: string): Promise<boolean> {
    return (await this.#redis.get<string>(deletedKey(id))) === user;
  }

  /** The default stands in the list too, but for one that was made before there was a list. */
  async #ids(user: string): Promise<string[]> {
    const listed = await this.#redis.zrange<string[]>(listKey(user), 0, -1);
    const chosen = await this.defaultId(user);
    return [...new Set(chosen === undefined ? listed : [...listed, chosen])];
  }

  #newRecord(user: string, name: string): ContainerRecord {
    return { id: `c_${randomHex(ID_BYTES)}`, user, name, createdAt: this.#now() };
  }

  async #findDefault(user: string): Promise<ContainerRecord | undefined> {
    const id = await this.defaultId(user);
    if (id === undefined) return undefined;
    const record = await this.get(id);
    if (record) return record;
    if (!(await this.wasDeleted(user, id))) {
      throw new DiscoError("internal", `The default container ${id} has no record.`);
    }
    // Its deletion stopped half way.
    await this.#redis.del(defaultKey(user));
    return undefined;
  }

  /** The record is written before the user's key, which is set once: of two callers one decides. */
  async #createDefault(user: string): Promise<ContainerRecord> {
    const [oldest] = await this.list(user);
    const record = oldest ?? this.#newRecord(user, DEFAULT_NAME);
    if (oldest === undefined) {
      await this.#redis.set(containerKey(record.id), JSON.stringify(record));
    }
    if ((await this.#redis.set(defaultKey(user), record.id, { nx: true })) === "OK") {
      const { createdAt: score, id: member } = record;
      await this.#redis.zadd(listKey(user), { score, member });
      return record;
    }
    if (oldest === undefined) await this.#redis.del(containerKey(record.id));
    const winner = await this.#findDefault(user);
    if (winner) return winner;
    throw new DiscoError("store_unavailable", "The default container was just removed.");
  }
}

function parseRecord(text: string): ContainerRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DiscoError("internal", "A container's record is not JSON.", { cause });
  }
  const record = ContainerRecord.safeParse(value);
  if (record.success) return record.data;
  throw new DiscoError("internal", "A container's record is damaged.", { cause: record.error });
}

function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
