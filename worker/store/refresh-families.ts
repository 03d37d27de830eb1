import type { Redis } from "@upstash/redis";
import * as z from "zod";
import { DiscoError } from "#protocol/errors.ts";
import { type Scope, scopes } from "#protocol/operation.ts";
import { compareAndSet } from "./compare-and-set.ts";
import { parseRecord } from "./records.ts";

/** Each lost race means that another one was decided, so this many never meet. */
const TRIES_MAX = 100;

/** Logins of one user at the same time; beyond it the one that ends first goes. */
const FAMILIES_MAX = 64;

const FamilyRecord = z.object({
  client: z.string().min(1),
  name: z.string(),
  session: z.string().min(16),
  scopes: z.array(z.enum(scopes)),
  /** Which refresh token of the chain is the current one, from 1. */
  current: z.int().positive(),
  /** Milliseconds since the epoch at which the current one was given. */
  rotatedAt: z.int().nonnegative(),
  /** Milliseconds since the epoch. */
  endsAt: z.int().nonnegative(),
});

/** A chain of refresh tokens that began with one sign-in of one client; SCHEMA.md shows its key. */
export type RefreshFamily = Omit<z.infer<typeof FamilyRecord>, "scopes"> & {
  readonly scopes: readonly Scope[];
};

const familyKey = (user: string, id: string): string => `user:${user}:refresh:${id}`;
const listKey = (user: string): string => `user:${user}:refresh-families`;

/** Every method throws DiscoError `store_unavailable`. */
export interface RefreshFamilies {
  open(user: string, id: string, family: RefreshFamily): Promise<void>;
  isOpen(user: string, id: string): Promise<boolean>;
  /**
   * Decides on the family as it is, and writes the decision only if it still is so: of many that
   * rotate at the same time, each decides on what the one before it wrote.
   *
   * @param decide the family from now on; null ends it; the same object changes nothing
   * @returns the outcome that was written; undefined when there is no such family
   */
  change<Outcome extends { readonly family: RefreshFamily | null }>(
    user: string,
    id: string,
    decide: (family: RefreshFamily) => Outcome,
  ): Promise<Outcome | undefined>;
  end(user: string, id: string): Promise<void>;
  endAll(user: string): Promise<void>;
}

/** @param now milliseconds since the epoch */
export function createRefreshFamilies(redis: Redis, now: () => number = Date.now): RefreshFamilies {
  const ttlOf = ({ endsAt }: RefreshFamily): number => Math.max(1, endsAt - now());
  async function end(user: string, id: string): Promise<void> {
    await redis.multi().del(familyKey(user, id)).zrem(listKey(user), id).exec();
  }

  return {
    async open(user, id, family) {
      const over = await redis.zrange<string[]>(listKey(user), 0, now(), { byScore: true });
      if (over.length > 0) await redis.zrem(listKey(user), ...over);
      const surplus = await redis.zrange<string[]>(listKey(user), 0, -FAMILIES_MAX);
      for (const ended of surplus) await end(user, ended);
      await redis
        .multi()
        .set(familyKey(user, id), JSON.stringify(family), { px: ttlOf(family) })
        .zadd(listKey(user), { score: family.endsAt, member: id })
        .exec();
    },
    isOpen: async (user, id) => (await redis.exists(familyKey(user, id))) === 1,
    async change(user, id, decide) {
      const key = familyKey(user, id);
      for (let tries = 0; tries < TRIES_MAX; tries += 1) {
        const from = await redis.get<string>(key);
        if (from === null) return undefined;
        const family = parseRecord(from, FamilyRecord, "a refresh family");
        const outcome = decide(family);
        if (outcome.family === family) return outcome;
        const to = outcome.family === null ? null : JSON.stringify(outcome.family);
        if (await compareAndSet(redis, key, { from, to, ttlMs: ttlOf(family) })) return outcome;
      }
      throw new DiscoError("store_unavailable", "The sign-in is being renewed too often.");
    },
    end,
    async endAll(user) {
      const ids = await redis.zrange<string[]>(listKey(user), 0, -1);
      await redis.del(listKey(user), ...ids.map((id) => familyKey(user, id)));
    },
  };
}
