import type { Redis } from "@upstash/redis";
import { DiscoError } from "#protocol/errors.ts";
import { createContainers } from "../store/containers.ts";
import { ExpiringMap } from "../store/expiring-map.ts";
import { createRedis, type StoreEnvironment } from "../store/redis.ts";
import { createSessions, type Session } from "../store/sessions.ts";
import { createUsers } from "../store/users.ts";
import type { Credential } from "./credential.ts";
import type { Principal } from "./principal.ts";
import { createRefreshFamilies } from "../store/refresh-families.ts";

/**
 * Milliseconds that an admission is believed without asking the store again. Open streams ask about as
 * often; both together are the time after which a revocation has taken effect everywhere: below 10 s.
 */
export const ADMITTED_MS = 4_000;
const ADMITTED_MAX = 2_000;

/** Milliseconds between two notes that a session is used. */
const USE_NOTED_MS = 60_000;

/** What the store says of a credential, as long as it is believed. */
interface Facts {
  /** Seconds since the epoch. */
  readonly notBefore: number;
  readonly session: Principal["session"];
}

const believedFacts = new WeakMap<object, ExpiringMap<string, Facts>>();

/**
 * Whether a credential still counts, and on which container its client works.
 *
 * @param local whether this machine's own token counts, whose user needs no record
 * @throws DiscoError `unauthenticated`, `store_unavailable`
 */
export async function admit(
  credential: Credential,
  env: StoreEnvironment,
  local: boolean,
): Promise<Principal> {
  const { user, clientId, clientName, scopes, session, family, issuedAt } = credential;
  const believed =
    believedFacts.get(env) ?? new ExpiringMap<string, Facts>(ADMITTED_MS, ADMITTED_MAX);
  believedFacts.set(env, believed);
  const key = JSON.stringify([user, clientId, session, family]);
  const facts =
    believed.get(key) ?? believed.set(key, await lookUp(credential, createRedis(env), local));
  if (issuedAt <= facts.notBefore) throw refused("The user has signed out everywhere since.");
  return { user, client: { id: clientId, name: clientName }, scopes, session: facts.session };
}

/** What is revoked or changed in this isolate counts here at once. */
export function forgetAdmissions(env: object): void {
  believedFacts.delete(env);
}

async function lookUp(credential: Credential, redis: Redis, local: boolean): Promise<Facts> {
  const [notBefore, session] = await Promise.all([
    notBeforeOf(credential.user, redis, local),
    openSession(credential, redis, local),
    requireFamily(credential, redis),
  ]);
  const containers = createContainers(redis);
  const [bound, defaultId] = await Promise.all([
    session.container === null ? undefined : containers.get(session.container),
    containers.defaultId(credential.user),
  ]);
  if (Date.now() - (session.usedAt ?? 0) > USE_NOTED_MS) {
    await createSessions(redis).noteUse(credential.user, session.id);
  }
  const { id, type } = session;
  // A container that is gone leaves its clients to the user's default one.
  if (bound?.user !== credential.user) {
    return { notBefore, session: { id, type, container: null, isDefault: true } };
  }
  const container = { id: bound.id, name: bound.name };
  return { notBefore, session: { id, type, container, isDefault: bound.id === defaultId } };
}

async function notBeforeOf(id: string, redis: Redis, local: boolean): Promise<number> {
  const standing = await createUsers(redis).standing(id);
  if (!standing.exists && !local) throw refused("The user does not exist any more.");
  return standing.notBefore;
}

async function openSession(
  { user, clientId, clientName, session: id }: Credential,
  redis: Redis,
  local: boolean,
): Promise<Session> {
  const sessions = createSessions(redis);
  if (id === null && local) {
    const client = { id: clientId, name: clientName };
    return sessions.findOrOpen({ user, client, type: "api", container: null });
  }
  const session = id === null ? undefined : await sessions.get(user, id);
  if (session?.client.id === clientId) return session;
  throw refused("The client's session has ended.");
}

async function requireFamily({ user, family }: Credential, redis: Redis): Promise<void> {
  if (family === undefined || (await createRefreshFamilies(redis).isOpen(user, family))) return;
  throw refused("The sign-in that this token comes from has ended.");
}

function refused(message: string): DiscoError {
  return new DiscoError("unauthenticated", message);
}
