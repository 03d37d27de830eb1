import { Transform } from "../stream/stream-classes.ts";
import { Buffer } from "buffer/index.js";
import type { NodeContext } from "../../context.ts";
import { callableClass } from "../callable-class.ts";
import { invalidArgType, nodeError } from "../errors/node-error.ts";
import type { Callback } from "../stream/stream-types.ts";
import {
  BlockCipher,
  CounterCipher,
  type Direction,
  PaddingError,
  type RunningCipher,
} from "./block-modes.ts";
import { type CipherInfo, cipherInfo, cipherNames } from "./cipher-table.ts";
import { GaloisCipher } from "./gcm.ts";
import { bytesOf, shownAs } from "./hashes.ts";

interface CipherOptions {
  readonly authTagLength?: number;
}

const KINDS = "of type string or an instance of ArrayBuffer, Buffer, TypedArray, ";

/** What `Cipheriv` and `Decipheriv` have in common: the steps, and being a stream. */
class CipherStream extends Transform {
  readonly #running: RunningCipher;
  readonly #direction: Direction;
  readonly #tagLength: number;
  #state: "fresh" | "running" | "final" = "fresh";
  #expectedTag: Uint8Array | null = null;

  constructor(direction: Direction, given: readonly unknown[]) {
    const [name, key, vector, options] = given;
    super((options as object | undefined) ?? {});
    const info = knownCipher(name);
    this.#running = start(info, keyBytes(key, info), vectorBytes(vector, info), direction);
    this.#direction = direction;
    this.#tagLength = tagLength((options as CipherOptions | undefined)?.authTagLength, info);
  }

