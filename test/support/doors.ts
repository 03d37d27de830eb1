/**
 * Who each route of the worker is for, besides those that a token opens, which the registry and the
 * list of routes name.
 */
export const doors = {
  /** Anybody: nothing of a user is in the answer. */
  public: [
    "GET /",
    "GET /config",
    "GET /capabilities",
    "GET /health",
    "GET /openapi.json",
    "GET /openapi-actions.json",
    "GET /.well-known/ai-plugin.json",
    "GET /.well-known/jwks.json",
    "GET /.well-known/oauth-authorization-server",
    "GET /.well-known/openid-configuration",
    "GET /.well-known/oauth-protected-resource",
    "GET /.well-known/oauth-protected-resource/mcp",
    "GET /docs",
    "GET /docs/errors",
    "GET /docs/legal",
    "GET /static/pages.css",
    "GET /static/swagger.css",
    "GET /static/copy.js",
    "GET /static/swagger.js",
    "GET /static/consent.css",
    "GET /static/consent.js",
    "GET /favicon.svg",
    "GET /swagger/swagger-ui.css",
    "GET /swagger/swagger-ui-bundle.js",
    "GET /assets/*",
    "GET /sandbox",
  ],
  /** The page, by its exact origin; the body says who, or it need not be said. */
  pageAlone: ["POST /auth/sign-in", "POST /auth/sign-out"],
  /** The person in the page: its exact origin and the cookie. */
  person: [
    "GET /auth/me",
    "POST /auth/tickets",
    "POST /auth/deleted-containers",
    "GET /auth/account",
    "PUT /auth/sessions/:session",
    "DELETE /auth/sessions/:session",
    "POST /auth/api-keys",
    "DELETE /auth/api-keys/:key",
    "POST /auth/sign-out-everywhere",
    "POST /auth/delete-my-data",
    "POST /auth/github/repositories",
    "DELETE /auth/github/repositories",
    "GET /auth/network/:container",
    "POST /auth/network/:container",
    "DELETE /auth/network/:container",
    "POST /auth/network/:container/token",
    "GET /auth/git/:container",
    "POST /auth/git/:container/repositories",
    "DELETE /auth/git/:container/repositories",
    "POST /auth/git/:container/credentials",
    "DELETE /auth/git/:container/credentials",
  ],
  /** OAuth: clients and the person's browser, each by what its RFC says; GitHub in deployments only. */
  oauth: [
    "POST /register",
    "GET /authorize",
    "POST /authorize",
    "POST /token",
    "POST /revoke",
    "POST /introspect",
    "GET /api/v1/auth/github",
    "GET /api/v1/auth/github/callback",
    "GET /auth/github/repositories",
  ],
  /** Clients with a token: the tools. */
  mcp: ["POST /mcp", "DELETE /mcp", "GET /mcp", "GET /sse", "POST /messages"],
  /** A tab with a ticket. */
  tab: ["GET /relay/:container"],
} as const;
