import {
  Client,
  StreamableHTTPClientTransport,
  type VersionNegotiationMode,
} from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { WorkFrame } from "#protocol/frames.ts";
import { toolOperations } from "#protocol/registry.ts";
import { EdgeRig } from "#test/support/edge-rig.ts";
import { smallWorkspace } from "#test/support/small-workspace.ts";

interface ToolResult {
  isError?: boolean;
  content: { type: string; text: string }[];
  structuredContent?: Record<string, unknown>;
  _meta?: Record<string, unknown>;
}

/** What the three clients have in common, as these tests use it. */
interface AnyClient {
  listTools(): Promise<{ tools: { name: string }[] }>;
  callTool(
    call: { name: string; arguments: Record<string, unknown> },
    options?: { signal?: AbortSignal },
  ): Promise<ToolResult>;
  close(): Promise<void>;
}

const files = new Map([["src/app.ts", "one\ntwo\n"]]);
const seen: WorkFrame[] = [];
const open: AnyClient[] = [];
let rig: EdgeRig;

beforeAll(async () => {
  rig = await EdgeRig.start();
  const workspace = smallWorkspace(files);
  await rig.attach((work) => {
    seen.push(work);
    return work.input["command"] === "sleep" ? new Promise(() => {}) : workspace(work);
  });
});
afterEach(async () => {
  for (const client of open.splice(0)) await client.close();
});
afterAll(() => rig.close());

const endpoint = () => new URL("/mcp", rig.worker.url);

async function newClient(mode: VersionNegotiationMode): Promise<AnyClient & Client> {
  const client = new Client(
    { name: "a test\u202e client", version: "1.0.0" },
    { versionNegotiation: { mode } },
  );
  const requestInit = { headers: rig.auth };
  await client.connect(new StreamableHTTPClientTransport(endpoint(), { requestInit }));
  open.push(client as unknown as AnyClient);
  return client as unknown as AnyClient & Client;
}

async function oldClient(): Promise<AnyClient & { transport: OldTransport }> {
  const client = new OldClient({ name: "old client", version: "1.0.0" });
  const transport = new OldTransport(endpoint(), { requestInit: { headers: rig.auth } });
  await client.connect(transport);
  open.push(client as unknown as AnyClient);
  return client as unknown as AnyClient & { transport: OldTransport };
}

const clients: [string, () => Promise<AnyClient>][] = [
  ["the v2 client, 2026-07-28", () => newClient({ pin: "2026-07-28" })],
  ["the v2 client, 2025", () => newClient("legacy")],
  ["the v1 SDK's client", oldClient],
];

describe.each(clients)("%s", (_name, connect) => {
  it("lists every operation as a tool", async () => {
    const client = await connect();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(toolOperations.map(({ name }) => name));
  });

  it("writes, runs and reads through the tab", async () => {
    const client = await connect();
    const path = `${crypto.randomUUID()}.txt`;
    const written = await client.callTool({
      name: "write_file",
      arguments: { path, content: "alpha\nbeta\n" },
    });
    expect(written.structuredContent).toMatchObject({ path, bytes: 11, created: true });
    const read = await client.callTool({ name: "read_file", arguments: { path } });
    expect(read.content[0]?.text).toBe("     1\talpha\n     2\tbeta\n\nLines 1-2 of 2.");
    const ran = await client.callTool({ name: "run_command", arguments: { command: "ls" } });
    expect(ran.isError ?? false).toBe(false);
    expect(ran.content[0]?.text).toBe("ran ls\n[exit 0, 0.0 s]");
  });

  it("reads a failure as a result with isError and a next step", async () => {
    const client = await connect();
    const result = await client.callTool({ name: "read_file", arguments: { path: "none" } });
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toBe(
      "file_not_found: There is no none. Next: Call list_files to see what exists.",
    );
    const { _meta: meta } = result;
    expect(meta?.["disco/error"]).toMatchObject({ code: "file_not_found", status: 404 });
  });
});

