import { DiscoError } from "#protocol/errors.ts";
import type { RouteOutput } from "#protocol/identity-routes.ts";
import { InstanceType } from "#protocol/sessions.ts";
import type { AppContext } from "../http/app-env.ts";
import type { IdentityHandlers } from "../http/identity-routes.ts";
import { createContainers } from "../store/containers.ts";
import { createRedis } from "../store/redis.ts";
import { createSessions, type Session, SESSIONS_MAX } from "../store/sessions.ts";
import { type ContainerState, stateOf } from "../relay/container-state.ts";
import { endClient } from "./revocation.ts";

const HOUR_MS = 3_600_000;

/** The sessions of the caller's user; what a face may see of them. */
export const sessionHandlers: IdentityHandlers<
  "list_sessions" | "end_session" | "session_state" | "sessions_health"
> = {
  async list_sessions({ context, principal: { user, session } }) {
    const sessions = await createSessions(createRedis(context.env)).list(user);
    return { sessions: sessions.map((one) => shown(one, session.id)), count: sessions.length };
  },

  async end_session({ context, principal: { user } }) {
    const session = asked(context);
    return { session, existed: (await endClient(context, user, session)) !== undefined };
  },

  async session_state({ context, principal: { user, session: own } }) {
    const redis = createRedis(context.env);
    const sessions = await createSessions(redis).list(user);
    const session = sessions.find(({ id }) => id === asked(context));
    if (session === undefined) {
      throw new DiscoError("session_not_found", `There is no session ${quoted(asked(context))}.`);
    }
    const bound =
      session.container === null ? undefined : await createContainers(redis).get(session.container);
    const isOwn = bound !== undefined && bound.user === user;
    const container = isOwn ? bound : await context.get("containers").resolve(user, undefined);
    const others = sessions.filter(
      (one) => one.container === session.container && one.id !== session.id,
    );
    return {
      ...shown(session, own.id),
      container: { id: container.id, name: container.name },
      state: await stateOf(context.get("containers").link(container.id)),
      shared_with: others.length,
    };
  },

  async sessions_health({ context, principal: { user } }) {
    const redis = createRedis(context.env);
    const sessions = await createSessions(redis).list(user);
    const containers = await createContainers(redis).list(user);
    const states = await Promise.all(
      containers.map(({ id }) => stateOf(context.get("containers").link(id))),
    );
    const since = Date.now() - HOUR_MS;
    return {
      status: "ok",
      sessions: {
        count: sessions.length,
        max: SESSIONS_MAX,
        used_within_an_hour: sessions.filter(({ usedAt }) => (usedAt ?? 0) > since).length,
        by_type: countTypes(sessions),
      },
      containers: { count: containers.length, attached: states.filter(isAttached).length },
    };
  },
};

const isAttached = (state: ContainerState): boolean =>
  state !== "waiting_for_tab" && state !== "unknown";

const asked = (context: AppContext): string => context.req.param("session") ?? "";
const quoted = (text: string): string => JSON.stringify(text.slice(0, 100));

function countTypes(sessions: readonly Session[]): Record<InstanceType, number> {
  const count = (type: InstanceType): number => sessions.filter((one) => one.type === type).length;
  return Object.fromEntries(InstanceType.options.map((type) => [type, count(type)])) as Record<
    InstanceType,
    number
  >;
}

/** A session as callers see it. */
function shown(
  { id, client, type, container, createdAt, usedAt }: Session,
  own: string,
): RouteOutput<"list_sessions">["sessions"][number] {
  return {
    id,
    client,
    type,
    container,
    current: id === own,
    created: new Date(createdAt).toISOString(),
    used: usedAt === null ? null : new Date(usedAt).toISOString(),
  };
}
