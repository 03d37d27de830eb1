import { invalidArgType, nodeError } from "../errors/node-error.ts";

const token = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
const invalidValue = /[^\t\u0020-~\u0080-ÿ]/;

/** A field name is a token (RFC 9110, section 5.6.2). */
export function checkName(name: unknown, label = "Header name"): asserts name is string {
  if (typeof name !== "string" || !token.test(name)) {
    throw nodeError(
      "ERR_INVALID_HTTP_TOKEN",
      `${label} must be a valid HTTP token ["${String(name)}"]`,
      TypeError,
    );
  }
}

export function checkValue(name: string, value: unknown): void {
  if (value === undefined) {
    throw nodeError(
      "ERR_HTTP_INVALID_HEADER_VALUE",
      `Invalid value "${String(value)}" for header "${name}"`,
      TypeError,
    );
  }
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.some((each) => invalidValue.test(String(each)))) {
    throw nodeError(
      "ERR_INVALID_CHAR",
      `Invalid character in header content ["${name}"]`,
      TypeError,
    );
  }
}

export function checkMethod(method: unknown): string {
  if (method === undefined || method === null || method === "") return "GET";
  if (typeof method !== "string") throw invalidArgType("options.method", "of type string", method);
  checkName(method, "Method");
  return method.toUpperCase();
}

/** Fields of which only the first counts when they come twice (Node's list). */
const single = new Set(
  (
    "age authorization content-length content-type etag expires from host if-modified-since " +
    "if-unmodified-since last-modified location max-forwards proxy-authorization referer " +
    "retry-after server user-agent"
  ).split(" "),
);

/** Raw names and values as Node's `message.headers`. */
export function joinHeaders(raw: readonly string[]): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] as string).toLowerCase();
    const value = raw[index + 1] as string;
    const before = headers[name];
    if (name === "set-cookie") headers[name] = [...((before as string[] | undefined) ?? []), value];
    else if (before === undefined) headers[name] = value;
    else if (!single.has(name))
      headers[name] = `${before as string}${name === "cookie" ? "; " : ", "}${value}`;
  }
  return headers;
}

export function distinctHeaders(raw: readonly string[]): Record<string, string[]> {
  const headers: Record<string, string[]> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] as string).toLowerCase();
    (headers[name] ??= []).push(raw[index + 1] as string);
  }
  return headers;
}
