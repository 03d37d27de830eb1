import { DiscoError } from "#protocol/errors.ts";
import { type ApiKey, createApiKeys } from "../store/api-keys.ts";
import { ExpiringMap } from "../store/expiring-map.ts";
import { createRedis, type StoreEnvironment } from "../store/redis.ts";
import { ADMITTED_MS } from "./admission.ts";
import type { Credential } from "./credential.ts";

const BELIEVED_MAX = 2_000;

const believed = new WeakMap<object, ExpiringMap<string, ApiKey>>();

/**
 * What an API key allows. A key that was found is believed for a moment; revoking one ends its session
 * too, which is asked for each time.
 *
 * @throws DiscoError `unauthenticated`, `store_unavailable`
 */
export async function verifyApiKey(env: StoreEnvironment, text: string): Promise<Credential> {
  const known = believed.get(env) ?? new ExpiringMap<string, ApiKey>(ADMITTED_MS, BELIEVED_MAX);
  believed.set(env, known);
  // Kept when it was found alone: a belief that each use renewed would never end.
  const key =
    known.get(text) ?? keep(known, text, await createApiKeys(createRedis(env)).find(text));
  return {
    user: key.user,
    clientId: key.id,
    clientName: key.name,
    scopes: key.scopes,
    session: key.session,
    issuedAt: Math.floor(key.createdAt / 1_000),
  };
}

function keep(known: ExpiringMap<string, ApiKey>, text: string, key: ApiKey | undefined): ApiKey {
  if (key === undefined) throw new DiscoError("unauthenticated", "The API key is not valid.");
  return known.set(text, key);
}
