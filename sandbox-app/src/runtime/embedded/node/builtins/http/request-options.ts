import { invalidArgType, nodeError } from "../errors/node-error.ts";
import type { HeaderValue } from "./outgoing-message.ts";

export interface RequestOptions {
  readonly protocol?: string;
  readonly host?: string;
  readonly hostname?: string;
  readonly port?: number | string;
  readonly defaultPort?: number | string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, HeaderValue> | readonly string[];
  readonly auth?: string;
  readonly agent?: unknown;
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  readonly setHost?: boolean;
  readonly socketPath?: string;
  readonly createConnection?: unknown;
}

function ofUrl(url: URL): RequestOptions {
  return {
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    path: `${url.pathname}${url.search}`,
    ...(url.port === "" ? {} : { port: Number(url.port) }),
    ...(url.username === "" && url.password === ""
      ? {}
      : { auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` }),
  };
}

/** `(url, options?, callback?)` or `(options, callback?)`. */
export function requestOptions(args: readonly unknown[]): {
  options: RequestOptions;
  callback: ((response: never) => void) | undefined;
} {
  const rest = [...args];
  const callback =
    typeof rest.at(-1) === "function" ? (rest.pop() as (response: never) => void) : undefined;
  const [first, second] = rest;
  let options: RequestOptions;
  if (typeof first === "string") options = { ...ofUrl(new URL(first)), ...(second as object) };
  else if (first instanceof URL) options = { ...ofUrl(first), ...(second as object) };
  else options = { ...(first as object), ...(second as object) };
  const { path, hostname } = options;
  if (path !== undefined && /[^\u0021-\u00FF]/.test(path)) {
    throw nodeError(
      "ERR_UNESCAPED_CHARACTERS",
      "Request path contains unescaped characters",
      TypeError,
    );
  }
  if (hostname !== undefined && hostname !== null && typeof hostname !== "string") {
    throw invalidArgType(
      "options.hostname",
      "of type string or one of undefined or null",
      hostname,
    );
  }
  return { options, callback };
}
