import npmUrl from "url/url.js";
import type { NodeContext } from "../../context.ts";
import { invalidArgType, nodeError } from "../errors/node-error.ts";
import { validateString } from "../errors/validate.ts";
import { punycode } from "./punycode.ts";

/** `url.pathToFileURL`: characters that a URL would take for something else are escaped. */
export function pathToFileURL(path: string, cwd: () => string): URL {
  validateString(path, "path");
  const absolute = path.startsWith("/") ? path : `${cwd()}/${path}`;
  const parts: string[] = [];
  for (const part of absolute.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  const slash = path.endsWith("/") && parts.length > 0 ? "/" : "";
  const escaped = `/${parts.join("/")}${slash}`.replaceAll(
    /[%\\\n\r\t?#]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
  return new URL(`file://${escaped}`);
}

export function fileURLToPath(input: string | URL): string {
  if (typeof input !== "string" && !(input instanceof URL)) {
    throw invalidArgType("path", "of type string or an instance of URL", input);
  }
  const url = typeof input === "string" ? new URL(input) : input;
  if (url.protocol !== "file:") {
    throw nodeError("ERR_INVALID_URL_SCHEME", "The URL must be of scheme file", TypeError);
  }
  if (url.hostname !== "") {
    throw nodeError(
      "ERR_INVALID_FILE_URL_HOST",
      `File URL host must be "localhost" or empty on linux`,
      TypeError,
    );
  }
  if (/%2f/i.test(url.pathname)) {
    throw nodeError(
      "ERR_INVALID_FILE_URL_PATH",
      "File URL path must not include encoded / characters",
      TypeError,
    );
  }
  return decodeURIComponent(url.pathname);
}

function urlToHttpOptions(url: URL): Record<string, unknown> {
  const { hostname } = url;
  const options: Record<string, unknown> = {
    __proto__: null,
    // Own properties that a program gave the URL, as Node does.
    ...(url as object),
    protocol: url.protocol,
    hostname: hostname.startsWith("[") ? hostname.slice(1, -1) : hostname,
    hash: url.hash,
    search: url.search,
    pathname: url.pathname,
    path: `${url.pathname}${url.search}`,
    href: url.href,
  };
  if (url.port !== "") options["port"] = Number(url.port);
  if (url.username !== "" || url.password !== "") {
    options["auth"] = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  }
  return options;
}

function formatUrl(value: unknown, options: Record<string, boolean> = {}): unknown {
  if (!(value instanceof URL)) return npmUrl["format"]?.(value);
  const { auth = true, fragment = true, search = true, unicode = false } = options;
  const copy = new URL(value);
  if (!fragment) copy.hash = "";
  if (!search) copy.search = "";
  if (!auth) {
    copy.username = "";
    copy.password = "";
  }
  return unicode ? copy.href.replace(copy.hostname, punycode.toUnicode(copy.hostname)) : copy.href;
}

/** `node:url`: the platform's WHATWG URL, and the npm package for the legacy functions. */
export function createUrl(node: NodeContext): unknown {
  const legacyParse = npmUrl["parse"] as (...args: unknown[]) => unknown;
  return {
    Url: npmUrl["Url"],
    parse: (text: unknown, ...rest: unknown[]) => {
      if (typeof text !== "string" && !(text instanceof Object)) {
        throw invalidArgType("url", "of type string", text);
      }
      return legacyParse(text, ...rest);
    },
    resolve: npmUrl["resolve"],
    resolveObject: npmUrl["resolveObject"],
    format: formatUrl,
    URL: globalThis.URL,
    URLSearchParams: globalThis.URLSearchParams,
    URLPattern: (globalThis as { URLPattern?: unknown }).URLPattern,
    domainToASCII: (domain: string) => domainVia(domain),
    domainToUnicode: (domain: string) => punycode.toUnicode(domainVia(domain)),
    pathToFileURL: (path: string) => pathToFileURL(path, () => node.process.cwd()),
    fileURLToPath,
    fileURLToPathBuffer: (input: string | URL) => new TextEncoder().encode(fileURLToPath(input)),
    urlToHttpOptions,
  };
}

function domainVia(domain: string): string {
  try {
    return new URL(`ws://${domain}`).hostname;
  } catch {
    return "";
  }
}
