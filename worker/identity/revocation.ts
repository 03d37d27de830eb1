import type { AppContext } from "../http/app-env.ts";
import { createApiKeys } from "../store/api-keys.ts";
import { createContainers } from "../store/containers.ts";
import { createRedis } from "../store/redis.ts";
import { createRefreshFamilies } from "../store/refresh-families.ts";
import { createSessions, type Session } from "../store/sessions.ts";
import { createSignIns } from "../store/sign-ins.ts";
import { createUsers } from "../store/users.ts";
import { forgetAdmissions } from "./admission.ts";
import { forgetSignIns } from "./browser-sign-in.ts";
import { revokeGrants } from "./oauth/grants.ts";
import { BROWSER_TTL_S } from "./token-kinds.ts";

/**
 * Ends one client: its session, which every token of it names, and what the tokens came from.
 *
 * @returns the session that has ended; undefined when there was none
 */
export async function endClient(
  context: AppContext,
  user: string,
  session: string,
): Promise<Session | undefined> {
  const redis = createRedis(context.env);
  const ended = await createSessions(redis).end(user, session);
  forgetAdmissions(context.env);
  if (ended === undefined) return undefined;
  await createApiKeys(redis).remove(user, ended.client.id);
  await revokeGrants(context, user, ended.client.id);
  return ended;
}

/** Makes everything worthless that was issued to a user until now. */
export async function stopCounting(context: AppContext, user: string): Promise<void> {
  await createUsers(createRedis(context.env)).signOutEverywhere(user);
  forgetAdmissions(context.env);
  forgetSignIns(context.env);
}

/**
 * Ends every sign-in and every client of a user. What was issued is worthless with the first command;
 * the rest is cleaning up, and closing what is open.
 */
export async function signOutEverywhere(context: AppContext, user: string): Promise<void> {
  await stopCounting(context, user);
  const redis = createRedis(context.env);
  await createSignIns(redis, BROWSER_TTL_S).endAll(user);
  await createSessions(redis).endAll(user);
  await createRefreshFamilies(redis).endAll(user);
  const keys = createApiKeys(redis);
  await Promise.all((await keys.list(user)).map(({ id }) => keys.remove(user, id)));
  await revokeGrants(context, user);
  await closeTabs(context, user);
}

/**
 * Closes the connections of a user's tabs: all of them, or those that one sign-in opened. A tab that
 * may still come in does so with its next ticket.
 */
export async function closeTabs(
  context: AppContext,
  user: string,
  signIn: string | null = null,
): Promise<void> {
  const containers = await createContainers(createRedis(context.env)).list(user);
  await Promise.all(
    containers.map(({ id }) => context.env.CONTAINER_RELAY.getByName(id).signOut(signIn)),
  );
}
