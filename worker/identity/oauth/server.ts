import {
  type AuthRequest,
  OAuthAuthorizationServer,
  type OAuthHelpers,
} from "@cloudflare/workers-oauth-provider";
import { type Scope, scopes } from "#protocol/operation.ts";
import { toolOperations } from "#protocol/registry.ts";
import type { AppContext } from "../../http/app-env.ts";
import { createOAuthRecords, type OAuthRecords } from "../../store/oauth-records.ts";
import { createRedis } from "../../store/redis.ts";
import { createClientDirectory } from "./client-directory.ts";

/** Seconds. Short, because a stolen one is good for so long at most (docs/threat-model.md). */
const ACCESS_TOKEN_TTL_S = 15 * 60;

/** Seconds without a refresh after which a client must ask the person again. */
export const GRANT_IDLE_TTL_S = 30 * 24 * 3_600;

/** Seconds that a registration is kept after its client was last given a token. */
export const CLIENT_TTL_S = 30 * 24 * 3_600;

/** Asked for by clients that want a refresh token (OpenID Connect Core, section 11); all get one. */
export const OFFLINE_ACCESS = "offline_access";

/** Paths on the app's origin; clients that read no metadata guess these (MCP 2025-03-26, 2.3.3). */
export const paths = {
  authorize: "/authorize",
  token: "/token",
  revoke: "/revoke",
  register: "/register",
  introspect: "/introspect",
} as const;

/** What a grant says of itself to whoever holds one of its tokens: nothing secret. */
export interface GrantProps {
  readonly user: string;
  /** Id of the durable session that the client was bound to at consent. */
  readonly session: string;
  /** The client's own claim, as the consent page showed it. */
  readonly client_name: string;
}

interface OAuthEnvironment {
  readonly OAUTH_KV: OAuthRecords;
}

/** The authorization server of one request's origin, and its records. */
export interface OAuthServer {
  readonly issuer: string;
  readonly helpers: OAuthHelpers;
  readonly records: OAuthRecords;
  /** Serves token, revocation and registration requests of the library's own. */
  fetch(request: Request): Promise<Response>;
}

const servers = new Map<string, OAuthAuthorizationServer<OAuthEnvironment>>();

/** The resources that tokens are made for (RFC 8707): the MCP face, and everything of this origin. */
export function resourcesOf(app: string): [string, string] {
  return [`${app}/mcp`, app];
}

function serverOf(issuer: string): OAuthAuthorizationServer<OAuthEnvironment> {
  let server = servers.get(issuer);
  if (server === undefined) {
    const [mcp, all] = resourcesOf(issuer);
    server = new OAuthAuthorizationServer<OAuthEnvironment>({
      issuer,
      resources: [mcp, all],
      defaultResource: mcp,
      legacyGrantResource: mcp,
      authorizeEndpoint: issuer + paths.authorize,
      tokenEndpoint: issuer + paths.token,
      clientRegistrationEndpoint: issuer + paths.register,
      scopesSupported: [...scopes, OFFLINE_ACCESS],
      accessTokenTTL: ACCESS_TOKEN_TTL_S,
      refreshTokenTTL: GRANT_IDLE_TTL_S,
      refreshTokenIdleTTL: GRANT_IDLE_TTL_S,
      clientRegistrationTTL: CLIENT_TTL_S,
      // Documents are fetched by our own guarded client; see client-directory.ts.
      clientIdMetadataDocumentEnabled: false,
      // The request's log line tells status and code; the library would write one more.
      onError: () => {},
    });
    servers.set(issuer, server);
  }
  return server;
}

export function oauthServer(context: AppContext): OAuthServer {
  const issuer = context.get("origins").app;
  const redis = createRedis(context.env);
  const clients = createClientDirectory(context, redis);
  const records = createOAuthRecords(redis, (id) => clients.find(id));
  const server = serverOf(issuer);
  const env = { OAUTH_KV: records };
  return {
    issuer,
    records,
    helpers: server.getOAuthApi(env),
    fetch: (request) => server.fetch(request, env, context.executionCtx as ExecutionContext),
  };
}

/** What the tools of the MCP face need; more is asked for by whoever wants more. */
export const toolScopes: readonly Scope[] = scopes.filter((scope) =>
  toolOperations.some((operation) => operation.scope === scope),
);

/** The scopes of the catalogue among those that were asked for; those of the tools when none was. */
export function grantableScopes({ scope }: Pick<AuthRequest, "scope">): Scope[] {
  const asked = scope.filter((one) => one !== OFFLINE_ACCESS);
  return asked.length === 0 ? [...toolScopes] : scopes.filter((one) => asked.includes(one));
}
