import { DiscoError } from "#protocol/errors.ts";

/** Codes of RFC 6749, section 5.2, RFC 7009, section 2.2.1 and RFC 7591, section 3.2.2 that we give. */
export type OAuthErrorCode =
  | "invalid_request"
  | "invalid_client"
  | "invalid_client_metadata"
  | "invalid_grant"
  | "temporarily_unavailable"
  | "server_error";

/** Seconds after which a client may try again. */
const RETRY_AFTER_S = 5;

/** An error in the form that OAuth clients read, which is not the form of our own faces. */
export function oauthError(code: OAuthErrorCode, description: string, status = 400): Response {
  const headers = new Headers({ "Cache-Control": "no-store" });
  if (status === 429 || status === 503) headers.set("Retry-After", String(RETRY_AFTER_S));
  return Response.json({ error: code, error_description: description }, { status, headers });
}

/** What went wrong on our side, or on the way to a client's document, in that form. */
export function oauthErrorOf(thrown: unknown): Response {
  const { code, message } = DiscoError.from(thrown);
  if (code === "store_unavailable") return oauthError("temporarily_unavailable", message, 503);
  if (code === "overloaded") return oauthError("temporarily_unavailable", message, 429);
  if (code === "too_large") return oauthError("invalid_request", message, 413);
  if (code === "invalid_input" || code === "unsupported_media_type") {
    return oauthError("invalid_request", message);
  }
  if (code === "network_refused" || code === "network_unavailable") {
    return oauthError("invalid_client", `The client's document cannot be used. ${message}`, 401);
  }
  throw thrown;
}
