/*
 * Secrets that the store keeps for a user: sealed with AES-GCM (NIST SP 800-38D) under a key derived
 * from the deployment's secret, and bound to their place, so that a record that was copied elsewhere
 * opens nothing.
 */

/** Bytes of the nonce: 96 bits, the length that GCM is made for; drawn anew for each record. */
const NONCE_BYTES = 12;

export interface Sealer {
  /** @param place what the secret belongs to */
  seal(place: string, text: string): Promise<string>;
  /** @throws Error when it was sealed for another place, by another secret, or was changed */
  open(place: string, sealed: string): Promise<string>;
}

/** @param purpose keeps the keys of different kinds of secrets apart */
export function createSealer(secret: string, purpose: string): Sealer {
  const key = deriveKey(secret, purpose);
  // Whoever uses it hears of a failure.
  key.catch(() => {});
  return {
    async seal(place, text) {
      const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const algorithm = { name: "AES-GCM", iv, additionalData: bytesOf(place) };
      const sealed = await crypto.subtle.encrypt(algorithm, await key, bytesOf(text));
      return `${toBase64(iv)}.${toBase64(new Uint8Array(sealed))}`;
    },
    async open(place, sealed) {
      const [iv = "", text = ""] = sealed.split(".");
      const algorithm = {
        name: "AES-GCM",
        iv: fromBase64(iv),
        additionalData: bytesOf(place),
      };
      const opened = await crypto.subtle.decrypt(algorithm, await key, fromBase64(text));
      return new TextDecoder().decode(opened);
    },
  };
}

/** HKDF with SHA-256 (RFC 5869); the purpose is the `info`. */
async function deriveKey(secret: string, purpose: string): Promise<CryptoKey> {
  const master = await crypto.subtle.importKey("raw", bytesOf(secret), "HKDF", false, [
    "deriveKey",
  ]);
  const parameters = {
    name: "HKDF",
    hash: "SHA-256",
    salt: bytesOf("disco sealed secrets"),
    info: bytesOf(`disco:${purpose}`),
  };
  const kind = { name: "AES-GCM", length: 256 };
  return crypto.subtle.deriveKey(parameters, master, kind, false, ["encrypt", "decrypt"]);
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at += 1) bytes[at] = letters.charCodeAt(at);
  return bytes;
}
