import {
  Client,
  StreamableHTTPClientTransport,
  type VersionNegotiationMode,
} from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { AnyClient, ClientKind, SignIn, ToolResult } from "./any-client.ts";

/** The SDK's own clients: what most hosts are made of. */
export const sdkClients: readonly ClientKind[] = [
  v2("the v2 client on MCP 2026-07-28", { pin: "2026-07-28" }),
  v2("the v2 client that looks for itself", "auto"),
  v2("the v2 client on MCP of 2025", "legacy"),
  {
    name: "the v1 client",
    connect: (service, signIn) =>
      connectV1(signIn, (init) => new TransportV1(new URL(service.mcp), init)),
  },
  {
    name: "the v1 client over SSE",
    connect: (service, signIn) =>
      connectV1(signIn, (init) => new SSEClientTransport(new URL("/sse", service.origin), init)),
  },
];

function v2(name: string, mode: VersionNegotiationMode): ClientKind {
  return {
    name,
    async connect(service, signIn) {
      const client = new Client({ name, version: "1" }, { versionNegotiation: { mode } });
      const requestInit = await requestInitOf(signIn, name);
      const url = new URL(service.mcp);
      await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
      return {
        listTools: async () => (await client.listTools()).tools.map((tool) => tool.name),
        call: (tool, args) => client.callTool({ name: tool, arguments: args }),
        close: () => client.close(),
      };
    },
  };
}

async function connectV1(
  signIn: SignIn,
  transportOf: (init: { requestInit: RequestInit }) => TransportV1 | SSEClientTransport,
): Promise<AnyClient> {
  const client = new ClientV1({ name: "e2e v1", version: "1" });
  const requestInit = await requestInitOf(signIn, "e2e v1");
  await client.connect(transportOf({ requestInit }));
  return {
    listTools: async () => (await client.listTools()).tools.map((tool) => tool.name),
    call: async (tool, args) =>
      (await client.callTool({ name: tool, arguments: args })) as ToolResult,
    close: () => client.close(),
  };
}

async function requestInitOf(signIn: SignIn, client: string): Promise<RequestInit> {
  const { authorization } = await signIn(client);
  return { headers: { Authorization: authorization } };
}
