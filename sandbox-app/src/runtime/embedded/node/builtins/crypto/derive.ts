import { hkdf } from "@noble/hashes/hkdf.js";
import { pbkdf2 } from "@noble/hashes/pbkdf2.js";
import { scrypt } from "@noble/hashes/scrypt.js";
import { Buffer } from "buffer/index.js";
import type { NodeContext } from "../../context.ts";
import { nodeError } from "../errors/node-error.ts";
import { validateFunction, validateInteger } from "../errors/validate.ts";
import { bytesOf, knownHash } from "./hashes.ts";
import { hashFunction } from "./hash-functions.ts";

interface ScryptOptions {
  readonly N?: number;
  readonly r?: number;
  readonly p?: number;
  readonly cost?: number;
  readonly blockSize?: number;
  readonly parallelization?: number;
  readonly maxmem?: number;
}

const MAX_INT = 2_147_483_647;
const SCRYPT_MAX_MEMORY = 32 * 1024 * 1024;

function pbkdf2Bytes(
  password: unknown,
  salt: unknown,
  iterations: unknown,
  length: unknown,
  digest: unknown,
): Buffer {
  validateInteger(iterations, "iterations", 1, MAX_INT);
  validateInteger(length, "keylen", 0, MAX_INT);
  if (typeof digest !== "string" || hashFunction(digest) === null) {
    throw nodeError("ERR_CRYPTO_INVALID_DIGEST", `Invalid digest: ${String(digest)}`, TypeError);
  }
  const options = { c: iterations, dkLen: length };
  return Buffer.from(
    pbkdf2(
      knownHash(digest),
      bytesOf(password, "utf8", "password"),
      bytesOf(salt, "utf8", "salt"),
      options,
    ),
  );
}

function scryptBytes(
  password: unknown,
  salt: unknown,
  length: unknown,
  options: ScryptOptions = {},
): Buffer {
  validateInteger(length, "keylen", 0, MAX_INT);
  const N = options.N ?? options.cost ?? 16_384;
  const r = options.r ?? options.blockSize ?? 8;
  const p = options.p ?? options.parallelization ?? 1;
  const maxmem = options.maxmem ?? SCRYPT_MAX_MEMORY;
  if (128 * N * r > maxmem || N < 2 || (N & (N - 1)) !== 0) {
    throw nodeError(
      "ERR_CRYPTO_INVALID_SCRYPT_PARAMS",
      "Invalid scrypt params: memory limit exceeded",
      RangeError,
    );
  }
  const made = scrypt(bytesOf(password, "utf8", "password"), bytesOf(salt, "utf8", "salt"), {
    N,
    r,
    p,
    dkLen: length,
    maxmem: maxmem * 2,
  });
  return Buffer.from(made);
}

function hkdfBytes(
  digest: unknown,
  key: unknown,
  salt: unknown,
  info: unknown,
  length: unknown,
): ArrayBuffer {
  validateInteger(length, "length", 0, MAX_INT);
  const made = hkdf(
    knownHash(digest),
    bytesOf(key, "utf8", "key"),
    bytesOf(salt, "utf8", "salt"),
    bytesOf(info, "utf8", "info"),
    length,
  );
  return made.slice().buffer;
}

/** Key derivation (RFC 8018, RFC 7914, RFC 5869): the work is done at once, the callback comes later. */
export function createDerivations(node: NodeContext) {
  const later =
    (work: (...args: never[]) => unknown) =>
    (...args: unknown[]) => {
      const callback = args.pop() as (error: Error | null, result?: unknown) => void;
      validateFunction(callback, "callback");
      const result = work(...(args as never[]));
      node.loop.settle("DeriveBitsJob", Promise.resolve(result), (_error, value) =>
        callback(null, value),
      );
    };
  return {
    pbkdf2: later(pbkdf2Bytes),
    pbkdf2Sync: pbkdf2Bytes,
    scrypt: later(scryptBytes),
    scryptSync: scryptBytes,
    hkdf: later(hkdfBytes),
    hkdfSync: hkdfBytes,
  };
}
