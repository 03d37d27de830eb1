import type { Buffer as BufferClass } from "buffer/index.js";
import { invalidArgType, nodeError } from "../errors/node-error.ts";
import { base64UrlBytes, isBase64Url } from "./base64url.ts";

type Statics = Record<string, unknown> & {
  isEncoding: (encoding: unknown) => boolean;
  byteLength: (value: unknown, encoding?: unknown) => number;
  from: (value: unknown, ...rest: unknown[]) => Uint8Array;
  alloc: (
    size: number,
    fill?: unknown,
    encoding?: unknown,
  ) => Uint8Array & { fill(...args: unknown[]): unknown };
};

/** Adds what the npm package lacks: base64url, copyBytesFrom, of, and errors in Node's words. */
export function addBufferStatics(Buffer: typeof BufferClass): void {
  const statics = Buffer as unknown as Statics;
  if (statics["copyBytesFrom"] !== undefined) return;
  const original = { ...pick(statics) };
  Object.assign(statics, {
    poolSize: 8192,
    isEncoding: (encoding: unknown) => isBase64Url(encoding) || original.isEncoding(encoding),
    byteLength: (value: unknown, encoding?: unknown) => {
      if (typeof value === "string" && isBase64Url(encoding)) return base64UrlBytes(value).length;
      if (typeof value !== "string" && !ArrayBuffer.isView(value) && !isArrayBuffer(value)) {
        throw invalidArgType(
          "string",
          "of type string or an instance of Buffer or ArrayBuffer",
          value,
        );
      }
      return original.byteLength(value, encoding);
    },
    from: (value: unknown, ...rest: unknown[]) => fromAnything(original, value, rest),
    alloc: (size: number, fill?: unknown, encoding?: unknown) => {
      checkSize(size);
      const made = original.alloc(size);
      if (fill !== undefined && fill !== 0 && size > 0) made.fill(fill, encoding);
      return made;
    },
    of: (...bytes: number[]) => original.from(bytes),
    copyBytesFrom: (view: ArrayBufferView, offset = 0, length?: number) => {
      const array = view as unknown as Uint8Array;
      const part = array.subarray(offset, length === undefined ? undefined : offset + length);
      return original.from(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    },
  });
}

function pick(statics: Statics): Pick<Statics, "isEncoding" | "byteLength" | "from" | "alloc"> {
  const { isEncoding, byteLength, from, alloc } = statics;
  return { isEncoding, byteLength, from, alloc };
}

function isArrayBuffer(value: unknown): boolean {
  return (
    value instanceof ArrayBuffer ||
    (typeof SharedArrayBuffer !== "undefined" && value instanceof SharedArrayBuffer)
  );
}

function checkSize(size: unknown): void {
  if (typeof size !== "number") throw invalidArgType("size", "of type number", size);
  if (!(size >= 0 && size <= Number.MAX_SAFE_INTEGER)) {
    throw nodeError(
      "ERR_OUT_OF_RANGE",
      `The value of "size" is out of range. It must be >= 0 && <= 9007199254740991. Received ${size}`,
      RangeError,
    );
  }
}

const expectedSource =
  "of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object";

function fromAnything(
  original: Pick<Statics, "from">,
  value: unknown,
  rest: unknown[],
): Uint8Array {
  if (typeof value === "string") {
    const [encoding] = rest;
    if (isBase64Url(encoding)) return original.from(base64UrlBytes(value));
    if (typeof encoding === "string" && /^base64$/i.test(encoding)) {
      return original.from(base64UrlBytes(value));
    }
    return original.from(value, encoding);
  }
  if (value === null || value === undefined || typeof value === "number") {
    throw fromTypeError(value);
  }
  if (typeof value === "boolean" || typeof value === "symbol" || typeof value === "bigint") {
    throw fromTypeError(value);
  }
  return original.from(value, ...rest);
}

function fromTypeError(value: unknown): Error {
  const error = invalidArgType("first argument", expectedSource, value);
  return nodeError(
    "ERR_INVALID_ARG_TYPE",
    error.message.replace('The "first argument" argument', "The first argument"),
    TypeError,
  );
}
