import type { Redis } from "@upstash/redis";
import * as z from "zod";
import { DiscoError } from "#protocol/errors.ts";
import { fieldsOf, newId } from "./records.ts";

/** Who vouched for a person, and what the person is called there. */
export interface Account {
  readonly provider: "github";
  /** The provider's own id, which never changes; names do. */
  readonly id: string;
  readonly login: string;
  /** Shown; the person's own text. */
  readonly name: string;
}

const UserFields = z.object({
  name: z.string().min(1),
  login: z.string(),
  account: z.string(),
  created_at: z.coerce.number().int().nonnegative(),
  not_before: z.coerce.number().int().nonnegative().default(0),
});

/** A person as a durable record; SCHEMA.md shows its keys. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly login: string;
  /** Who vouched for the person, and under which id: `github:1815`. */
  readonly account: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Seconds since the epoch: what was issued then or earlier is worth nothing. */
  readonly notBefore: number;
}

const NAME_MAX_CHARS = 100;

const userKey = (id: string): string => `user:${id}`;
const accountKey = (account: string): string => `user-of:${account}`;

/** The people of this deployment. Every method throws DiscoError `store_unavailable`. */
export interface Users {
  /** Who has this account; a new user at the first sign-in. */
  findOrCreate(account: Account): Promise<User>;
  get(id: string): Promise<User | undefined>;
  /** Whether there is such a user, and since when what it was issued counts (seconds). */
  standing(id: string): Promise<{ readonly exists: boolean; readonly notBefore: number }>;
  /** Makes everything worthless that was issued to this user until now. */
  signOutEverywhere(id: string): Promise<void>;
  /** Forgets the user. The same account is a new user afterwards. */
  remove(id: string): Promise<void>;
}

/** @param now milliseconds since the epoch */
export function createUsers(redis: Redis, now: () => number = Date.now): Users {
  async function get(id: string): Promise<User | undefined> {
    return parseUser(id, await redis.hgetall(userKey(id)));
  }

  async function findByAccount(account: string): Promise<User | undefined> {
    const id = await redis.get<string>(accountKey(account));
    return id === null ? undefined : get(id);
  }

  /** The record is written before the account's key, which is set once: of two sign-ins one decides. */
  async function create(account: string, facts: Record<string, string>): Promise<User> {
    const id = newId("u");
    await redis.hset(userKey(id), { ...facts, account, created_at: String(now()) });
    if ((await redis.set(accountKey(account), id, { nx: true })) !== "OK") {
      await redis.del(userKey(id));
    }
    const user = await findByAccount(account);
    if (user) return user;
    throw new DiscoError("store_unavailable", "The user was just removed.");
  }

  return {
    get,
    async standing(id) {
      const fields = fieldsOf(await redis.hgetall(userKey(id)));
      return { exists: fields.has("name"), notBefore: Number(fields.get("not_before") ?? 0) };
    },
    async findOrCreate({ provider, id, login, name }) {
      const account = `${provider}:${id}`;
      const facts = { login, name: (name.trim() || login).slice(0, NAME_MAX_CHARS) };
      const user = await findByAccount(account);
      if (user === undefined) return create(account, facts);
      if (user.name !== facts.name || user.login !== login) {
        await redis.hset(userKey(user.id), facts);
      }
      return { ...user, ...facts };
    },
    async signOutEverywhere(id) {
      await redis.hset(userKey(id), { not_before: String(Math.floor(now() / 1_000)) });
    },
    async remove(id) {
      const account = fieldsOf(await redis.hgetall(userKey(id))).get("account");
      if (account !== undefined) await redis.del(accountKey(account));
      await redis.del(userKey(id));
    },
  };
}

/** @param reply what HGETALL answered; a record without a name is none, but may say `not_before` */
function parseUser(id: string, reply: unknown): User | undefined {
  const fields = fieldsOf(reply);
  if (!fields.has("name")) return undefined;
  const parsed = UserFields.safeParse(Object.fromEntries(fields));
  if (!parsed.success) {
    throw new DiscoError("internal", "A user's record is damaged.", { cause: parsed.error });
  }
  const { name, login, account, created_at: createdAt, not_before: notBefore } = parsed.data;
  return { id, name, login, account, createdAt, notBefore };
}
