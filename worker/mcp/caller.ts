import {
  type AuthInfo,
  CLIENT_INFO_META_KEY,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { Principal } from "../identity/principal.ts";
import type { ContainerRef } from "../operations/context.ts";

/** What the worker tells the relay about a request it has checked. Plain data: it crosses RPC. */
export interface McpCaller {
  readonly principal: Principal;
  /** The container that the client's session is bound to; its relay serves the request. */
  readonly container: ContainerRef;
  /** Origin of the faces, where a client asks for what it lacks. */
  readonly app: string;
  readonly openUrl: string;
  readonly previews: string;
  /** Names of the tools that this connection selected; null: all. */
  readonly tools: readonly string[] | null;
}

/** What the client of a session said of itself. */
export interface SessionClient {
  readonly name?: string | undefined;
  /** The revision that it asked for. */
  readonly protocolVersion?: string | undefined;
}

/** The first revision whose results may link to resources (its changelog, "resource links"). */
const RESOURCE_LINKS_SINCE = "2025-06-18";

/**
 * The SDK hands this through to the handlers; the token itself stays in the worker.
 *
 * @param session what a session's client said at `initialize`; other requests say it each time
 */
export function authInfoOf(caller: McpCaller, session: SessionClient = {}): AuthInfo {
  return {
    token: "",
    clientId: caller.principal.client.id,
    scopes: [...caller.principal.scopes],
    extra: { caller, session },
  };
}

export function callerOf(authInfo: AuthInfo | undefined): McpCaller {
  const caller = authInfo?.extra?.["caller"];
  if (caller === undefined) throw new Error("An MCP request came without its caller.");
  return caller as McpCaller;
}

/** What the client calls itself: in the envelope since 2026-07-28, at `initialize` before. */
export function clientNameOf({ mcpReq, http }: ServerContext): string | undefined {
  const envelope: Record<string, unknown> = mcpReq.envelope ?? {};
  const { name } = Object(envelope[CLIENT_INFO_META_KEY]) as { name?: unknown };
  const claimed = name ?? sessionOf(http).name;
  return typeof claimed === "string" ? claimed : undefined;
}

/** Whether the client knows links in results; one of an older revision may refuse the whole result. */
export function knowsResourceLinks({ mcpReq, http }: ServerContext): boolean {
  if (mcpReq.envelope !== undefined) return true;
  return (sessionOf(http).protocolVersion ?? "") >= RESOURCE_LINKS_SINCE;
}

function sessionOf(http: ServerContext["http"]): SessionClient {
  return Object(http?.authInfo?.extra?.["session"]) as SessionClient;
}
