import { Buffer } from "buffer/index.js";

/* `node:querystring`. */

type Decode = (text: string) => string;
type Encode = (text: string) => string;

/** As `encodeURIComponent`, but a lone surrogate fails with Node's URIError code. */
function escape(value: unknown): string {
  const text = typeof value === "string" ? value : String(value);
  try {
    return encodeURIComponent(text);
  } catch (error) {
    throw Object.assign(error as Error, { code: "ERR_INVALID_URI" });
  }
}

function unescapeBuffer(text: string): Buffer {
  const bytes: number[] = [];
  for (let index = 0; index < text.length; index++) {
    const hex = text[index] === "%" ? text.slice(index + 1, index + 3) : "";
    if (/^[\da-f]{2}$/i.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      index += 2;
    } else bytes.push(text.charCodeAt(index));
  }
  return Buffer.from(bytes);
}

/** Percent-encoding out; what is not valid UTF-8 is decoded byte by byte instead. */
function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return unescapeBuffer(text).toString();
  }
}

function primitive(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  return typeof value === "bigint" || typeof value === "boolean" ? String(value) : "";
}

function stringify(
  object: unknown,
  separator = "&",
  equals = "=",
  options: { encodeURIComponent?: Encode } = {},
): string {
  if (typeof object !== "object" || object === null) return "";
  const encode = options.encodeURIComponent ?? ((text) => querystring.escape(text));
  return Object.entries(object)
    .flatMap(([key, value]) => {
      const values: unknown[] = Array.isArray(value) ? value : [value];
      return values.map((each) => `${encode(primitive(key))}${equals}${encode(primitive(each))}`);
    })
    .join(separator || "&");
}

const DEFAULT_MAX_KEYS = 1000;

function parse(
  text: unknown,
  separator = "&",
  equals = "=",
  options: { maxKeys?: number; decodeURIComponent?: Decode } = {},
): Record<string, string | string[]> {
  const result = Object.create(null) as Record<string, string | string[]>;
  if (typeof text !== "string" || text === "") return result;
  const given = options.decodeURIComponent ?? ((part) => querystring.unescape(part));
  const decode: Decode = (part) => {
    try {
      return given(part);
    } catch {
      return unescape(part);
    }
  };
  const max = options.maxKeys ?? DEFAULT_MAX_KEYS;
  let pairs = text.split(separator || "&");
  if (max > 0) pairs = pairs.slice(0, max);
  for (const pair of pairs) {
    if (pair !== "") addPair(result, pair, equals || "=", decode);
  }
  return result;
}

function addPair(
  result: Record<string, string | string[]>,
  pair: string,
  equals: string,
  decode: Decode,
): void {
  const at = pair.indexOf(equals);
  const plain = (part: string) => decode(part.replaceAll("+", " "));
  const key = plain(at === -1 ? pair : pair.slice(0, at));
  const value = at === -1 ? "" : plain(pair.slice(at + equals.length));
  const before = result[key];
  if (before === undefined) result[key] = value;
  else if (Array.isArray(before)) before.push(value);
  else result[key] = [before, value];
}

export const querystring = {
  escape,
  unescape,
  unescapeBuffer,
  stringify,
  encode: stringify,
  parse,
  decode: parse,
};
