import type { Hono } from "hono";
import type { AppContext, AppEnv } from "../../http/app-env.ts";
import { servingConfig } from "../../http/configured.ts";
import { addRoute } from "../../http/routes.ts";
import { createRedis } from "../../store/redis.ts";
import { clientCredentials } from "./client-credentials.ts";
import { type Form, readForm } from "./form.ts";
import { endGrant, type GrantName, grantOf, libraryId, readGrant } from "./grant-end.ts";
import { oauthError, oauthErrorOf } from "./oauth-error.ts";
import { redeemCode } from "./redeem-code.ts";
import { rotateRefresh } from "./rotate-refresh.ts";
import { type OAuthServer, oauthServer, paths } from "./server.ts";

/** Where clients get tokens and give them back; programs only, so there are no cookies here. */
export function addTokenRoutes(app: Hono<AppEnv>): void {
  addRoute(app, paths.token, { POST: (context) => answer(context, issueToken) });
  addRoute(app, paths.revoke, { POST: (context) => answer(context, revokeToken) });
}

type Serve = (context: AppContext, server: OAuthServer, form: Form) => Promise<Response>;

async function answer(context: AppContext, serve: Serve): Promise<Response> {
  servingConfig(context);
  try {
    const form = await readForm(context.req.raw);
    const response = await serve(context, oauthServer(context), form);
    return withoutStore(response);
  } catch (error) {
    return oauthErrorOf(error);
  }
}

function issueToken(context: AppContext, server: OAuthServer, form: Form): Promise<Response> {
  const { fields, text } = form;
  const redis = createRedis(context.env);
  const exchange = (): Promise<Response> => server.fetch(libraryRequest(context, server, form));
  const grantType = fields.get("grant_type");
  if (grantType === null) {
    return Promise.resolve(oauthError("invalid_request", "grant_type is missing."));
  }
  const code = fields.get("code") ?? "";
  const token = fields.get("refresh_token") ?? "";
  if (grantType === "authorization_code") {
    const name = grantOf(code);
    if (name !== null) return redeemCode(server, redis, { code, name }, exchange);
  }
  if (grantType === "refresh_token") {
    const name = grantOf(token);
    const request = `${context.req.header("Authorization") ?? ""}\n${text}`;
    if (name !== null) return rotateRefresh(server, redis, { token, name, request }, exchange);
  }
  // What has not even the form of a code or token is refused by the library, in its own words.
  return exchange();
}

/**
 * RFC 7009. The library serves it at the token endpoint, where a grant type would change its meaning. A
 * refresh that is under way would write the grant back which the library deletes, so that it is ended
 * here once more, and noted.
 */
async function revokeToken(
  context: AppContext,
  server: OAuthServer,
  form: Form,
): Promise<Response> {
  form.fields.delete("grant_type");
  const token = form.fields.get("token") ?? "";
  if (token === "") return oauthError("invalid_request", "token is missing.");
  const { id } = clientCredentials(context.req.header("Authorization"), form.fields);
  const ended = await refreshedGrant(server, token, id);
  const text = form.fields.toString();
  const response = await server.fetch(libraryRequest(context, server, { ...form, text }));
  // Only then has the client proved who it is.
  if (response.ok && ended !== null) await endGrant(server, createRedis(context.env), ended);
  return response;
}

/** @returns the grant of this client that the token refreshes, or did before its last rotation */
async function refreshedGrant(
  server: OAuthServer,
  token: string,
  client: string,
): Promise<GrantName | null> {
  const name = grantOf(token);
  const grant = name === null ? null : await readGrant(server, name);
  if (grant?.clientId !== client) return null;
  const known = [grant.refreshTokenId, grant.previousRefreshTokenId];
  return known.includes(await libraryId(token)) ? name : null;
}

/** As the library wants it: on the issuer's own origin, without what only browsers send. */
function libraryRequest(context: AppContext, { issuer }: OAuthServer, { text }: Form): Request {
  const headers = new Headers({ "Content-Type": "application/x-www-form-urlencoded" });
  const authorization = context.req.header("Authorization");
  if (authorization !== undefined) headers.set("Authorization", authorization);
  return new Request(issuer + paths.token, { method: "POST", headers, body: text });
}

function withoutStore(response: Response): Response {
  const own = new Response(response.body, response);
  own.headers.set("Cache-Control", "no-store");
  return own;
}
