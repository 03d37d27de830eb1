import {
  createMcpHandler,
  isLegacyRequest,
  type Server,
  type ServerEventBus,
} from "@modelcontextprotocol/server";
import { type DirectoryEnvironment, createDirectory } from "../relay/directory.ts";
import type { RelayPort } from "../relay/relay-client.ts";
import { VERSION } from "../version.ts";
import { type McpCaller, authInfoOf } from "./caller.ts";
import { type EventRows, createEventRows } from "./event-rows.ts";
import { streamWhenLate } from "./late-stream.ts";
import { LegacySessions } from "./legacy-sessions.ts";
import { idOf, rpcError } from "./rpc-error.ts";
import { createServer } from "./server.ts";
import { type SessionRows, createSessionRows } from "./session-rows.ts";
import { MESSAGES_PATH, SSE_PATH, SseSessions } from "./sse-sessions.ts";

/**
 * Milliseconds between comments on an open stream. A client that went away is noticed only by writing:
 * measured, at the third write. So this bounds how long its call goes on unwatched.
 */
const KEEP_ALIVE_MS = 2_000;

/**
 * Milliseconds that an answer may take to be plain JSON; one that takes longer is streamed (2026-07-28).
 * Nearly all are quicker, and an error keeps the status that the revision wants for it.
 */
const LATE_MS = 500;

export interface McpEndpoint {
  /**
   * @param request of the MCP face, with its body as JSON text that was read and checked
   * @param caller as the worker authenticated it
   */
  handle(request: Request, caller: McpCaller): Promise<Response>;
}

export interface McpDependencies {
  /** A server of its own for each request (2026-07-28), session (2025) or stream (2024-11-05). */
  readonly createServer: () => Server;
  readonly sessions: SessionRows;
  readonly events: EventRows;
  /** Where a change of a list is announced to those who listen (2026-07-28, subscriptions). */
  readonly changes?: ServerEventBus;
  readonly now?: () => number;
}

/**
 * The MCP face, inside the relay. 2026-07-28 requests stand alone and those of 2025 belong to a
 * session; both come to one address, and which one it is, the body says. 2024-11-05 has addresses of
 * its own.
 */
export function createMcpEndpoint(deps: McpDependencies): McpEndpoint {
  const now = deps.now ?? Date.now;
  const modern = createMcpHandler(deps.createServer, {
    legacy: "reject",
    responseMode: "auto",
    keepAliveMs: KEEP_ALIVE_MS,
    ...(deps.changes && { bus: deps.changes }),
  });
  const legacy = new LegacySessions({
    createServer: deps.createServer,
    rows: deps.sessions,
    events: deps.events,
    now,
    keepAliveMs: KEEP_ALIVE_MS,
  });
  const sse = new SseSessions({ createServer: deps.createServer, now });
  return {
    async handle(request, caller) {
      const { pathname } = new URL(request.url);
      if (pathname === SSE_PATH) return sse.open(caller);
      const body = request.method === "POST" ? await request.json() : undefined;
      if (pathname === MESSAGES_PATH) return sse.post(request, body, caller);
      if (await isLegacyRequest(request, body)) return legacy.handle(request, body, caller);
      if (deps.changes === undefined && isListening(body)) return nothingToHear(body);
      const leaving = new AbortController();
      // Its body was read; what is left of it may be left by us as well.
      const { url, method, headers } = request;
      const answer = modern.fetch(new Request(url, { method, headers, signal: leaving.signal }), {
        authInfo: authInfoOf(caller),
        parsedBody: body,
      });
      const pace = { lateMs: LATE_MS, keepAliveMs: KEEP_ALIVE_MS };
      return streamWhenLate(answer, pace, () => leaving.abort());
    },
  };
}

function isListening(body: unknown): boolean {
  return Object(body).method === "subscriptions/listen";
}

/** A stream on which nothing can ever come would only keep the relay from sleeping. */
function nothingToHear(body: unknown): Response {
  return rpcError(404, -32_601, "Nothing that can be listened to changes here.", idOf(body));
}

/** The endpoint of one relay, which is itself the shortest way to its container. */
export function createRelayMcp(
  relay: RelayPort,
  sql: SqlStorage,
  env: DirectoryEnvironment,
): McpEndpoint {
  return createMcpEndpoint({
    createServer: () =>
      createServer(({ container }) => createDirectory(env, { container, relay }), VERSION),
    sessions: createSessionRows(sql),
    events: createEventRows(sql),
  });
}
