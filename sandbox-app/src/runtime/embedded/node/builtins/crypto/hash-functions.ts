import { blake2b, blake2s } from "@noble/hashes/blake2.js";
import { md5, ripemd160, sha1 } from "@noble/hashes/legacy.js";
import { sha224, sha256, sha384, sha512, sha512_224, sha512_256 } from "@noble/hashes/sha2.js";
import { sha3_224, sha3_256, sha3_384, sha3_512, shake128, shake256 } from "@noble/hashes/sha3.js";
import type { CHash } from "@noble/hashes/utils.js";

/** Hash functions by OpenSSL's names, in lower case. */
const functions: Record<string, unknown> = {
  md5,
  sha1,
  sha224,
  sha256,
  sha384,
  sha512,
  "sha512-224": sha512_224,
  "sha512-256": sha512_256,
  "sha3-224": sha3_224,
  "sha3-256": sha3_256,
  "sha3-384": sha3_384,
  "sha3-512": sha3_512,
  ripemd160,
  rmd160: ripemd160,
  blake2b512: blake2b,
  blake2s256: blake2s,
  shake128,
  shake256,
};

/** The name that OpenSSL takes: `RSA-SHA256` and `sha256` are one; `null` when unknown. */
export function hashFunction(name: string): CHash | null {
  const key = name.toLowerCase().replace(/^rsa-/, "").replace("/", "-");
  return (Object.hasOwn(functions, key) ? functions[key] : null) as CHash | null;
}

export function isExtendable(name: string): boolean {
  return name.toLowerCase().startsWith("shake");
}

export function hashNames(): string[] {
  return [
    "RSA-MD5",
    "RSA-RIPEMD160",
    "RSA-SHA1",
    "RSA-SHA224",
    "RSA-SHA256",
    "RSA-SHA384",
    "RSA-SHA512",
    ...Object.keys(functions),
  ];
}
