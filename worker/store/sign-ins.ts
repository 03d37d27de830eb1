import type { Redis } from "@upstash/redis";
import { fieldsOf, newId } from "./records.ts";

/** The sign-ins of browsers; SCHEMA.md shows their key. Throws DiscoError `store_unavailable`. */
export interface SignIns {
  /** @returns the id of a new one, which lives as long as its cookie */
  open(user: string): Promise<string>;
  isOpen(user: string, id: string): Promise<boolean>;
  end(user: string, id: string): Promise<void>;
  endAll(user: string): Promise<void>;
}

/** The user stands in the key: an id that leaks is of no use to another one. */
const signInsKey = (user: string): string => `user:${user}:sign-ins`;

/**
 * @param ttlS seconds that a sign-in lives
 * @param now milliseconds since the epoch
 */
export function createSignIns(redis: Redis, ttlS: number, now: () => number = Date.now): SignIns {
  const isOver = (since: string): boolean => Number(since) + ttlS * 1_000 <= now();
  return {
    async open(user) {
      const key = signInsKey(user);
      const over = [...fieldsOf(await redis.hgetall(key))].filter(([, since]) => isOver(since));
      if (over.length > 0) await redis.hdel(key, ...over.map(([id]) => id));
      const id = newId("b");
      await redis.hset(key, { [id]: String(now()) });
      return id;
    },
    async isOpen(user, id) {
      const since = await redis.hget<string>(signInsKey(user), id);
      return since !== null && !isOver(since);
    },
    async end(user, id) {
      await redis.hdel(signInsKey(user), id);
    },
    async endAll(user) {
      await redis.del(signInsKey(user));
    },
  };
}
