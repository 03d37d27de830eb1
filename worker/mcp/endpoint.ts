import { createMcpHandler, isLegacyRequest } from "@modelcontextprotocol/server";
import { type DirectoryEnvironment, createDirectory } from "../relay/directory.ts";
import type { RelayPort } from "../relay/relay-client.ts";
import { VERSION } from "../version.ts";
import { type McpCaller, authInfoOf } from "./caller.ts";
import { LegacySessions } from "./legacy-sessions.ts";
import { type DirectoryOf, createServer } from "./server.ts";
import { type SessionRows, createSessionRows } from "./session-rows.ts";

/**
 * Milliseconds between comments on an open stream. A client that went away is noticed only by writing:
 * measured, at the third write. So this bounds how long its call goes on unwatched.
 */
const KEEP_ALIVE_MS = 2_000;

export interface McpEndpoint {
  /**
   * @param request of the MCP face, with its body as JSON text that was read and checked
   * @param caller as the worker authenticated it
   */
  handle(request: Request, caller: McpCaller): Promise<Response>;
}

export interface McpDependencies {
  readonly directoryOf: DirectoryOf;
  readonly sessions: SessionRows;
  readonly version: string;
  readonly now?: () => number;
}

/**
 * The MCP face, inside the relay. It serves every era at one address: 2026-07-28 requests stand
 * alone, those of 2025 belong to a session; which one it is, the body says.
 */
export function createMcpEndpoint(deps: McpDependencies): McpEndpoint {
  const newServer = () => createServer(deps.directoryOf, deps.version);
  const modern = createMcpHandler(newServer, {
    legacy: "reject",
    responseMode: "sse",
    keepAliveMs: KEEP_ALIVE_MS,
  });
  const legacy = new LegacySessions({
    createServer: newServer,
    rows: deps.sessions,
    now: deps.now ?? Date.now,
    keepAliveMs: KEEP_ALIVE_MS,
  });
  return {
    async handle(request, caller) {
      const body = request.method === "POST" ? await request.json() : undefined;
      if (await isLegacyRequest(request, body)) return legacy.handle(request, body, caller);
      const options = { authInfo: authInfoOf(caller), parsedBody: body };
      return modern.fetch(request, options);
    },
  };
}

/** The endpoint of one relay, which is itself the shortest way to its container. */
export function createRelayMcp(
  relay: RelayPort,
  sql: SqlStorage,
  env: DirectoryEnvironment,
): McpEndpoint {
  return createMcpEndpoint({
    directoryOf: ({ container }) => createDirectory(env, { container, relay }),
    sessions: createSessionRows(sql),
    version: VERSION,
  });
}
