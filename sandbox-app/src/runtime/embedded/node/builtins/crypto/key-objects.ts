import type { NodeContext } from "../../context.ts";
import {
  invalidArgType,
  invalidArgValue,
  missingFeature,
  outOfRange,
} from "../errors/node-error.ts";
import { bytesOf, shownAs } from "./hashes.ts";

/** `crypto.KeyObject`: secret keys only; what is asymmetric needs OpenSSL. */
export class KeyObject {
  /** What `bytesOf` reads. */
  declare readonly _bytes: Uint8Array;

  constructor(type: unknown, bytes: unknown) {
    if (type !== "secret" && type !== "public" && type !== "private") {
      throw invalidArgValue("type", type);
    }
    if (typeof bytes !== "object") throw invalidArgType("handle", "of type object", bytes);
    Object.defineProperty(this, "_bytes", { value: bytes });
  }

  static from(key: unknown): never {
    throw missingFeature(
      "crypto.KeyObject.from",
      `Export the ${String(key)} by crypto.subtle.exportKey instead.`,
    );
  }

  get type(): "secret" {
    return "secret";
  }

  equals(other: unknown): boolean {
    if (!(other instanceof KeyObject)) {
      throw invalidArgType("otherKeyObject", "an instance of KeyObject", other);
    }
    const [own, others] = [this._bytes, other._bytes];
    return own.length === others.length && own.every((byte, index) => byte === others[index]);
  }
}

export class SecretKeyObject extends KeyObject {
  get symmetricKeySize(): number {
    return this._bytes.byteLength;
  }

  export(options: { readonly format?: string } = {}): unknown {
    return options.format === "jwk"
      ? { kty: "oct", k: shownAs(this._bytes, "base64url") }
      : shownAs(this._bytes.slice(), undefined);
  }
}

const RANDOM_BYTES_AT_ONCE = 65_536;

export function createKeys({ natives, loop }: NodeContext): Record<string, unknown> {
  const generate = (type: unknown, options: { readonly length?: unknown } = {}): KeyObject => {
    if (type !== "hmac" && type !== "aes")
      throw invalidArgValue("type", type, "must be a supported key type");
    const { length } = options;
    if (typeof length !== "number")
      throw invalidArgType("options.length", "of type number", length);
    if (type === "hmac" && (length < 8 || length > RANDOM_BYTES_AT_ONCE * 8)) {
      throw outOfRange("options.length", `>= 8 && <= ${RANDOM_BYTES_AT_ONCE * 8}`, length);
    }
    if (type === "aes" && ![128, 192, 256].includes(length)) {
      throw invalidArgValue("options.length", length, "must be one of: 128, 192, 256");
    }
    const bytes = natives.crypto.getRandomValues(new Uint8Array(Math.floor(length / 8)));
    return new SecretKeyObject("secret", bytes);
  };
  return {
    KeyObject,
    createSecretKey: (key: unknown, encoding?: unknown) =>
      new SecretKeyObject("secret", secretBytes(key, encoding)),
    generateKeySync: generate,
    generateKey: (
      type: unknown,
      options: { readonly length?: unknown },
      callback: (error: unknown, key?: KeyObject) => void,
    ) => {
      const key = generate(type, options);
      loop.settle("KeyGenRequest", Promise.resolve(key), (error, made) =>
        callback(error ?? null, made),
      );
    },
  };
}

function secretBytes(key: unknown, encoding: unknown): Uint8Array {
  try {
    return bytesOf(key, encoding, "key").slice();
  } catch {
    throw invalidArgType("key", "an instance of ArrayBuffer, Buffer, TypedArray, or DataView", key);
  }
}
