import { base64url } from "jose";

/** Bytes of randomness in what must not be guessed: 256 bits. */
const SECRET_BYTES = 32;

/** Random text for a handle or a verifier: 43 characters that need no escaping anywhere. */
export function randomSecret(): string {
  return base64url.encode(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
}

/**
 * SHA-256 as base64url. Names a secret in the store, so that who reads the store cannot use it; it is
 * also the S256 transformation (RFC 7636, section 4.2).
 */
export async function fingerprint(secret: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret));
  return base64url.encode(new Uint8Array(digest));
}
