import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Ready } from "#scripts/disco/ready-line.ts";
import { toolOperations } from "#protocol/registry.ts";
import { type TestDisco, startTestDisco } from "#test/support/disco-process.ts";

let running: TestDisco;
let ready: Ready;

beforeAll(async () => {
  running = await startTestDisco();
  ready = running.disco.ready;
});
afterAll(() => running.stop());

interface ToolResult {
  readonly isError?: boolean | undefined;
  readonly structuredContent?: unknown;
}

/** What the tests need of a client, whichever it is. */
interface AnyClient {
  listTools(): Promise<string[]>;
  call(name: string, args: Record<string, unknown>): Promise<ToolResult>;
  close(): Promise<void>;
}

const withToken = () => ({ requestInit: { headers: { Authorization: `Bearer ${ready.token}` } } });

async function connectV2(mode: "legacy" | { pin: string }): Promise<AnyClient> {
  const client = new Client({ name: "e2e v2", version: "1" }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(ready.mcp), withToken()));
  return {
    listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: (name, args) => client.callTool({ name, arguments: args }),
    close: () => client.close(),
  };
}

async function connectV1(): Promise<AnyClient> {
  const client = new ClientV1({ name: "e2e v1", version: "1" });
  const transport = new TransportV1(new URL(ready.mcp), withToken());
  await client.connect(transport);
  return {
    listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args) => (await client.callTool({ name, arguments: args })) as ToolResult,
    close: () => client.close(),
  };
}

/** REST as any program without an SDK speaks it. */
async function connectRest(): Promise<AnyClient> {
  const headers = { Authorization: `Bearer ${ready.token}`, "Content-Type": "application/json" };
  const routes: Record<string, { method: string; path: string }> = {};
  const tools = new Set<string>(toolOperations.map(({ name }) => name));
  const origin = new URL(ready.api).origin;
  const document = (await (await fetch(`${origin}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { operationId }] of Object.entries(methods)) {
      routes[operationId] = { method: method.toUpperCase(), path };
    }
  }
  return {
    // REST has more routes than there are tools.
    listTools: async () => Object.keys(routes).filter((name) => tools.has(name)),
    async call(name, args) {
      const { method, path } = routes[name] ?? { method: "GET", path: "/unknown" };
      const url = new URL(path.replace("{container}", "current"), origin);
      if (method === "GET") {
        for (const [key, value] of Object.entries(args)) url.searchParams.set(key, String(value));
      }
      const body = method === "GET" ? {} : { body: JSON.stringify(args) };
      const response = await fetch(url, { method, headers, ...body });
      return { isError: !response.ok, structuredContent: await response.json() };
    },
    close: async () => {},
  };
}

const clients: [string, () => Promise<AnyClient>][] = [
  ["the v2 client on MCP 2026-07-28", () => connectV2({ pin: "2026-07-28" })],
  ["the v2 client on MCP of 2025", () => connectV2("legacy")],
  ["the v1 client", connectV1],
  ["plain fetch", connectRest],
];

describe.each(clients)("%s", (label, connect) => {
  const folder = `work-${label.replaceAll(/\W+/g, "-")}`;
  let client: AnyClient;

  beforeAll(async () => {
    client = await connect();
  });
  afterAll(() => client.close());

  it("lists every tool", async () => {
    const tools = toolOperations.map(({ name }) => name);
    expect((await client.listTools()).toSorted()).toEqual(tools.toSorted());
  });

  it("finds the container ready", async () => {
    const status = await client.call("container_status", {});
    expect(status.structuredContent).toMatchObject({ state: "ready", container: ready.container });
  });

  it("writes files, runs a pipeline over them and reads the result", async () => {
    const text = "größer\n東京\n🎈 party\nкит\n";
    for (const name of ["a.txt", "b.txt"]) {
      const written = await client.call("write_file", { path: `${folder}/${name}`, content: text });
      expect(written.isError ?? false).toBe(false);
      expect(written.structuredContent).toMatchObject({
        created: true,
        bytes: Buffer.byteLength(text),
      });
    }
    const listed = await client.call("list_files", { path: folder });
    expect(listed.structuredContent).toMatchObject({
      total: 2,
      entries: [{ path: `${folder}/a.txt` }, { path: `${folder}/b.txt` }],
    });
    const command = "cat *.txt | sort | uniq -c | sort -k2 | awk '{print $2\":\"$1}' | tee sum.out";
    const run = await client.call("run_command", { command, cwd: folder });
    expect(run.structuredContent).toMatchObject({ status: "exited", exit_code: 0 });
    const read = await client.call("read_file", { path: `${folder}/sum.out` });
    const lines = (read.structuredContent as { text: string }).text.trimEnd().split("\n");
    expect(lines.toSorted()).toEqual(["größer:2", "кит:2", "東京:2", "🎈:2"].toSorted());
  });

  it("is told in words what is wrong", async () => {
    const missing = await client.call("read_file", { path: `${folder}/none.txt` });
    expect(missing.isError).toBe(true);
    expect(JSON.stringify(missing)).toMatch(/file_not_found/);
    const outside = await client.call("write_file", { path: "../../etc/x", content: "x" });
    expect(outside.isError).toBe(true);
    expect(JSON.stringify(outside)).toMatch(/path_outside_workspace/);
  });
});
