import type { Redis } from "@upstash/redis";
import * as z from "zod";
import { DiscoError } from "#protocol/errors.ts";

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

const containerKey = (id: string): string => `container:${id}`;
const defaultKey = (user: string): string => `user:${user}:default-container`;

/** The containers of all users. Every method throws DiscoError `store_unavailable`. */
export interface Containers {
  /** The record, whoever owns it; undefined when there is none. */
  get(id: string): Promise<ContainerRecord | undefined>;
  /** The user's default container, made at the first call. */
  findOrCreateDefault(user: string): Promise<ContainerRecord>;
}

/** @param now milliseconds since the epoch */
export function createContainers(redis: Redis, now: () => number = Date.now): Containers {
  async function get(id: string): Promise<ContainerRecord | undefined> {
    const text = await redis.get<string>(containerKey(id));
    return text === null ? undefined : parseRecord(text);
  }

  async function findDefault(user: string): Promise<ContainerRecord | undefined> {
    const id = await redis.get<string>(defaultKey(user));
    if (id === null) return undefined;
    const record = await get(id);
    if (record) return record;
    throw new DiscoError("internal", `The default container ${id} has no record.`);
  }

  /** The record is written before the user's key, which is set once: of two callers one decides. */
  async function createDefault(user: string): Promise<ContainerRecord> {
    const id = `c_${randomHex(ID_BYTES)}`;
    const record: ContainerRecord = { id, user, name: DEFAULT_NAME, createdAt: now() };
    await redis.set(containerKey(id), JSON.stringify(record));
    if ((await redis.set(defaultKey(user), id, { nx: true })) === "OK") return record;
    await redis.del(containerKey(id));
    const winner = await findDefault(user);
    if (winner) return winner;
    throw new DiscoError("store_unavailable", "The default container was just removed.");
  }

  return {
    get,
    findOrCreateDefault: async (user) => (await findDefault(user)) ?? (await createDefault(user)),
  };
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
