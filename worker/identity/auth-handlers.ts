import { DiscoError } from "#protocol/errors.ts";
import type { RouteOutput } from "#protocol/identity-routes.ts";
import type { AppContext } from "../http/app-env.ts";
import { servingConfig } from "../http/configured.ts";
import type { IdentityHandlers } from "../http/identity-routes.ts";
import { newId } from "../store/records.ts";
import { createRedis } from "../store/redis.ts";
import { createRefreshFamilies, type RefreshFamily } from "../store/refresh-families.ts";
import { admit, forgetAdmissions } from "./admission.ts";
import { verifyApiKey } from "./api-key-credential.ts";
import { authenticate } from "./authenticate.ts";
import type { Credential } from "./credential.ts";
import { realmOf } from "./realm.ts";
import { rotate } from "./refresh-rotation.ts";
import { parseRefreshToken, refreshTokenOf } from "./refresh-tokens.ts";
import { ACCESS_TTL_S } from "./token-kinds.ts";
import { mintToken } from "./tokens.ts";

/** Milliseconds that a login lasts, however often it is refreshed. */
const LOGIN_TTL_MS = 30 * 24 * 3_600_000;

/** POST /api/v1/auth and what belongs to it: from an API key to tokens, and back. */
export const authHandlers: IdentityHandlers<
  "login" | "refresh" | "logout" | "verify_token" | "sign_in_status"
> = {
  async login({ context, body }) {
    const credential = await verifyApiKey(context.env, body.api_key);
    const { session } = await admit(credential, context.env, isLocal(context));
    const family: RefreshFamily = {
      client: credential.clientId,
      name: credential.clientName,
      session: session.id,
      scopes: credential.scopes,
      current: 1,
      rotatedAt: Date.now(),
      endsAt: Date.now() + LOGIN_TTL_MS,
    };
    const id = newId("f");
    await createRefreshFamilies(createRedis(context.env)).open(credential.user, id, family);
    return tokensOf(context, { user: credential.user, id, family });
  },

  async refresh({ context, body }) {
    const shown = await parseRefreshToken(realmOf(servingConfig(context)), body.refresh_token);
    const { user, family: id, number } = shown;
    const families = createRefreshFamilies(createRedis(context.env));
    const rotation = await families.change(user, id, (family) =>
      rotate(family, number, Date.now()),
    );
    if (rotation?.outcome === "given") {
      const { family } = rotation;
      await admit(credentialOf(user, id, family), context.env, isLocal(context));
      return tokensOf(context, { user, id, family });
    }
    forgetAdmissions(context.env);
    throw new DiscoError(
      "unauthenticated",
      rotation?.outcome === "reused"
        ? "The refresh token was used before, so the login has ended."
        : "The login has ended.",
    );
  },

  async logout({ context, body }) {
    const realm = realmOf(servingConfig(context));
    const { user, family } = await parseRefreshToken(realm, body.refresh_token);
    await createRefreshFamilies(createRedis(context.env)).end(user, family);
    forgetAdmissions(context.env);
    return undefined;
  },

  verify_token: ({ principal: { user, client, scopes, session } }) =>
    Promise.resolve({ user: { id: user }, client, scopes: [...scopes], session }),

  async sign_in_status({ context }) {
    const methods = isLocal(context) ? (["local_token"] as const) : (["oauth"] as const);
    return { authenticated: await isAuthenticated(context), methods: [...methods, "api_key"] };
  },
};

const isLocal = (context: AppContext): boolean => servingConfig(context).mode === "local";

async function isAuthenticated(context: AppContext): Promise<boolean> {
  try {
    await authenticate(context);
    return true;
  } catch (error) {
    if (error instanceof DiscoError && error.code === "unauthenticated") return false;
    throw error;
  }
}

interface Login {
  readonly user: string;
  readonly id: string;
  readonly family: RefreshFamily;
}

function credentialOf(user: string, id: string, family: RefreshFamily): Credential {
  const { client: clientId, name: clientName, scopes, session, rotatedAt } = family;
  const issuedAt = Math.floor(rotatedAt / 1_000);
  return { user, clientId, clientName, scopes, session, family: id, issuedAt };
}

async function tokensOf(
  context: AppContext,
  { user, id, family }: Login,
): Promise<RouteOutput<"login">> {
  const realm = realmOf(servingConfig(context));
  const scope = family.scopes.join(" ");
  return {
    token_type: "Bearer",
    access_token: await mintToken(realm, "access", {
      sub: user,
      client_id: family.client,
      client_name: family.name,
      scope,
      sid: family.session,
      family: id,
    }),
    expires_in: ACCESS_TTL_S,
    refresh_token: await refreshTokenOf(realm, { user, family: id, number: family.current }),
    refresh_expires_in: Math.floor((family.endsAt - Date.now()) / 1_000),
    scope,
  };
}
