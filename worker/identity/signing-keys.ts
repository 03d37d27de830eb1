import { calculateJwkThumbprint, type JWK } from "jose";
import * as z from "zod";

/** An Ed25519 key pair (RFC 8032) that was derived from a secret. */
export interface SigningKey {
  /** Thumbprint of the public key (RFC 7638). */
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** The public half, as a key set shows it (RFC 7517). */
  readonly jwk: JWK;
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410, section 7). */
const PKCS8_PREFIX = Uint8Array.from([
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
]);

const PublicPart = z.object({ x: z.string() });

const derivedKeys = new Map<string, Promise<SigningKey>>();

/**
 * The key of one purpose. The same secret gives the same keys in every isolate, so that nothing but
 * the secret has to be kept; keys of two purposes have nothing in common.
 */
export function signingKeyOf(secret: string, purpose: string): Promise<SigningKey> {
  const name = `${purpose}:${secret}`;
  let key = derivedKeys.get(name);
  if (key === undefined) {
    key = deriveKey(secret, purpose);
    derivedKeys.set(name, key);
  }
  return key;
}

async function deriveKey(secret: string, purpose: string): Promise<SigningKey> {
  const seed = await deriveBytes(secret, purpose);
  const pkcs8 = new Uint8Array([...PKCS8_PREFIX, ...seed]);
  // Only a key that may be exported tells its public half.
  const exportable = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", true, ["sign"]);
  const { x } = PublicPart.parse(await crypto.subtle.exportKey("jwk", exportable));
  const point = { kty: "OKP", crv: "Ed25519", x };
  const kid = await calculateJwkThumbprint(point);
  return {
    kid,
    privateKey: await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", false, ["sign"]),
    publicKey: await crypto.subtle.importKey("jwk", point, "Ed25519", true, ["verify"]),
    jwk: { ...point, kid, alg: "EdDSA", use: "sig" },
  };
}

/** HKDF with SHA-256 (RFC 5869): 32 bytes; the purpose is the `info`. */
export async function deriveBytes(secret: string, purpose: string): Promise<Uint8Array> {
  const text = new TextEncoder();
  const master = await crypto.subtle.importKey("raw", text.encode(secret), "HKDF", false, [
    "deriveBits",
  ]);
  const parameters = {
    name: "HKDF",
    hash: "SHA-256",
    salt: text.encode("disco tokens"),
    info: text.encode(`disco:${purpose}`),
  };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, master, 256));
}
