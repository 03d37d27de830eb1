import { Buffer } from "buffer/index.js";
import type { NodeContext } from "../../context.ts";
import { invalidArgType, nodeError, outOfRange } from "../errors/node-error.ts";
import { validateFunction, validateInteger } from "../errors/validate.ts";

/** What one call of `crypto.getRandomValues` gives at most (Web Cryptography API, section 10.1.1). */
const CHUNK = 65_536;
const MAX_RANGE = 2 ** 48 - 1;

type Done = (error: Error | null, value?: unknown) => void;

/** `crypto.randomBytes` and its like. */
export function createRandom(node: NodeContext) {
  const fill = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length; at += CHUNK) {
      const part = new Uint8Array(Math.min(CHUNK, bytes.length - at));
      bytes.set(node.natives.crypto.getRandomValues(part), at);
    }
  };
  const later = (value: unknown, callback: Done) =>
    node.loop.settle("RandomBytesJob", Promise.resolve(), () => callback(null, value));
  const randomBytes = (size: unknown, callback?: Done) => {
    validateInteger(size, "size", 0, 2_147_483_647);
    if (callback !== undefined) validateFunction(callback, "callback");
    const bytes = Buffer.alloc(size);
    fill(bytes);
    return callback === undefined ? bytes : (later(bytes, callback), undefined);
  };
  const randomFillSync = (target: unknown, offset = 0, size?: number) => {
    const view = target instanceof ArrayBuffer ? new Uint8Array(target) : target;
    if (!ArrayBuffer.isView(view))
      throw invalidArgType(
        "buf",
        "an instance of ArrayBuffer, Buffer, TypedArray, or DataView",
        target,
      );
    const scale = (view as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    if (offset < 0 || offset * scale > bytes.length)
      throw outOfRange("offset", `>= 0 && <= ${bytes.length}`, offset);
    fill(bytes.subarray(offset * scale, size === undefined ? undefined : (offset + size) * scale));
    return target;
  };
  const randomInt = (...args: unknown[]) => {
    const callback = typeof args.at(-1) === "function" ? (args.pop() as Done) : undefined;
    const [min, max] = args.length < 2 ? [0, args[0]] : args;
    if (!Number.isSafeInteger(min)) throw invalidArgType("min", "a safe integer", min);
    if (!Number.isSafeInteger(max)) throw invalidArgType("max", "a safe integer", max);
    const [low, high] = [min as number, max as number];
    if (high <= low) throw outOfRange("max", `greater than the value of "min" (${low})`, high);
    if (high - low > MAX_RANGE) throw outOfRange("max - min", `<= ${MAX_RANGE}`, high - low);
    const value = low + unbiased(fill, high - low);
    return callback === undefined ? value : (later(value, callback), undefined);
  };
  return {
    randomBytes,
    pseudoRandomBytes: randomBytes,
    rng: randomBytes,
    randomFillSync,
    randomFill: (target: unknown, ...rest: unknown[]) => {
      const callback = rest.pop() as Done;
      validateFunction(callback, "callback");
      later(randomFillSync(target, ...(rest as [number?, number?])), callback);
    },
    randomInt,
    randomUUID: () => node.natives.crypto.randomUUID(),
    timingSafeEqual,
  };
}

/** A number below `range` with no value likelier than another: too large draws are thrown away. */
function unbiased(fill: (bytes: Uint8Array) => void, range: number): number {
  const limit = 2 ** 48 - (2 ** 48 % range);
  const bytes = Buffer.alloc(6);
  for (;;) {
    fill(bytes);
    const value = bytes.readUIntBE(0, 6);
    if (value < limit) return value % range;
  }
}

function timingSafeEqual(left: unknown, right: unknown): boolean {
  const views = [left, right].map((value, index) => {
    if (value instanceof ArrayBuffer) return new Uint8Array(value);
    if (!ArrayBuffer.isView(value)) {
      throw invalidArgType(
        `buf${index + 1}`,
        "an instance of ArrayBuffer, Buffer, TypedArray, or DataView",
        value,
      );
    }
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }) as [Uint8Array, Uint8Array];
  const [a, b] = views;
  if (a.length !== b.length) {
    throw nodeError(
      "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH",
      "Input buffers must have the same byte length",
      RangeError,
    );
  }
  let difference = 0;
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0);
  return difference === 0;
}
