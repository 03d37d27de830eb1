import type { Redis } from "@upstash/redis";
import { newId } from "./records.ts";

/** The sign-ins of browsers; SCHEMA.md shows their key. Throws DiscoError `store_unavailable`. */
export interface SignIns {
  /** @returns the id of a new one, which lives as long as its cookie */
  open(user: string): Promise<string>;
  isOpen(user: string, id: string): Promise<boolean>;
  end(user: string, id: string): Promise<void>;
}

/** The user stands in the key: an id that leaks is of no use to another one. */
const signInKey = (user: string, id: string): string => `user:${user}:sign-in:${id}`;

/** @param ttlS seconds that a sign-in lives */
export function createSignIns(redis: Redis, ttlS: number): SignIns {
  return {
    async open(user) {
      const id = newId("b");
      await redis.set(signInKey(user, id), "open", { ex: ttlS });
      return id;
    },
    isOpen: async (user, id) => (await redis.exists(signInKey(user, id))) === 1,
    async end(user, id) {
      await redis.del(signInKey(user, id));
    },
  };
}
