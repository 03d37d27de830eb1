import type { Hono } from "hono";
import { scopes } from "#protocol/operation.ts";
import type { AppContext, AppEnv } from "../../http/app-env.ts";
import { addRoute } from "../../http/routes.ts";
import { KEY_SET_PATH } from "../key-set.ts";
import { OFFLINE_ACCESS, paths, resourcesOf, toolScopes } from "./server.ts";

/** `none` is what clients with a document, and native programs, use: PKCE alone. */
const CLIENT_AUTHENTICATION = ["none", "client_secret_basic", "client_secret_post"] as const;

const RESOURCE_METADATA = "/.well-known/oauth-protected-resource";

/** Where clients learn how to ask for a token; each finds it in its own way. */
export function addOAuthMetadataRoutes(app: Hono<AppEnv>): void {
  addRoute(app, "/.well-known/oauth-authorization-server", { GET: authorizationServer });
  // Clients of the MCP specification ask here too (2025-11-25, authorization server discovery).
  addRoute(app, "/.well-known/openid-configuration", { GET: openidConfiguration });
  addRoute(app, RESOURCE_METADATA, { GET: (context) => resource(context, "") });
  addRoute(app, `${RESOURCE_METADATA}/mcp`, { GET: (context) => resource(context, "/mcp") });
}

/** Address of the description of the MCP face (RFC 9728, section 3.1), for challenges. */
export function resourceMetadataUrl(app: string): string {
  return `${app}${RESOURCE_METADATA}/mcp`;
}

/** RFC 8414, section 2. */
function authorizationServer(context: AppContext): Response {
  return described(context, serverMetadata(context.get("origins").app));
}

/**
 * OpenID Connect Discovery 1.0, section 3, which calls for two members more. There are no ID tokens:
 * the scope `openid` is not among the supported ones.
 */
function openidConfiguration(context: AppContext): Response {
  return described(context, {
    ...serverMetadata(context.get("origins").app),
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["EdDSA"],
  });
}

function serverMetadata(app: string): object {
  return {
    issuer: app,
    authorization_endpoint: app + paths.authorize,
    token_endpoint: app + paths.token,
    registration_endpoint: app + paths.register,
    revocation_endpoint: app + paths.revoke,
    introspection_endpoint: app + paths.introspect,
    jwks_uri: app + KEY_SET_PATH,
    protected_resources: resourcesOf(app),
    scopes_supported: [...scopes, OFFLINE_ACCESS],
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: ["authorization_code", "refresh_token"],
    token_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
    revocation_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
    introspection_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
    service_documentation: `${app}/docs`,
  };
}

/** RFC 9728, section 2. */
function resource(context: AppContext, path: "" | "/mcp"): Response {
  const { app } = context.get("origins");
  return described(context, {
    resource: app + path,
    authorization_servers: [app],
    // Clients ask for all that stands here (MCP 2025-11-25, scope selection).
    scopes_supported: path === "/mcp" ? toolScopes : scopes,
    bearer_methods_supported: ["header"],
    resource_name: "Disco",
    resource_documentation: `${app}/docs`,
  });
}

function described(context: AppContext, document: object): Response {
  return context.json(document, 200, { "Cache-Control": "public, max-age=300" });
}
