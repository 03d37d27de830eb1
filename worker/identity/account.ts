import { scopes } from "#protocol/operation.ts";
import type { AppContext } from "../http/app-env.ts";
import { type ApiKey, createApiKeys, prefixOf } from "../store/api-keys.ts";
import { createContainers } from "../store/containers.ts";
import { createRedis } from "../store/redis.ts";
import { createSessions, type Session } from "../store/sessions.ts";
import { createUsers } from "../store/users.ts";
import { stateOf } from "../relay/container-state.ts";
import { listGrants, type OAuthGrant } from "./oauth/grants.ts";
import { scopeWords } from "./oauth/scope-words.ts";

interface Person {
  /** Id of the user. */
  readonly sub: string;
  readonly name: string;
}

/** Who is signed in, and what the person gave away: the page shows it, and nothing of it is secret. */
export async function describeAccount(context: AppContext, person: Person): Promise<object> {
  const redis = createRedis(context.env);
  const { sub: user } = person;
  const [record, sessions, keys, containers, grants] = await Promise.all([
    createUsers(redis).get(user),
    createSessions(redis).list(user),
    createApiKeys(redis).list(user),
    createContainers(redis).list(user),
    listGrants(context, user),
  ]);
  return {
    user: { id: user, name: record?.name ?? person.name, login: record?.login ?? null },
    clients: sessions.map((session) => clientOf(session, keys, grants)),
    containers: await Promise.all(
      containers.map(async ({ id, name }) => ({
        id,
        name,
        state: await stateOf(context.get("containers").link(id)),
      })),
    ),
    api_keys: keys.map((key) => ({
      id: key.id,
      name: key.name,
      prefix: prefixOf(key),
      scopes: key.scopes,
      created_at: key.createdAt,
      session: key.session,
    })),
    scopes: scopes.map((scope) => ({ scope, words: scopeWords[scope] })),
  };
}

/** A client, and how it came in: that is what it cannot lie about. */
function clientOf(
  session: Session,
  keys: readonly ApiKey[],
  grants: readonly OAuthGrant[],
): object {
  const { id, client, type, container, createdAt, usedAt } = session;
  const key = keys.find((one) => one.session === id);
  const grant = grants.find((one) => one.session === id);
  return {
    session: id,
    name: client.name,
    type,
    container,
    created_at: createdAt,
    used_at: usedAt,
    came_by: key ? "api_key" : grant ? "oauth" : "local_token",
    host: grant?.redirectHost ?? null,
    scopes: key?.scopes ?? grant?.scopes ?? [...scopes],
  };
}
