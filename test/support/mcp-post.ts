import { bearer } from "./accounts.ts";
import type { EdgeRig } from "./edge-rig.ts";

const VERSION = "2026-07-28";

const envelope = {
  "io.modelcontextprotocol/protocolVersion": VERSION,
  "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

/** What /mcp said to one request: its last message, whichever form the answer has. */
export interface McpAnswer<Result = Record<string, unknown>> {
  readonly status: number;
  readonly id: unknown;
  readonly result?: Result;
  readonly error?: { readonly code: number; readonly message: string };
}

/**
 * One request of 2026-07-28, byte for byte as the test wants it.
 *
 * @param token null: none
 */
export async function postMcp<Result>(
  rig: EdgeRig,
  token: string | null,
  method: string,
  params: { readonly name?: string; readonly uri?: string } & Record<string, unknown>,
): Promise<McpAnswer<Result>> {
  const response = await rig.worker.fetch("/mcp", {
    method: "POST",
    headers: {
      ...(token !== null && bearer(token)),
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      "Mcp-Protocol-Version": VERSION,
      "Mcp-Method": method,
      "Mcp-Name": params.name ?? params.uri ?? "",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: envelope } }),
  });
  const text = await response.text();
  const events = text.split("\n").filter((line) => line.startsWith("data: "));
  const message = JSON.parse(events.at(-1)?.slice("data: ".length) ?? text) as object;
  return { status: response.status, ...message } as McpAnswer<Result>;
}
