import { RESERVED_PATH } from "#protocol/previews.ts";
import { insertScript } from "../html/insert-script.ts";
import { decodeBody } from "../http/decode-body.ts";
import { exchange, type IncomingResponse } from "../http/exchange.ts";
import { INJECTED_FILE } from "../messages.ts";
import { type Bridge, connectThrough } from "./bridges.ts";
import { type CookieStore, cookieHeader, keepCookies } from "./cookies.ts";
import { requestHeaders } from "./request-headers.ts";
import { type Place, responseHeaders } from "./response-headers.ts";

const SCRIPT = `<script src="${RESERVED_PATH}${INJECTED_FILE}"></script>`;

/** What asks for a document, in which scripts will run (Fetch standard, `destination`). */
const DOCUMENTS = new Set(["document", "iframe", "frame", "embed", "object"]);

export interface Browser {
  readonly origin: string;
  readonly userAgent: string;
  readonly languages: readonly string[];
  readonly cookies: CookieStore | undefined;
}

/**
 * Asks the program behind the bridge, and gives its answer to the browser.
 *
 * @throws ConnectionRefused, BadResponse, what the connection fails with, or what the browser says of a
 *   status or a coding that it does not take
 */
export async function answer(
  request: Request,
  bridge: Bridge,
  browser: Browser,
): Promise<Response> {
  const url = new URL(request.url);
  const [connection, cookie] = await Promise.all([
    connectThrough(bridge),
    cookieHeader(browser.cookies),
  ]);
  const { port } = connection;
  const givenUp = new AbortController();
  const incoming = await exchange(
    {
      method: request.method,
      target: url.pathname + url.search,
      headers: requestHeaders(request, { ...browser, port, cookie }),
      body: await bodyOf(request),
    },
    connection,
    AbortSignal.any([request.signal, givenUp.signal]),
  );
  await keepCookies(browser.cookies, valuesOf(incoming, "set-cookie"));
  const place = { origin: browser.origin, port, embedder: bridge.embedder, url: request.url };
  try {
    return toResponse(incoming, place, DOCUMENTS.has(request.destination));
  } catch (error) {
    // Nobody will read the body, and the program must not wait for that.
    givenUp.abort();
    throw error;
  }
}

function toResponse(incoming: IncomingResponse, place: Place, isDocument: boolean): Response {
  const { status, reason } = incoming;
  const decoded = decodeBody(incoming);
  const injects = isDocument && isHtml(incoming);
  const body = injects ? decoded?.pipeThrough(insertScript(SCRIPT)) : decoded;
  const keepsLength = body === incoming.body;
  return new Response(body ?? null, {
    status,
    statusText: /^[\t\x20-\x7e\x80-\xff]*$/.test(reason) ? reason : "",
    headers: responseHeaders(incoming.headers, place, keepsLength),
  });
}

/** A script in ASCII cannot stand in UTF-16. */
function isHtml(incoming: IncomingResponse): boolean {
  const type = valuesOf(incoming, "content-type").at(-1)?.toLowerCase() ?? "";
  return /^(?:text\/html|application\/xhtml\+xml)\b/.test(type) && !/utf-?16/.test(type);
}

/** Firefox gives a request's body only whole. */
async function bodyOf(request: Request): Promise<ReadableStream<Uint8Array> | null> {
  if (request.method === "GET" || request.method === "HEAD") return null;
  if ("body" in request) return request.body;
  return new Response(await (request as Request).arrayBuffer()).body;
}

function valuesOf({ headers }: IncomingResponse, name: string): string[] {
  return headers.filter(([given]) => given.toLowerCase() === name).map(([, value]) => value);
}
