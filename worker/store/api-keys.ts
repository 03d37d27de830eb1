import type { Redis } from "@upstash/redis";
import * as z from "zod";
import { DiscoError } from "#protocol/errors.ts";
import { type Scope, scopes } from "#protocol/operation.ts";
import { base64Url, newId, parseRecord } from "./records.ts";

const ApiKeyRecord = z.object({
  id: z.string().regex(/^key_[0-9a-f]{32}$/),
  /** Id of the user whose key it is. */
  user: z.string().min(1),
  name: z.string().min(1),
  scopes: z.array(z.enum(scopes)),
  /** SHA-256 of the whole key, in hexadecimal: 256 random bits need no slower hash. */
  hash: z.string().length(64),
  /** Id of the session that the key's clients work in. */
  session: z.string().min(16),
  createdAt: z.int().nonnegative(),
});

/** An API key as a durable record; SCHEMA.md shows its keys. The key itself is kept nowhere. */
export type ApiKey = Omit<z.infer<typeof ApiKeyRecord>, "scopes"> & {
  readonly scopes: readonly Scope[];
};

/** Of one user; each is a secret that somebody must look after. */
const API_KEYS_MAX = 32;

/** Bytes of randomness in a key, besides its id. */
const SECRET_BYTES = 32;

const FORM = /^disco_(key_[0-9a-f]{32})_[\w-]{43}$/;

/** Whether a bearer token is an API key, by its form; `disco_key_` is what scanners can look for. */
export function isApiKey(token: string): boolean {
  return FORM.test(token);
}

/** What the list shows of a key, so that a person finds it again. */
export function prefixOf({ id }: Pick<ApiKey, "id">): string {
  return `disco_${id.slice(0, 12)}`;
}

const recordKey = (id: string): string => `api-key:${id}`;
const listKey = (user: string): string => `user:${user}:api-keys`;

/** Every method throws DiscoError `store_unavailable`. */
export interface ApiKeys {
  /** Makes an id and a key; nothing is kept before `keep`. */
  make(): { readonly id: string; readonly text: string };
  /** @throws DiscoError `invalid_input` when the user has as many as one may have */
  keep(text: string, key: Omit<ApiKey, "hash" | "createdAt">): Promise<ApiKey>;
  /** The record of a key that somebody shows; undefined when there is none such. */
  find(text: string): Promise<ApiKey | undefined>;
  /** The oldest first. */
  list(user: string): Promise<ApiKey[]>;
  /** @returns the key that is gone now; undefined when this user had none such */
  remove(user: string, id: string): Promise<ApiKey | undefined>;
}

/** @param now milliseconds since the epoch */
export function createApiKeys(redis: Redis, now: () => number = Date.now): ApiKeys {
  async function get(id: string): Promise<ApiKey | undefined> {
    const text = await redis.get<string>(recordKey(id));
    return text === null ? undefined : parseRecord(text, ApiKeyRecord, "an API key");
  }

  async function list(user: string): Promise<ApiKey[]> {
    const ids = await redis.zrange<string[]>(listKey(user), 0, -1);
    return (await Promise.all(ids.map(get))).flatMap((key) => (key?.user === user ? [key] : []));
  }

  return {
    list,
    make() {
      const id = newId("key");
      const secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
      return { id, text: `disco_${id}_${base64Url(secret)}` };
    },
    async keep(text, given) {
      const key: ApiKey = { ...given, hash: await sha256(text), createdAt: now() };
      if ((await list(key.user)).length >= API_KEYS_MAX) {
        const message = `There are ${API_KEYS_MAX} API keys: revoke one first.`;
        throw new DiscoError("invalid_input", message);
      }
      await redis
        .multi()
        .set(recordKey(key.id), JSON.stringify(key))
        .zadd(listKey(key.user), { score: key.createdAt, member: key.id })
        .exec();
      return key;
    },
    async find(text) {
      const id = FORM.exec(text)?.[1];
      const key = id === undefined ? undefined : await get(id);
      // Both are hashes: how far they agree tells nothing about the key.
      return key !== undefined && key.hash === (await sha256(text)) ? key : undefined;
    },
    async remove(user, id) {
      const key = (await list(user)).find((one) => one.id === id);
      if (key === undefined) return undefined;
      await redis.multi().del(recordKey(id)).zrem(listKey(user), id).exec();
      return key;
    },
  };
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
