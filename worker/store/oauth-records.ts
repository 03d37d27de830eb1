import type { Redis } from "@upstash/redis";
import * as z from "zod";
import { DiscoError } from "#protocol/errors.ts";

/** How long a written record lives, as Workers KV says it: seconds from now, or a time. */
export interface PutOptions {
  readonly expirationTtl?: number;
  /** Seconds since the epoch. */
  readonly expiration?: number;
  /** Told again by `list`, so that a listing need not read each record. */
  readonly metadata?: unknown;
}

export interface ListedKey {
  readonly name: string;
  readonly metadata?: unknown;
}

export interface ListOptions {
  readonly prefix?: string;
}

/**
 * What the OAuth library asks of Workers KV, on Redis. Unlike KV, a write is seen by every later read:
 * a revoked grant is gone at once. Every method throws DiscoError `store_unavailable`.
 */
export interface OAuthRecords {
  get(key: string): Promise<string | null>;
  get(key: string, options: { readonly type: "json" }): Promise<unknown>;
  put(key: string, value: string, options?: PutOptions): Promise<void>;
  delete(key: string): Promise<void>;
  /** All keys of one user's grants, or of one grant's tokens, in one page. */
  list(options: ListOptions): Promise<{ keys: ListedKey[]; list_complete: true }>;
}

/** Seconds. Longer than any record lives, so that no index goes before what it lists. */
const INDEX_TTL_S = 100 * 24 * 3_600;

/**
 * Access tokens of one grant that are good at the same time; past it the oldest end. Nobody bounds how
 * often a client asks for one, and each stands in the index.
 */
export const GRANT_TOKENS_MAX = 50;

const IndexEntry = z.object({
  /** Seconds since the epoch; null: the record stays. */
  expiration: z.number().nullable(),
  metadata: z.unknown().optional(),
});

type IndexedKey = ListedKey & z.infer<typeof IndexEntry>;

export const recordKey = (key: string): string => `oauth:record:${key}`;
const indexKey = (prefix: string): string => `oauth:index:${prefix}`;

/** Grants are listed by user, access tokens by grant; nothing else is ever listed. */
function indexedPrefix(key: string): string | null {
  return /^(grant:[^:]+:|token:[^:]+:[^:]+:)[^:]+$/.exec(key)?.[1] ?? null;
}

/**
 * @param findClient answers for `client:{id}` in place of the store
 * @param now milliseconds since the epoch
 */
export function createOAuthRecords(
  redis: Redis,
  findClient?: (id: string) => Promise<object | null>,
  now: () => number = Date.now,
): OAuthRecords {
  const seconds = (): number => Math.floor(now() / 1_000);

  async function read(key: string): Promise<string | null> {
    const client = /^client:(.+)$/s.exec(key)?.[1];
    if (client === undefined || findClient === undefined) return redis.get<string>(recordKey(key));
    const found = await findClient(client);
    return found === null ? null : JSON.stringify(found);
  }

  return {
    // The overload that is picked decides the type; the caller named it by its options.
    async get(key: string, options?: { readonly type: "json" }): Promise<never> {
      const text = await read(key);
      return (options === undefined || text === null ? text : JSON.parse(text)) as never;
    },
    async put(key, value, options = {}) {
      const { expirationTtl, expiration, metadata } = options;
      const ttl = expirationTtl ?? (expiration === undefined ? null : expiration - seconds());
      const prefix = indexedPrefix(key);
      const expires = ttl === null ? null : seconds() + ttl;
      // Listed first: what is written but not listed could not be revoked.
      if (prefix !== null) {
        await remember(redis, { prefix, key }, { expiration: expires, metadata });
        if (prefix.startsWith("token:")) await dropTokens(redis, prefix, seconds());
      }
      if (ttl === null) await redis.set(recordKey(key), value);
      else await redis.set(recordKey(key), value, { ex: Math.max(1, Math.ceil(ttl)) });
    },
    async delete(key) {
      await redis.del(recordKey(key));
      const prefix = indexedPrefix(key);
      if (prefix !== null) await redis.hdel(indexKey(prefix), key);
    },
    async list({ prefix = "" }) {
      if (indexedPrefix(`${prefix}any`) !== prefix) {
        throw new DiscoError("internal", `Records are not listed by ${JSON.stringify(prefix)}.`);
      }
      const { live, gone } = sortOut(await readIndex(redis, prefix), seconds());
      if (gone.length > 0) await redis.hdel(indexKey(prefix), ...gone);
      const keys = live.map(({ name, metadata }) =>
        metadata === undefined ? { name } : { name, metadata },
      );
      return { keys, list_complete: true };
    },
  };
}

async function remember(
  redis: Redis,
  { prefix, key }: { readonly prefix: string; readonly key: string },
  entry: z.input<typeof IndexEntry>,
): Promise<void> {
  const batch = redis.multi();
  batch.hset(indexKey(prefix), { [key]: JSON.stringify(entry) });
  batch.expire(indexKey(prefix), INDEX_TTL_S);
  await batch.exec();
}

async function readIndex(redis: Redis, prefix: string): Promise<readonly string[]> {
  return ((await redis.hgetall(indexKey(prefix))) as readonly string[] | null) ?? [];
}

/** What has expired leaves the index; of what is too many, the records go as well. */
async function dropTokens(redis: Redis, prefix: string, now: number): Promise<void> {
  const { live, gone } = sortOut(await readIndex(redis, prefix), now);
  const oldest = live
    .toSorted((one, other) => (one.expiration ?? Infinity) - (other.expiration ?? Infinity))
    .slice(0, Math.max(0, live.length - GRANT_TOKENS_MAX))
    .map(({ name }) => name);
  if (oldest.length > 0) await redis.del(...oldest.map(recordKey));
  const dropped = [...gone, ...oldest];
  if (dropped.length > 0) await redis.hdel(indexKey(prefix), ...dropped);
}

/** Fields and values in turn; what has expired is told apart. */
function sortOut(fields: readonly string[], now: number): { live: IndexedKey[]; gone: string[] } {
  const live: IndexedKey[] = [];
  const gone: string[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = fields[index] ?? "";
    const entry = IndexEntry.parse(JSON.parse(fields[index + 1] ?? ""));
    if (entry.expiration !== null && entry.expiration <= now) gone.push(name);
    else live.push({ name, ...entry });
  }
  return { live, gone };
}
