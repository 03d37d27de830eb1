import * as z from "zod";
import { openPullRequest, listRepositories } from "./github-routes.ts";
import { defineRoute } from "./identity-route.ts";
import { scopes } from "./operation.ts";
import { InstanceType } from "./sessions.ts";

const when = (what: string) => z.string().describe(`${what}: date and time, ISO 8601 in UTC.`);
const container = z.object({ id: z.string(), name: z.string() });
const client = z.object({
  id: z.string(),
  name: z.string().describe("What the client calls itself."),
});
const session = z.object({
  id: z.string().describe("Id of the session."),
  client,
  type: InstanceType.describe("What kind of client it is."),
  container: z
    .string()
    .nullable()
    .describe("Id of the container that it is bound to; null: the user's default one."),
  current: z.boolean().describe("It is the caller's own."),
  created: when("Opened"),
  used: when("Used last, to the minute").nullable(),
});
const tokens = z.object({
  token_type: z.literal("Bearer"),
  access_token: z.string().describe("For `Authorization: Bearer`."),
  expires_in: z.int().describe("Seconds that the access token lives."),
  refresh_token: z.string().describe("For one refresh, which gives the next one."),
  refresh_expires_in: z.int().describe("Seconds until only a new login helps."),
  scope: z.string().describe("Scopes, separated by spaces."),
});
const refreshToken = z.string().min(1).max(1_024).describe("The latest refresh token.");

const login = defineRoute({
  method: "POST",
  path: "/api/v1/auth/login",
  title: "Log in with an API key",
  description:
    "Trades an API key, which the user makes in the sandbox page, for an access token of 15 minutes and " +
    "a refresh token.",
  noun: "auth",
  needs: null,
  body: z.strictObject({ api_key: z.string().min(1).max(256) }),
  output: tokens,
  errors: ["unauthenticated", "store_unavailable"],
});

const refresh = defineRoute({
  method: "POST",
  path: "/api/v1/auth/refresh",
  title: "Refresh an access token",
  description:
    "Gives a new access token and the next refresh token. A refresh token that was used before ends the " +
    "whole login, except within ten seconds, when its answer may have been lost.",
  noun: "auth",
  needs: null,
  body: z.strictObject({ refresh_token: refreshToken }),
  output: tokens,
  errors: ["unauthenticated", "store_unavailable"],
});

const logout = defineRoute({
  method: "POST",
  path: "/api/v1/auth/logout",
  title: "Log out",
  description:
    "Ends a login: its refresh token at once, its access tokens within ten seconds. The API key stays.",
  noun: "auth",
  needs: null,
  body: z.strictObject({ refresh_token: refreshToken }),
  output: null,
  errors: ["unauthenticated", "store_unavailable"],
});

const verify = defineRoute({
  method: "GET",
  path: "/api/v1/auth/verify",
  title: "Verify a token",
  description: "Tells who the bearer token acts for, what it may do and where; 401 for a bad one.",
  noun: "auth",
  needs: "any",
  body: null,
  output: z.object({
    user: z.object({ id: z.string() }),
    client,
    scopes: z.array(z.enum(scopes)),
    session: z.object({ id: z.string(), type: InstanceType, container: container.nullable() }),
  }),
  errors: ["store_unavailable"],
});

const status = defineRoute({
  method: "GET",
  path: "/api/v1/auth/status",
  title: "Sign-in status",
  description: "Tells whether the request carries a valid token, and how one can be had here.",
  noun: "auth",
  needs: null,
  body: null,
  output: z.object({
    authenticated: z.boolean(),
    methods: z.array(z.enum(["oauth", "api_key", "local_token"])).describe("Ways to a token."),
  }),
  errors: ["store_unavailable"],
});

const listSessions = defineRoute({
  method: "GET",
  path: "/api/v1/sessions",
  title: "List sessions",
  description:
    "Lists the user's clients: each has one session, which is bound to one container. The user changes " +
    "the binding in the sandbox page.",
  noun: "sessions",
  needs: "sessions:read",
  body: null,
  output: z.object({ sessions: z.array(session), count: z.int().nonnegative() }),
  errors: ["store_unavailable"],
});

const endSession = defineRoute({
  method: "DELETE",
  path: "/api/v1/sessions/{session}",
  title: "End a session",
  description:
    "Ends a client's session, and with it all that the client was given; an API key is revoked. It takes " +
    "effect within ten seconds. Ending it again is no error.",
  noun: "sessions",
  needs: "sessions:write",
  body: null,
  output: z.object({
    session: z.string(),
    existed: z.boolean().describe("False: it had ended before."),
  }),
  errors: ["store_unavailable"],
});

const sessionState = defineRoute({
  method: "GET",
  path: "/api/v1/sessions/{session}/state",
  title: "State of a session",
  description: "Tells what a session is bound to, and whether that container runs now. No secrets.",
  noun: "sessions",
  needs: "sessions:read",
  body: null,
  output: z.object({
    ...session.shape,
    container,
    state: z.enum(["waiting_for_tab", "booting", "ready", "error", "unknown"]),
    shared_with: z.int().nonnegative().describe("Other clients bound to the same container."),
  }),
  errors: ["session_not_found", "store_unavailable"],
});

const sessionsHealth = defineRoute({
  method: "GET",
  path: "/health/sessions",
  title: "Health of sessions",
  description: "Counts the user's sessions and containers, and how many of these run in a tab now.",
  noun: "sessions",
  needs: "sessions:read",
  body: null,
  output: z.object({
    status: z.literal("ok"),
    sessions: z.object({
      count: z.int().nonnegative(),
      max: z.int(),
      used_within_an_hour: z.int().nonnegative(),
      by_type: z.record(InstanceType, z.int().nonnegative()),
    }),
    containers: z.object({
      count: z.int().nonnegative(),
      attached: z.int().nonnegative().describe("A sandbox page runs them now."),
    }),
  }),
  errors: ["store_unavailable"],
});

/** In the order in which the documents list them; the key is the operationId. */
export const identityRoutes = {
  login,
  refresh,
  logout,
  verify_token: verify,
  sign_in_status: status,
  list_sessions: listSessions,
  end_session: endSession,
  session_state: sessionState,
  sessions_health: sessionsHealth,
  list_repositories: listRepositories,
  open_pull_request: openPullRequest,
} as const;

export type IdentityRouteId = keyof typeof identityRoutes;
type Part<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;
export type RouteBody<Id extends IdentityRouteId> = Part<(typeof identityRoutes)[Id]["body"]>;
export type RouteOutput<Id extends IdentityRouteId> = Part<(typeof identityRoutes)[Id]["output"]>;
