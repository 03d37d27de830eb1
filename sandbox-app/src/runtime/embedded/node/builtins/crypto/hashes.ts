import { Transform } from "../stream/stream-classes.ts";
import { Buffer } from "buffer/index.js";
import { hmac } from "@noble/hashes/hmac.js";
import type { NodeContext } from "../../context.ts";
import { invalidArgType, nodeError } from "../errors/node-error.ts";
import type { Callback } from "../stream/stream-types.ts";
import { hashFunction, isExtendable } from "./hash-functions.ts";

interface Running {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
  clone?(): Running;
  xof?(length: number): Uint8Array;
}

export function bytesOf(data: unknown, encoding: unknown, name = "data"): Uint8Array {
  if (typeof data === "string")
    return Buffer.from(
      data,
      typeof encoding === "string" && encoding !== "buffer" ? encoding : "utf8",
    );
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (ArrayBuffer.isView(data))
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const key = (data as { _bytes?: Uint8Array } | null)?._bytes;
  if (key !== undefined) return key;
  throw invalidArgType(
    name,
    "of type string or an instance of Buffer, TypedArray, or DataView",
    data,
  );
}

export function shownAs(bytes: Uint8Array, encoding: unknown): unknown {
  const buffer = Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
  return typeof encoding === "string" && encoding !== "buffer" ? buffer.toString(encoding) : buffer;
}

export function knownHash(name: unknown) {
  if (typeof name !== "string") throw invalidArgType("algorithm", "of type string", name);
  const found = hashFunction(name);
  if (found === null) {
    throw new Error("Digest method not supported");
  }
  return found;
}

abstract class Digest extends Transform {
  running: Running;
  done = false;

  constructor(running: Running, options?: object) {
    super(options);
    this.running = running;
  }
  update(data: unknown, encoding?: unknown): this {
    if (this.done) throw nodeError("ERR_CRYPTO_HASH_FINALIZED", "Digest already called");
    this.running.update(bytesOf(data, encoding));
    return this;
  }
  result(): Uint8Array {
    return this.running.digest();
  }
  _transform(chunk: Uint8Array, _encoding: string, callback: Callback): void {
    this.running.update(chunk);
    callback();
  }
  _flush(callback: Callback): void {
    this.done = true;
    this.push(Buffer.from(this.result()));
    callback();
  }
}
/** `crypto.Hash`: also a stream, as Node's is. */
class Hash extends Digest {
  readonly _length: number | undefined;

  constructor(algorithm: unknown, options: { outputLength?: number } = {}, running?: Running) {
    const found = knownHash(algorithm);
    super(running ?? (found.create() as Running), options);
    this._length = options.outputLength;
    Object.defineProperty(this, "_algorithm", { value: algorithm });
    if (
      this._length !== undefined &&
      this._length !== found.outputLen &&
      !isExtendable(algorithm as string)
    ) {
      throw Object.assign(new Error("Unsupported state or unable to set output length"), {
        code: "ERR_OSSL_EVP_NOT_XOF_OR_INVALID_LENGTH",
      });
    }
  }
  override result(): Uint8Array {
    if (this._length === undefined) return this.running.digest();
    return this.running.xof?.(this._length) ?? this.running.digest();
  }
  digest(encoding?: unknown): unknown {
    if (this.done) throw nodeError("ERR_CRYPTO_HASH_FINALIZED", "Digest already called");
    this.done = true;
    return shownAs(this.result(), encoding);
  }
  copy(options?: { outputLength?: number }): Hash {
    if (this.done) throw nodeError("ERR_CRYPTO_HASH_FINALIZED", "Digest already called");
    const { _algorithm } = this as unknown as { _algorithm: string };
    return new Hash(_algorithm, options, this.running.clone?.());
  }
}
/** `crypto.Hmac`: also a stream, as Node's is. */
class Hmac extends Digest {
  constructor(algorithm: unknown, key: unknown, options?: object) {
    if (typeof algorithm !== "string") throw invalidArgType("hmac", "of type string", algorithm);
    if (hashFunction(algorithm) === null) {
      throw nodeError("ERR_CRYPTO_INVALID_DIGEST", `Invalid digest: ${algorithm}`, TypeError);
    }
    super(hmac.create(knownHash(algorithm), bytesOf(key, "utf8", "key")) as Running, options);
  }
  digest(encoding?: unknown): unknown {
    if (this.done) return shownAs(new Uint8Array(), encoding);
    this.done = true;
    return shownAs(this.result(), encoding);
  }
}

export function createHashClasses(node: NodeContext) {
  // Completes the class that both extend.
  node.builtin("stream");
  return { Hash, Hmac };
}
