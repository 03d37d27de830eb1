import type { Hono } from "hono";
import * as z from "zod";
import { DiscoError } from "#protocol/errors.ts";
import type { AppContext, AppEnv } from "../../http/app-env.ts";
import { servingConfig } from "../../http/configured.ts";
import { addRoute } from "../../http/routes.ts";
import { admit } from "../admission.ts";
import { isOAuthToken, readAccessToken } from "./access-tokens.ts";
import { clientCredentials } from "./client-credentials.ts";
import { type Form, readForm } from "./form.ts";
import { libraryId } from "./grant-end.ts";
import { oauthError, oauthErrorOf } from "./oauth-error.ts";
import { oauthServer, paths } from "./server.ts";

/** What is read of a client's record to know the client again. */
const KnownClient = z.object({ clientId: z.string(), clientSecret: z.string().optional() });

const INACTIVE = { active: false };

/**
 * Token introspection (RFC 7662): tells a client what its own access token is good for. Of another
 * one's token it says what it says of none.
 */
export function addIntrospectionRoute(app: Hono<AppEnv>): void {
  addRoute(app, paths.introspect, { POST: introspect });
}

async function introspect(context: AppContext): Promise<Response> {
  servingConfig(context);
  try {
    const form = await readForm(context.req.raw);
    const client = await authenticateClient(context, form);
    if (client === null) return oauthError("invalid_client", "The client is not known.", 401);
    const token = form.fields.get("token") ?? "";
    if (token === "") return oauthError("invalid_request", "token is missing.");
    const answer = await describe(context, token, client);
    return context.json(answer, 200, { "Cache-Control": "no-store" });
  } catch (error) {
    return oauthErrorOf(error);
  }
}

/** @returns id of the client that proved itself in one of the ways of RFC 6749, section 2.3 */
async function authenticateClient(context: AppContext, { fields }: Form): Promise<string | null> {
  const { id, secret } = clientCredentials(context.req.header("Authorization"), fields);
  if (id === "") return null;
  const record = await oauthServer(context).records.get(`client:${id}`, { type: "json" });
  const known = KnownClient.safeParse(record);
  if (!known.success) return null;
  const { clientSecret: wanted } = known.data;
  if (wanted === undefined) return secret === null ? id : null;
  return secret !== null && (await libraryId(secret)) === wanted ? id : null;
}

async function describe(context: AppContext, token: string, client: string): Promise<object> {
  if (!isOAuthToken(token)) return INACTIVE;
  try {
    const { credential, expiresAt, audience } = await readAccessToken(context, token);
    if (credential.clientId !== client) return INACTIVE;
    await admit(credential, context.env, servingConfig(context).mode === "local");
    return {
      active: true,
      iss: context.get("origins").app,
      aud: audience,
      sub: credential.user,
      client_id: client,
      scope: credential.scopes.join(" "),
      token_type: "Bearer",
      iat: credential.issuedAt,
      exp: Math.floor(expiresAt / 1_000),
    };
  } catch (error) {
    if (error instanceof DiscoError && error.code === "unauthenticated") return INACTIVE;
    throw error;
  }
}
