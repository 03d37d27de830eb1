import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Outcome, WorkFrame } from "#protocol/frames.ts";
import { toolOperations } from "#protocol/registry.ts";
import { EdgeRig } from "#test/support/edge-rig.ts";
import { mcpRevisions } from "#worker/mcp/revisions.ts";
import { smallWorkspace } from "#test/support/small-workspace.ts";

const files = new Map([["a.txt", "one\n"]]);
const workspace = smallWorkspace(files);
const seen: WorkFrame[] = [];
const open: OldClient[] = [];
/** The calls of `sleep`, which end when a test says so. */
const sleeping: ((outcome: Outcome) => void)[] = [];
let rig: EdgeRig;

beforeAll(async () => {
  rig = await EdgeRig.start("test/support/workerd/mortal-worker.ts");
  await rig.attach((work) => {
    seen.push(work);
    if (work.input["command"] !== "sleep") return workspace(work);
    return new Promise((resolve) => sleeping.push(resolve));
  });
});
afterEach(async () => {
  for (const client of open.splice(0)) await client.close();
});
afterAll(() => rig.close());

async function sseClient(query = ""): Promise<OldClient> {
  const client = new OldClient({ name: "sse client", version: "1.0.0" });
  const url = new URL(`/sse${query}`, rig.worker.url);
  await client.connect(new SSEClientTransport(url, { requestInit: { headers: rig.auth } }));
  open.push(client);
  return client;
}

describe("2024-11-05, HTTP with SSE", () => {
  it("serves the same tools", async () => {
    const client = await sseClient();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(toolOperations.map(({ name }) => name));
    const read = await client.callTool({ name: "read_file", arguments: { path: "a.txt" } });
    expect(read.structuredContent).toMatchObject({ text: "one\n" });
    expect(seen.at(-1)?.client).toBe("sse client");
  });

  it("offers what was selected, and nothing else", async () => {
    const client = await sseClient("?toolsets=files&readonly=1");
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      "container_status",
      "list_files",
      "read_file",
      "search_text",
    ]);
    const refused = await client.callTool({ name: "write_file", arguments: { path: "b" } });
    expect(JSON.stringify(refused)).toContain("unknown_operation");
  });

  it("needs a token on both addresses", async () => {
    for (const [path, method] of [
      ["/sse", "GET"],
      ["/messages?sessionId=x", "POST"],
    ] as const) {
      const answer = await rig.worker.fetch(path, { method });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ jsonrpc: "2.0", error: {} });
    }
  });
});

/** One message of 2025-11-25, as a client without an SDK sends it. */
function post(message: object, headers: Record<string, string> = {}) {
  return rig.api("/mcp", {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      "Mcp-Protocol-Version": "2025-11-25",
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: "2.0", ...message }),
  });
}

async function begin(): Promise<Record<string, string>> {
  const clientInfo = { name: "raw client", version: "1" };
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
  const answer = await post({ id: 0, method: "initialize", params });
  await answer.text();
  const session = { "Mcp-Session-Id": answer.headers.get("Mcp-Session-Id") ?? "" };
  await (await post({ method: "notifications/initialized" }, session)).text();
  return session;
}

/** Begins a call that sleeps, hears the id of its stream's first event, and hangs up. */
async function callAndHangUp(session: Record<string, string>): Promise<string> {
  const before = sleeping.length;
  const params = { name: "run_command", arguments: { command: "sleep" } };
  const answer = await post({ id: 9, method: "tools/call", params }, session);
  const reader = (answer.body as unknown as ReadableStream<Uint8Array>).getReader();
  const first = new TextDecoder().decode((await reader.read()).value);
  await expect.poll(() => sleeping.length).toBe(before + 1);
  await reader.cancel();
  return /^id: (\S+)/m.exec(first)?.[1] ?? "";
}

function resume(session: Record<string, string>, last: string) {
  const headers = { Accept: "text/event-stream", "Last-Event-ID": last, ...session };
  return rig.api("/mcp", { headers });
}

const finished: Outcome = {
  ok: true,
  output: {
    status: "exited",
    exit_code: 0,
    stdout: "slept well\n",
    stderr: "",
    duration_ms: 1,
    truncated: false,
    process_id: null,
    ports: [],
    cursor: 0,
  },
};

describe("a stream of 2025-11-25 that breaks", () => {
  it("does not end its call, and goes on where it ended, while it runs", async () => {
    const session = await begin();
    const last = await callAndHangUp(session);
    const resumed = await resume(session, last);
    expect(resumed.status).toBe(200);
    sleeping.at(-1)?.(finished);
    const text = await resumed.text();
    expect(text).toContain("slept well");
    expect(text).toContain('"id":9');
  });

  it("is told to be lost when its object died before the answer, with a next step", async () => {
    const session = await begin();
    const answer = await resume(session, `${crypto.randomUUID()}.0`);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("Next: look with container_status");
  });

  it("is nobody else's to go on with", async () => {
    const last = await callAndHangUp(await begin());
    const answer = await resume(await begin(), last);
    expect(answer.status).toBe(400);
    await answer.text();
    sleeping.at(-1)?.(finished);
  });
});