describe("the eras", () => {
  it("tells the tab the client's own name, without what disguises it", async () => {
    for (const mode of ["legacy", { pin: "2026-07-28" }] as const) {
      const client = await newClient(mode);
      await client.callTool({ name: "list_files", arguments: {} });
      expect(seen.at(-1)?.client).toBe("a test client");
    }
  });

  it("finds 2026-07-28 by itself, with instructions", async () => {
    const client = await newClient("auto");
    expect(client.getNegotiatedProtocolVersion()).toBe("2026-07-28");
    expect(client.getInstructions()?.slice(0, 512)).toContain("container_status");
  });

  it("ends a session on DELETE: its id is unknown afterwards", async () => {
    const client = await oldClient();
    const { transport } = client;
    const id = transport.sessionId as string;
    await transport.terminateSession();
    const answer = await listTools(id);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { code: -32_001 } });
  });

  it("has no GET stream, which would keep the relay awake", async () => {
    const answer = await rig.api("/mcp", { headers: { Accept: "text/event-stream" } });
    expect([answer.status, answer.headers.get("Allow")]).toEqual([405, "POST, DELETE, OPTIONS"]);
    expect(await answer.json()).toMatchObject({ error: { data: { code: "method_not_allowed" } } });
  });

  it("does not know sessions that it never gave", async () => {
    const answer = await listTools(crypto.randomUUID());
    expect(answer.status).toBe(404);
    await answer.text();
  });
});

function listTools(session: string) {
  return rig.api("/mcp", {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      "Mcp-Session-Id": session,
      "Mcp-Protocol-Version": "2025-06-18",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 7, method: "tools/list" }),
  });
}

describe("what survives", () => {
  it("keeps a session when its object sleeps and wakes", async () => {
    const client = await oldClient();
    await client.listTools();
    await rig.worker.evict("CONTAINER_RELAY", await rig.container(), "hibernate");
    const result = await client.callTool({ name: "list_files", arguments: {} });
    expect(result.isError ?? false).toBe(false);
    expect(seen.at(-1)?.client).toBe("old client");
  });
});

describe("rows of sessions", () => {
  it("are bounded: the oldest go when a new session begins", async () => {
    const container = await rig.container();
    const count = async () => {
      const sql = "SELECT count(*) AS n FROM mcp_sessions";
      return (await rig.worker.query("CONTAINER_RELAY", container, sql))[0]?.["n"] as number;
    };
    await rig.worker.query(
      "CONTAINER_RELAY",
      container,
      `WITH RECURSIVE many(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM many WHERE i < 600)
       INSERT INTO mcp_sessions SELECT 'old-' || i, 'local', 'local', '{}', ${Date.now()} - i FROM many`,
    );
    expect(await count()).toBeGreaterThanOrEqual(600);
    const client = await oldClient();
    expect(await count()).toBe(512);
    const result = await client.callTool({ name: "list_files", arguments: {} });
    expect(result.isError ?? false).toBe(false);
  });
});

describe("cancellation", () => {
  it.each([
    ["notifications/cancelled, 2025", "legacy"],
    ["a closed stream, 2026-07-28", { pin: "2026-07-28" }],
  ] as [string, VersionNegotiationMode][])("reaches the tab [CALL-9]: %s", async (_how, mode) => {
    const client = await newClient(mode);
    const tab = await rig.attach(() => new Promise(() => {}));
    const abort = new AbortController();
    const call = client.callTool(
      { name: "run_command", arguments: { command: "sleep" } },
      { signal: abort.signal },
    );
    await expect.poll(() => tab.received.some(({ type }) => type === "go")).toBe(true);
    abort.abort();
    await expect(call).rejects.toThrow(/abort/i);
    await expect
      .poll(() => tab.received.some(({ type }) => type === "cancel"), { timeout: 12_000 })
      .toBe(true);
  });
});
