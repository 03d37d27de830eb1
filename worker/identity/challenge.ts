import type { DiscoError } from "#protocol/errors.ts";
import { resourceMetadataUrl } from "./oauth/metadata.ts";

/**
 * Value of `WWW-Authenticate` (RFC 6750, section 3), or null when the error asks for none. It says
 * where to learn how to get a token (RFC 9728, section 5.1). Without any credentials the challenge
 * names no error (RFC 6750, section 3.1).
 *
 * @param app origin of the faces; undefined for a host that is not served
 */
export function challengeFor(
  error: DiscoError,
  headers: Headers,
  app: string | undefined,
): string | null {
  const metadata = app === undefined ? "" : `, resource_metadata="${resourceMetadataUrl(app)}"`;
  const realm = `Bearer realm="disco"${metadata}`;
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
