import { decodeProtectedHeader } from "jose";
import { DiscoError } from "#protocol/errors.ts";
import type { AppContext } from "../http/app-env.ts";
import { servingConfig } from "../http/configured.ts";
import { isApiKey } from "../store/api-keys.ts";
import { admit } from "./admission.ts";
import { verifyApiKey } from "./api-key-credential.ts";
import type { Credential } from "./credential.ts";
import { isOAuthToken, verifyOAuthToken } from "./oauth/access-tokens.ts";
import type { Principal } from "./principal.ts";
import { realmOf } from "./realm.ts";
import { kinds } from "./token-kinds.ts";
import { verifyToken } from "./tokens.ts";

/**
 * Who a request to a face acts for.
 *
 * @throws DiscoError `unauthenticated`, `not_configured`, `store_unavailable`
 */
export async function authenticate(context: AppContext): Promise<Principal> {
  const local = servingConfig(context).mode === "local";
  const credential = await verifyBearer(context, bearerOf(context.req.raw.headers));
  context.get("logFields")["user"] = credential.user;
  return admit(credential, context.env, local);
}

/**
 * The token is read from the `Authorization` header only: cookies are sent by browsers unasked, and
 * URLs end up in logs (RFC 6750, section 2.3). Of two headers, which fetch joins, neither counts.
 *
 * @throws DiscoError `unauthenticated`
 */
export function bearerOf(headers: Headers): string {
  const header = headers.get("Authorization");
  if (header === null) {
    throw new DiscoError("unauthenticated", "The request has no Authorization header.");
  }
  // RFC 6750, section 2.1, and the colons of OAuth tokens.
  const token = /^Bearer +([A-Za-z0-9._~+/:-]+=*) *$/i.exec(header)?.[1];
  if (token !== undefined) return token;
  throw new DiscoError("unauthenticated", "The Authorization header holds no bearer token.");
}

/** The form of a token says what it is, and no token is tried as anything else. */
async function verifyBearer(context: AppContext, token: string): Promise<Credential> {
  if (isOAuthToken(token)) return verifyOAuthToken(context, token);
  const config = servingConfig(context);
  const realm = realmOf(config);
  if (isApiKey(token)) return verifyApiKey(context.env, token);
  const typ = typeOf(token);
  if (typ === kinds.local.typ && config.mode === "local") {
    return { ...credentialOf(await verifyToken(realm, "local", token)), session: null };
  }
  const claims = await verifyToken(realm, "access", token);
  return { ...credentialOf(claims), session: claims.sid, family: claims.family };
}

type ClientClaims = Awaited<ReturnType<typeof verifyToken<"local">>>;

function credentialOf(claims: ClientClaims): Omit<Credential, "session"> {
  const { sub: user, client_id: clientId, client_name: clientName, scope: scopes } = claims;
  return { user, clientId, clientName, scopes, issuedAt: claims.issuedAt };
}

/** What a JWT says it is, before anything of it is believed; undefined when it is no JWT. */
function typeOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).typ;
  } catch {
    return undefined;
  }
}
