import { DiscoError } from "#protocol/errors.ts";
import { base64Url } from "../store/records.ts";
import type { Realm } from "./realm.ts";
import { deriveBytes } from "./signing-keys.ts";

/** Which token of which family a refresh token is. */
export interface RefreshTokenName {
  /** Id of the user. */
  readonly user: string;
  /** Id of the family. */
  readonly family: string;
  /** Number of the token within it, from 1. */
  readonly number: number;
}

const FORM = /^disco_refresh_([\w-]{1,128})\.(f_[0-9a-f]{32})\.([1-9]\d{0,8})\.([\w-]{43})$/;

const macKeys = new Map<string, Promise<CryptoKey>>();

/**
 * A refresh token: its name, and a MAC over it. So the store keeps no token, a lost answer can be given
 * again, and what was never issued is refused without asking the store.
 */
export async function refreshTokenOf(
  { secrets: [secret] }: Realm,
  { user, family, number }: RefreshTokenName,
): Promise<string> {
  const name = `${user}.${family}.${number}`;
  const mac = await crypto.subtle.sign("HMAC", await macKeyOf(secret), encode(name));
  return `disco_refresh_${name}.${base64Url(new Uint8Array(mac))}`;
}

/** @throws DiscoError `unauthenticated` */
export async function parseRefreshToken(realm: Realm, token: string): Promise<RefreshTokenName> {
  const [, user = "", family = "", number = "", mac = ""] = FORM.exec(token) ?? [];
  for (const secret of realm.secrets) {
    const signed = encode(`${user}.${family}.${number}`);
    if (await crypto.subtle.verify("HMAC", await macKeyOf(secret), bytesOf(mac), signed)) {
      return { user, family, number: Number(number) };
    }
  }
  throw new DiscoError("unauthenticated", "The refresh token is not valid here.");
}

function macKeyOf(secret: string): Promise<CryptoKey> {
  const make = async (): Promise<CryptoKey> =>
    crypto.subtle.importKey(
      "raw",
      await deriveBytes(secret, "refresh"),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign", "verify"],
    );
  const key = macKeys.get(secret) ?? make();
  macKeys.set(secret, key);
  return key;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function bytesOf(base64: string): Uint8Array {
  const text = atob(base64.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
