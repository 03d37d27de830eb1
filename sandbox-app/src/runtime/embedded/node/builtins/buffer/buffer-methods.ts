import type { Buffer as BufferClass } from "buffer/index.js";
import { nodeError } from "../errors/node-error.ts";
import { base64UrlBytes, isBase64Url } from "./base64url.ts";

type Method = (this: Uint8Array, ...args: unknown[]) => unknown;

const inspectSymbol = Symbol.for("nodejs.util.inspect.custom");

/** Adds what the npm package's prototype lacks, base64url above all, and Node's way to print. */
export function addBufferMethods(
  Buffer: typeof BufferClass,
  inspect: (value: unknown) => string,
): void {
  const prototype = Buffer.prototype as unknown as Record<string | symbol, unknown>;
  if (prototype["readUint8"] === undefined) addAliases(prototype);
  const toText = prototype["toString"] as Method & { wide?: true };
  if (toText.wide === true) return;
  const write = prototype["write"] as Method;
  const text: Method & { wide?: true } = function toString(encoding, start, end) {
    if (isBase64Url(encoding)) {
      const base = Reflect.apply(toText, this, ["base64", start, end]) as string;
      return base.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
    }
    if (encoding !== undefined && encoding !== null && !Buffer.isEncoding(encoding as string)) {
      throw nodeError("ERR_UNKNOWN_ENCODING", `Unknown encoding: ${encoding as string}`, TypeError);
    }
    if (encoding === undefined || encoding === null || /^utf-?8$/i.test(encoding as string)) {
      return decodeUtf8(this, start, end);
    }
    return Reflect.apply(toText, this, [encoding, start, end]);
  };
  text.wide = true;
  const define = (name: string | symbol, value: unknown) =>
    Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
  define("toString", text);
  define("toLocaleString", text);
  define("write", writeWithBase64Url(write));
  define("utf8Write", encodingWriter(write, "utf8"));
  define("latin1Write", encodingWriter(write, "latin1"));
  define("utf8Slice", encodingSlice(text, "utf8"));
  define("latin1Slice", encodingSlice(text, "latin1"));
  define("asciiSlice", encodingSlice(text, "ascii"));
  define("hexSlice", encodingSlice(text, "hex"));
  define("base64Slice", encodingSlice(text, "base64"));
  define("ucs2Slice", encodingSlice(text, "ucs2"));
  define(inspectSymbol, inspectBuffer(inspect));
  define("inspect", inspectBuffer(inspect));
}

function writeWithBase64Url(write: Method): Method {
  return function writeText(...args) {
    const encoding = args.findLast((each) => typeof each === "string");
    if (args.length < 2 || !isBase64Url(encoding)) return Reflect.apply(write, this, args);
    const [text, offset, length] = args;
    const from = typeof offset === "number" ? offset : 0;
    const room = this.length - from;
    const bytes = base64UrlBytes(text as string).subarray(
      0,
      typeof length === "number" ? Math.min(length, room) : room,
    );
    this.set(bytes, from);
    return bytes.length;
  };
}

function encodingWriter(write: Method, encoding: string): Method {
  return function writeAs(this: Uint8Array, text, offset = 0, length) {
    const room = this.length - (offset as number);
    return Reflect.apply(write, this, [text, offset, length ?? room, encoding]);
  };
}

function encodingSlice(text: Method, encoding: string): Method {
  return function sliceAs(start, end) {
    return Reflect.apply(text, this, [encoding, start, end]);
  };
}

/** `readUint8` beside `readUInt8` and so on (Node 14.9). */
function addAliases(prototype: Record<string | symbol, unknown>): void {
  for (const name of Object.getOwnPropertyNames(prototype)) {
    if (!/^(?:read|write)(?:Big)?UInt/.test(name)) continue;
    Object.defineProperty(prototype, name.replace("UInt", "Uint"), {
      value: prototype[name],
      writable: true,
      configurable: true,
    });
  }
}

const SHOWN_BYTES = 50;

function inspectBuffer(inspect: (value: unknown) => string): Method {
  return function inspectThis() {
    const shown = Array.from(this.subarray(0, SHOWN_BYTES), (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join(" ");
    const rest = this.length - SHOWN_BYTES;
    const more = rest > 0 ? ` ... ${rest} more byte${rest > 1 ? "s" : ""}` : "";
    const own = Object.keys(this)
      .filter((key) => !/^\d+$/.test(key))
      .map((key) => `, ${key}: ${inspect((this as unknown as Record<string, unknown>)[key])}`);
    return `<${this.constructor.name} ${shown}${more}${own.join("")}>`;
  };
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** The package replaces broken sequences otherwise than Node and the Encoding Standard do. */
export function decodeUtf8(bytes: Uint8Array, start: unknown, end: unknown): string {
  const from = Math.max(0, Number(start ?? 0) || 0);
  const to = end === undefined ? bytes.length : Math.min(bytes.length, Number(end) || 0);
  if (to <= from) return "";
  // `slice` because shared memory cannot be decoded; the constructor, as a Buffer's slice is a view.
  const part = bytes.subarray(from, to);
  return utf8.decode(part.buffer instanceof ArrayBuffer ? part : new Uint8Array(part));
}
