import { Hono } from "hono";
import { DiscoError } from "#protocol/errors.ts";
import { configOf } from "./config.ts";
import { EGRESS_PATH, egressProxy } from "./egress/egress-proxy.ts";
import { addGrantRoutes } from "./egress/grant-routes.ts";
import type { EgressLimits } from "./egress/limits.ts";
import { GIT_PATH, gitProxy } from "./git/git-proxy.ts";
import { addGitRoutes } from "./git/git-routes.ts";
import type { AppEnv } from "./http/app-env.ts";
import { cors } from "./http/cors.ts";
import { addDiscoveryRoutes } from "./http/discovery.ts";
import { addDocsRoutes } from "./http/docs.ts";
import { handleError } from "./http/errors.ts";
import { addLandingRoute } from "./http/landing.ts";
import { addIdentityRoutes } from "./http/identity-routes.ts";
import { MCP_PATHS, addMcpRoutes } from "./http/mcp-route.ts";
import { resolveOrigins } from "./http/origins.ts";
import { addPageRoutes, containerHosts } from "./http/page-routes.ts";
import { requestLog } from "./http/request-log.ts";
import { ACTIONS_PATH, API_PATH, addRestRoutes } from "./http/rest.ts";
import { addRoute } from "./http/routes.ts";
import { responseHeaders } from "./http/security-headers.ts";
import { addGithubRoutes } from "./identity/github/github-routes.ts";
import { addRepositoryRoutes } from "./identity/github/repository-routes.ts";
import { addAuthorizeRoute } from "./identity/oauth/authorize.ts";
import { addIntrospectionRoute } from "./identity/oauth/introspection.ts";
import { addOAuthMetadataRoutes } from "./identity/oauth/metadata.ts";
import { addRegistrationRoute } from "./identity/oauth/registration.ts";
import { addTokenRoutes } from "./identity/oauth/token-endpoint.ts";
import { addKeySetRoute } from "./identity/key-set.ts";
import { addAccountRoutes } from "./identity/account-routes.ts";
import { upgradeToRelay } from "./identity/relay-upgrade.ts";
import { addSignInRoutes } from "./identity/sign-in.ts";
import { REGISTRY_PATH, registryProxy } from "./registry/registry-proxy.ts";
import { createDirectory } from "./relay/directory.ts";

/** What programs of any origin may read to find out what this is. */
const PUBLIC_PATHS = [
  "/",
  "/config",
  "/capabilities",
  "/health",
  "/openapi.json",
  "/openapi-actions.json",
  "/token",
  "/register",
  "/revoke",
  "/introspect",
];

/**
 * The worker's routes and middleware, composed here and nowhere else.
 *
 * @param limits other ones than the product's, for tests that reach them in a moment
 */
export function createApp(
  limits: { readonly egress?: EgressLimits; readonly git?: EgressLimits } = {},
): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use(requestLog);
  app.use(responseHeaders);
  app.use(async (context, next) => {
    const config = configOf(context.env);
    context.set("config", config);
    const origins = resolveOrigins(config, new URL(context.req.url));
    if (origins === null) {
      throw new DiscoError("host_not_allowed", "This host name or port is not served here.");
    }
    context.set("origins", origins);
    context.set("containers", createDirectory(context.env));
    await next();
  });
  app.use(`${REGISTRY_PATH}*`, registryProxy());
  app.use(`${EGRESS_PATH}*`, egressProxy(limits.egress));
  app.use(`${GIT_PATH}*`, gitProxy(limits.git));
  app.use(containerHosts);

  for (const path of MCP_PATHS) app.use(path, cors("strict"));
  app.use(`${API_PATH}/*`, cors("strict"));
  app.use(`${ACTIONS_PATH}/*`, cors("strict"));
  app.use("/health/sessions", cors("strict"));
  for (const path of PUBLIC_PATHS) app.use(path, cors("public"));
  app.use("/.well-known/*", cors("public"));

  addLandingRoute(app);
  addDiscoveryRoutes(app);
  addDocsRoutes(app);
  addPageRoutes(app);
  addSignInRoutes(app);
  addAccountRoutes(app);
  addKeySetRoute(app);
  addOAuthMetadataRoutes(app);
  addRegistrationRoute(app);
  addAuthorizeRoute(app);
  addTokenRoutes(app);
  addIntrospectionRoute(app);
  addGithubRoutes(app);
  addRepositoryRoutes(app);
  addGrantRoutes(app);
  addGitRoutes(app);
  addMcpRoutes(app);
  addIdentityRoutes(app);
  addRestRoutes(app);
  addRoute(app, "/relay/:container", { GET: upgradeToRelay });

  app.notFound((context) => {
    throw new DiscoError("route_not_found", `There is no route ${context.req.path.slice(0, 200)}.`);
  });
  app.onError(handleError);
  return app;
}
