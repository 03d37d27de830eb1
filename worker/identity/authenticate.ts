import { DiscoError } from "#protocol/errors.ts";
import type { Principal } from "./principal.ts";
import { verifyToken } from "./tokens.ts";

/**
 * Who a request to a face acts for. The token is read from the `Authorization` header only: cookies
 * are sent by browsers unasked, and URLs end up in logs (RFC 6750, section 2.3).
 *
 * @throws DiscoError `unauthenticated`
 */
export async function authenticate(headers: Headers, secret: string): Promise<Principal> {
  const header = headers.get("Authorization");
  if (header === null) {
    throw new DiscoError("unauthenticated", "The request has no Authorization header.");
  }
  const token = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(header)?.[1];
  if (token === undefined) {
    throw new DiscoError("unauthenticated", "The Authorization header holds no bearer token.");
  }
  const claims = await verifyToken(secret, "api", token);
  return {
    user: claims.sub,
    client: { id: claims.client_id, name: claims.client_name },
    scopes: claims.scope,
  };
}

/**
 * Value of `WWW-Authenticate` (RFC 6750, section 3), or null when the error asks for none. Without
 * any credentials the challenge names no error (section 3.1).
 */
export function challengeFor(error: DiscoError, headers: Headers): string | null {
  const realm = 'Bearer realm="disco"';
  if (error.code === "unauthenticated") {
    if (headers.get("Authorization") === null) return realm;
    return `${realm}, error="invalid_token", error_description="${error.message}"`;
  }
  if (error.code === "insufficient_scope") {
    const scope = error.details?.["scope"];
    const wanted = typeof scope === "string" ? `, scope="${scope}"` : "";
    return `${realm}, error="insufficient_scope"${wanted}`;
  }
  return null;
}
