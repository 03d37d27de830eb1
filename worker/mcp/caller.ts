import type { AuthInfo } from "@modelcontextprotocol/server";
import type { Principal } from "../identity/principal.ts";
import type { ContainerRef } from "../operations/context.ts";

/** What the worker tells the relay about a request it has checked. Plain data: it crosses RPC. */
export interface McpCaller {
  readonly principal: Principal;
  /** The principal's default container, whose relay serves the request. */
  readonly container: ContainerRef;
  readonly openUrl: string;
  readonly local: boolean;
}

/** The SDK hands this through to the handlers; the token itself stays in the worker. */
export function authInfoOf(caller: McpCaller): AuthInfo {
  return {
    token: "",
    clientId: caller.principal.client.id,
    scopes: [...caller.principal.scopes],
    extra: { caller },
  };
}

export function callerOf(authInfo: AuthInfo | undefined): McpCaller {
  const caller = authInfo?.extra?.["caller"];
  if (caller === undefined) throw new Error("An MCP request came without its caller.");
  return caller as McpCaller;
}