describe("what is kept of streams", () => {
  it("is bounded", async () => {
    const container = await rig.container();
    const query = (sql: string) => rig.worker.query("CONTAINER_RELAY", container, sql);
    await query(
      `WITH RECURSIVE many(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM many WHERE i < 40)
       INSERT INTO mcp_events (session, stream, message, created_at)
       SELECT 'other', 's', hex(zeroblob(300000)), ${Date.now()} FROM many`,
    );
    const session = await begin();
    for (let id = 1; id <= 32; id += 1) {
      await (await post({ id, method: "ping" }, session)).text();
    }
    const [row] = await query("SELECT sum(length(message)) AS kept FROM mcp_events");
    expect(row?.["kept"]).toBeLessThan(16 * 1_024 * 1_024 + 100_000);
  });
});

describe("the tools of one connection", () => {
  it("are what the URL and the header select", async () => {
    const message = { id: 1, method: "tools/list" };
    const session = await begin();
    const answer = await post(message, { ...session, "X-MCP-Tools": "read_file" });
    const text = await answer.text();
    expect(text).toContain('"name":"read_file"');
    expect(text).not.toContain('"name":"write_file"');
  });

  it("are refused when a selector is wrong", async () => {
    const answer = await rig.api("/mcp?toolsets=all", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("`toolsets` wants");
  });

  it("answer to the names of other servers", async () => {
    const client = await sseClient();
    const read = await client.callTool({ name: "file_read", arguments: { file_path: "a.txt" } });
    expect(read.structuredContent).toMatchObject({ text: "one\n" });
  });
});

describe("the revisions that /capabilities tells", () => {
  it.each(mcpRevisions.filter((one) => one < "2026-07-28" && one > "2024-11-05"))(
    "are spoken: %s",
    async (protocolVersion) => {
      const params = { protocolVersion, capabilities: {}, clientInfo: { name: "x", version: "1" } };
      const answer = await post({ id: 1, method: "initialize", params });
      expect(await answer.text()).toContain(`"protocolVersion":"${protocolVersion}"`);
    },
  );

  it("begin and end with those that are no sessions", () => {
    expect([mcpRevisions[0], mcpRevisions.at(-1)]).toEqual(["2026-07-28", "2024-11-05"]);
  });
});

describe("a page of another origin", () => {
  it.each(["/sse", "/messages?sessionId=x", "/mcp"])("reaches nothing: %s", async (path) => {
    const method = path === "/sse" ? "GET" : "POST";
    const answer = await rig.api(path, { method, headers: { Origin: "https://evil.example" } });
    expect([answer.status, answer.headers.get("Access-Control-Allow-Origin")]).toEqual([403, null]);
    expect(await answer.text()).toContain("origin_not_allowed");
  });
});

describe("2026-07-28", () => {
  const meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "New Client", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };

  it("has nothing to listen to, and says so instead of holding the relay awake", async () => {
    const method = "subscriptions/listen";
    const params = { notifications: { toolsListChanged: true }, _meta: meta };
    const headers = { "Mcp-Protocol-Version": "2026-07-28", "Mcp-Method": method };
    const answer = await post({ id: 1, method, params }, headers);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ id: 1, error: { code: -32_601 } });
  });

  it("streams the answer of a slow call", async () => {
    const name = "run_command";
    const params = { name, arguments: { command: "sleep" }, _meta: meta };
    const headers = { "Mcp-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call" };
    const slow = await post(
      { id: 1, method: "tools/call", params },
      { ...headers, "Mcp-Name": name },
    );
    expect(slow.headers.get("Content-Type")).toContain("text/event-stream");
    sleeping.at(-1)?.(finished);
    expect(await slow.text()).toContain("slept well");
  });
});

// Last in this file: the tab's connection dies with the relay.
describe("a stream whose object dies", () => {
  const crash = async () => rig.worker.fetch(`/crash/${await rig.container()}`, { method: "POST" });

  it("of 2025-11-25 has its answer all the same", async () => {
    const session = await begin();
    const last = await callAndHangUp(session);
    sleeping.at(-1)?.(finished);
    const container = await rig.container();
    const kept = () =>
      rig.worker.query(
        "CONTAINER_RELAY",
        container,
        `SELECT 1 FROM mcp_events
           WHERE session = '${session["Mcp-Session-Id"]}' AND message LIKE '%slept well%'`,
      );
    await expect.poll(async () => (await kept()).length).toBe(1);
    await crash();
    const text = await (await resume(session, last)).text();
    expect(text).toContain("slept well");
    await (await rig.api("/mcp", { method: "DELETE", headers: session })).text();
    expect(await kept()).toEqual([]);
  });

  it("of 2024-11-05 is opened anew by its client, which carries on", async () => {
    const client = await sseClient();
    await client.listTools();
    await crash();
    const listed = () => client.listTools(undefined, { timeout: 2_000 }).then(({ tools }) => tools);
    await expect.poll(() => listed().catch(() => []), { timeout: 20_000 }).not.toEqual([]);
  });
});
