import type { NodeContext } from "../../context.ts";
import type { IncomingMessage } from "../http/incoming-message.ts";
import type { ReadableLike, WritableLike } from "../stream/stream-types.ts";

type RawRequest = WritableLike & {
  on(event: "response", listener: (response: IncomingMessage) => void): RawRequest;
};

const MAX_REDIRECTS = 20;
const redirects = new Set([301, 302, 303, 307, 308]);
const withoutBody = new Set([101, 204, 205, 304]);
const secrets = ["authorization", "cookie", "proxy-authorization"];

/** The guest's `fetch`, over our own http and https: ports of the container, and hosts that are allowed. */
export function createFetch(node: NodeContext): typeof fetch {
  return async (input, init) => {
    const request = new Request(input instanceof URL ? input.href : input, init);
    const url = new URL(request.url);
    if (url.protocol === "data:" || url.protocol === "blob:") {
      return node.loop.track("FETCH", node.natives.fetch(request));
    }
    checkScheme(url);
    const body = request.body === null ? null : new Uint8Array(await request.arrayBuffer());
    return node.loop.track("FETCH", follow(node, request, url, body));
  };
}

function checkScheme(url: URL): void {
  if (url.protocol === "http:" || url.protocol === "https:") return;
  throw new TypeError("fetch failed", { cause: new Error("unknown scheme") });
}

async function follow(
  node: NodeContext,
  request: Request,
  first: URL,
  firstBody: Uint8Array | null,
): Promise<Response> {
  let url = first;
  let { method } = request;
  let body = firstBody;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const raw = await send(node, request, url, method, body);
    const { location } = raw.headers as { location?: string };
    if (
      !redirects.has(raw.statusCode ?? 0) ||
      location === undefined ||
      request.redirect === "manual"
    ) {
      return toResponse(node, request.signal, raw, url, hop > 0, method);
    }
    raw.resume();
    if (request.redirect === "error")
      throw new TypeError("fetch failed", { cause: new Error("unexpected redirect") });
    const next = new URL(location, url);
    checkScheme(next);
    // What was meant for one host is not told another (Fetch standard, HTTP-redirect fetch).
    if (next.origin !== url.origin) for (const name of secrets) request.headers.delete(name);
    url = next;
    if (raw.statusCode === 303 || (method === "POST" && (raw.statusCode ?? 0) < 303)) {
      method = "GET";
      body = null;
    }
  }
  throw new TypeError("fetch failed", { cause: new Error("redirect count exceeded") });
}

function send(
  node: NodeContext,
  request: Request,
  url: URL,
  method: string,
  body: Uint8Array | null,
): Promise<IncomingMessage> {
  const headers: Record<string, string> = Object.fromEntries(request.headers);
  headers["accept"] ??= "*/*";
  headers["accept-language"] ??= "*";
  headers["user-agent"] ??= "node";
  headers["sec-fetch-mode"] ??= "cors";
  headers["accept-encoding"] ??= "gzip, deflate";
  if (body !== null) headers["content-length"] = String(body.byteLength);
  const name = url.protocol === "https:" ? "https" : "http";
  const http = node.builtin<{ request(url: URL, options: object): RawRequest }>(name);
  return new Promise((resolve, reject) => {
    const { signal } = request;
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const raw = http.request(url, { method, headers });
    const abort = () => raw.destroy(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
    raw.on("response", (response) => {
      signal.removeEventListener("abort", abort);
      resolve(response);
    });
    raw.on("error", (cause: Error) => {
      reject(signal.aborted ? (signal.reason as Error) : new TypeError("fetch failed", { cause }));
    });
    raw.end(body ?? undefined);
  });
}

function decoded(node: NodeContext, raw: IncomingMessage): ReadableLike {
  const encoding = String(raw.headers["content-encoding"] ?? "").toLowerCase();
  if (encoding !== "gzip" && encoding !== "deflate") return raw;
  const zlib = node.builtin<Record<"createGunzip" | "createInflate", () => ReadableLike>>("zlib");
  const plain = encoding === "gzip" ? zlib.createGunzip() : zlib.createInflate();
  raw.on("error", (error: Error) => plain.destroy(error));
  return raw.pipe(plain);
}

/** The body's stream, which fails with the signal's reason once that fires. */
function bodyOf(node: NodeContext, raw: IncomingMessage, signal: AbortSignal): ReadableStream {
  const { Readable } = node.builtin<{ Readable: { toWeb(stream: ReadableLike): ReadableStream } }>(
    "stream",
  );
  const stream = decoded(node, raw);
  const abort = () => {
    stream.destroy(signal.reason as Error);
    raw.destroy();
  };
  signal.addEventListener("abort", abort, { once: true });
  return Readable.toWeb(stream);
}

function toResponse(
  node: NodeContext,
  signal: AbortSignal,
  raw: IncomingMessage,
  url: URL,
  redirected: boolean,
  method: string,
): Response {
  const headers = new Headers();
  for (let index = 0; index + 1 < raw.rawHeaders.length; index += 2) {
    headers.append(raw.rawHeaders[index] as string, raw.rawHeaders[index + 1] as string);
  }
  const status = raw.statusCode ?? 200;
  const empty = withoutBody.has(status) || method === "HEAD";
  if (empty) raw.resume();
  const response = new Response(empty ? null : bodyOf(node, raw, signal), {
    status,
    statusText: raw.statusMessage ?? "",
    headers,
  });
  Object.defineProperties(response, {
    // A browser's own Response hides cookies (Fetch standard, forbidden response-header names).
    headers: { value: headers, configurable: true },
    url: { value: url.href, configurable: true },
    redirected: { value: redirected, configurable: true },
  });
  return response;
}
