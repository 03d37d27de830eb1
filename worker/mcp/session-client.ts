import { isInitializeRequest } from "@modelcontextprotocol/server";
import type { SessionClient } from "./caller.ts";

/** What a client said of itself at `initialize`. */
export function saidAt(initialize: unknown): SessionClient {
  if (!isInitializeRequest(initialize)) return {};
  const { clientInfo, protocolVersion } = initialize.params;
  return { name: clientInfo.name, protocolVersion };
}
