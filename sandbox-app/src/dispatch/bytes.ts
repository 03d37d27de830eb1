import type { DiscoError } from "#protocol/errors.ts";
import { invalidArgument } from "./invalid-argument.ts";

/** Bytes turned into text at once: the arguments of one function call are limited. */
const BASE64_STEP_BYTES = 0x6000;

/** @returns SHA-256 as 64 hex digits (FIPS 180-4) */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Base64 with padding (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  // The step is a multiple of 3, so that only the last part is padded.
  for (let offset = 0; offset < bytes.length; offset += BASE64_STEP_BYTES) {
    const part = bytes.subarray(offset, offset + BASE64_STEP_BYTES);
    parts.push(btoa(String.fromCharCode(...part)));
  }
  return parts.join("");
}

/**
 * Reads base64 strictly: padded, and no characters beside the alphabet (RFC 4648, section 3.3).
 *
 * @throws DiscoError invalid_input
 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const body = text.replace(/={1,2}$/, "");
  if (text.length % 4 !== 0 || /[^A-Za-z0-9+/]/.test(body)) throw notBase64();
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

function notBase64(): DiscoError {
  return invalidArgument("content", "is not base64 with padding (RFC 4648)");
}

/** Bytes looked at for a NUL, as git does it. */
const BINARY_LOOK_BYTES = 8_000;

/** @returns the text, a byte order mark included, or undefined when the bytes are no UTF-8 text */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes.subarray(0, BINARY_LOOK_BYTES).includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