  update(data: unknown, inputEncoding?: unknown, outputEncoding?: unknown): unknown {
    const bytes = bytesOf(data, inputEncoding);
    if (this.#state === "final") throw new Error("Trying to add data in unsupported state");
    this.#state = "running";
    return shownAs(this.#running.update(bytes), outputEncoding);
  }

  final(outputEncoding?: unknown): unknown {
    if (this.#state === "final") throw nodeError("ERR_CRYPTO_INVALID_STATE", "Invalid state");
    this.#state = "final";
    return shownAs(this.#end(), outputEncoding);
  }

  setAutoPadding(padding = true): this {
    if (this.#state === "final") throw this.#wrongState("setAutoPadding");
    this.#running.padding = padding;
    return this;
  }

  getAuthTag(): Buffer {
    if (!(this.#running instanceof GaloisCipher) || this.#state !== "final") {
      throw this.#wrongState("getAuthTag");
    }
    return Buffer.from(this.#running.tag().subarray(0, this.#tagLength));
  }

  setAuthTag(tag: unknown, encoding?: unknown): this {
    const bytes = bytesOf(tag, encoding, "buffer");
    if (!(this.#running instanceof GaloisCipher) || this.#state === "final" || this.#expectedTag) {
      throw this.#wrongState("setAuthTag");
    }
    tagLength(bytes.length, { mode: "gcm" });
    this.#expectedTag = bytes.slice();
    return this;
  }

  setAAD(data: unknown, options?: { encoding?: string }): this {
    const bytes = bytesOf(data, options?.encoding, "aadbuf");
    if (!(this.#running instanceof GaloisCipher) || this.#state !== "fresh") {
      throw this.#wrongState("setAAD");
    }
    this.#running.addAdditional(bytes);
    return this;
  }

  _transform(chunk: Uint8Array, _encoding: string, callback: Callback): void {
    this.push(this.update(chunk));
    callback();
  }

  _flush(callback: Callback): void {
    try {
      this.push(this.final());
    } catch (error) {
      callback(error as Error);
      return;
    }
    callback();
  }

  #end(): Uint8Array {
    try {
      const last = this.#running.final();
      this.#authenticate();
      return last;
    } catch (error) {
      throw error instanceof PaddingError ? openSslError(error) : error;
    }
  }

  #authenticate(): void {
    if (this.#direction === "encrypt" || !(this.#running instanceof GaloisCipher)) return;
    const tag = this.#running.tag();
    const isRight = this.#expectedTag?.every((byte, index) => byte === tag[index]) ?? false;
    if (!isRight) throw new Error("Unsupported state or unable to authenticate data");
  }

  #wrongState(operation: string): Error {
    return nodeError("ERR_CRYPTO_INVALID_STATE", `Invalid state for operation ${operation}`);
  }
}

class Cipheriv extends CipherStream {
  constructor(...given: unknown[]) {
    super("encrypt", given);
  }
}

class Decipheriv extends CipherStream {
  constructor(...given: unknown[]) {
    super("decrypt", given);
  }
}

/** Ciphers of AES with a key and an initialization vector, all of them synchronous. */
export function createCiphers(node: NodeContext): Record<string, unknown> {
  // Completes the class that both extend.
  node.builtin("stream");
  return {
    Cipheriv: callableClass(Cipheriv),
    Decipheriv: callableClass(Decipheriv),
    createCipheriv: (...given: unknown[]) => new Cipheriv(...given),
    createDecipheriv: (...given: unknown[]) => new Decipheriv(...given),
    getCiphers: () => cipherNames(),
    getCipherInfo: (name: string) => cipherInfo(name) ?? undefined,
  };
}

function knownCipher(name: unknown): CipherInfo {
  if (typeof name !== "string") throw invalidArgType("cipher", "of type string", name);
  const info = cipherInfo(name);
  if (info === null) throw nodeError("ERR_CRYPTO_UNKNOWN_CIPHER", "Unknown cipher");
  return info;
}

function start(
  { mode }: CipherInfo,
  key: Uint8Array,
  vector: Uint8Array,
  direction: Direction,
): RunningCipher {
  if (mode === "gcm") return new GaloisCipher(key, vector, direction);
  if (mode === "ctr") return new CounterCipher(key, vector);
  return new BlockCipher(key, mode === "cbc" ? vector : null, direction);
}

function keyBytes(key: unknown, { keyLength }: CipherInfo): Uint8Array {
  const bytes = parameterBytes(key, "key", `${KINDS}DataView, KeyObject, or CryptoKey`);
  if (bytes.length === keyLength) return bytes.slice();
  throw nodeError("ERR_CRYPTO_INVALID_KEYLEN", "Invalid key length", RangeError);
}

function vectorBytes(vector: unknown, { mode, ivLength = 0 }: CipherInfo): Uint8Array {
  const bytes =
    vector === null ? new Uint8Array() : parameterBytes(vector, "iv", `${KINDS}or DataView`);
  const fits = mode === "gcm" ? bytes.length > 0 : bytes.length === ivLength;
  if (fits) return bytes.slice();
  throw nodeError("ERR_CRYPTO_INVALID_IV", "Invalid initialization vector", TypeError);
}

function parameterBytes(value: unknown, name: string, kinds: string): Uint8Array {
  try {
    return bytesOf(value, "utf8", name);
  } catch {
    throw invalidArgType(name, kinds, value);
  }
}

/** Bytes of the tag that a caller wants (NIST SP 800-38D, 5.2.1.2). */
function tagLength(length: number | undefined, { mode }: Pick<CipherInfo, "mode">): number {
  if (mode !== "gcm" || length === undefined) return 16;
  if ([4, 8, 12, 13, 14, 15, 16].includes(length)) return length;
  throw nodeError(
    "ERR_CRYPTO_INVALID_AUTH_TAG",
    `Invalid authentication tag length: ${length}`,
    TypeError,
  );
}

/** As OpenSSL words it. */
function openSslError({ reason }: PaddingError): Error {
  const number = reason === "bad decrypt" ? "1C800064" : "1C80006B";
  const library = "Provider routines";
  return Object.assign(new Error(`error:${number}:${library}::${reason}`), {
    library,
    reason,
    code: `ERR_OSSL_${reason.toUpperCase().replaceAll(" ", "_")}`,
  });
}
