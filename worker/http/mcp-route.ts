import type { Hono } from "hono";
import { authenticate } from "../identity/authenticate.ts";
import { boundDirectory } from "../identity/bound-directory.ts";
import { guardedStream } from "../identity/guarded-stream.ts";
import { selectedTools } from "../mcp/selection.ts";
import { MESSAGES_PATH, SSE_PATH } from "../mcp/sse-sessions.ts";
import type { AppContext, AppEnv } from "./app-env.ts";
import { parseJson, readBodyText, requireJson } from "./body.ts";
import { servingConfig } from "./configured.ts";
import { pageUrl } from "./origins.ts";
import { MethodNotAllowed, addRoute } from "./routes.ts";

/** Headers that mean something to MCP; credentials stay in the worker. */
const MCP_HEADERS = [
  "Accept",
  "Content-Type",
  "Last-Event-ID",
  "Mcp-Method",
  "Mcp-Name",
  "Mcp-Protocol-Version",
  "Mcp-Session-Id",
];

/** Every address of the MCP face. Its errors are messages of JSON-RPC. */
export const MCP_PATHS: readonly string[] = ["/mcp", SSE_PATH, MESSAGES_PATH];

/** `/mcp` speaks every revision but 2024-11-05, which has a stream and an address to post to. */
export function addMcpRoutes(app: Hono<AppEnv>): void {
  addRoute(app, "/mcp", { POST: toRelay, DELETE: toRelay, GET: resume });
  addRoute(app, SSE_PATH, { GET: toRelay });
  addRoute(app, MESSAGES_PATH, { POST: toRelay });
}

/**
 * The rest of a stream that broke. There is no other GET stream (2025-11-25, transports, "Listening for
 * Messages from the Server": 405): the server sends nothing unasked, and one open stream would keep the
 * relay from ever sleeping.
 */
function resume(context: AppContext): Promise<Response> {
  if (context.req.header("Last-Event-ID") !== undefined) return toRelay(context);
  throw new MethodNotAllowed("GET", "POST, DELETE, OPTIONS");
}

/** The worker checks who calls and what arrives; the caller's relay speaks MCP. */
async function toRelay(context: AppContext): Promise<Response> {
  servingConfig(context);
  const { raw } = context.req;
  const principal = await authenticate(context);
  const container = await boundDirectory(context.get("containers"), principal).resolve(
    principal.user,
    undefined,
  );
  const request = await relayedRequest(raw, context);
  const relay = context.env.CONTAINER_RELAY.getByName(container.id);
  const answer = await relay.mcp(request, {
    principal,
    container,
    app: context.get("origins").app,
    openUrl: pageUrl(context.get("origins")),
    previews: context.get("origins").previews,
    tools: selectedTools(new URL(raw.url), raw.headers),
  });
  if (answer.body === null) return new Response(null, answer);
  return new Response(
    guardedStream(answer.body, () => authenticate(context)),
    answer,
  );
}

async function relayedRequest(raw: Request, context: AppContext): Promise<Request> {
  const headers = new Headers();
  for (const name of MCP_HEADERS) {
    const value = raw.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  if (raw.method !== "POST") return new Request(raw.url, { method: raw.method, headers });
  requireJson(raw.headers);
  const body = await readBodyText(raw);
  logMessage(parseJson(body), context);
  return new Request(raw.url, { method: "POST", headers, body });
}

function logMessage(message: unknown, context: AppContext): void {
  const { method, params } = Object(message) as { method?: unknown; params?: unknown };
  const { name } = Object(params) as { name?: unknown };
  const fields = context.get("logFields");
  if (typeof method === "string") fields["mcp_method"] = method.slice(0, 64);
  if (typeof name === "string") fields["operation"] = name.slice(0, 64);
}
