import { Server } from "@modelcontextprotocol/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { callerNamed } from "#test/support/mcp-caller.ts";
import { SseSessions } from "#worker/mcp/sse-sessions.ts";

const caller = callerNamed("u1", "k1");
const readers: ReadableStreamDefaultReader<string>[] = [];

afterEach(async () => {
  for (const reader of readers.splice(0)) await reader.cancel();
});

/** Streams whose servers have one tool, which waits until it is cancelled. */
function scene() {
  let now = 0;
  const heard: string[] = [];
  const sessions = new SseSessions({
    now: () => now,
    createServer() {
      const server = new Server({ name: "t", version: "1" }, { capabilities: { tools: {} } });
      server.setRequestHandler("tools/list", () => ({ tools: [] }));
      server.setRequestHandler("tools/call", async ({ params }, { mcpReq }) => {
        heard.push(`called ${params.name}`);
        await new Promise((resolve) => mcpReq.signal.addEventListener("abort", resolve));
        heard.push(`cancelled ${params.name}`);
        return { content: [] };
      });
      return server;
    },
  });
  const open = async (as = caller) => {
    const { body } = await sessions.open(as);
    const reader = (body as ReadableStream<Uint8Array<ArrayBuffer>>)
      .pipeThrough(new TextDecoderStream())
      .getReader();
    readers.push(reader);
    const read = async () => (await reader.read()).value;
    const endpoint = /^event: endpoint\ndata: (\S+)\n\n$/.exec((await read()) ?? "")?.[1] ?? "";
    return { endpoint, read, cut: () => reader.cancel() };
  };
  const post = (endpoint: string, body: unknown, as = caller) =>
    sessions.post(new Request(new URL(endpoint, "https://disco.example")), body, as);
  return { heard, open, post, wait: (ms: number) => void (now += ms) };
}

const call = (name: string) => ({
  jsonrpc: "2.0",
  id: 7,
  method: "tools/call",
  params: { name, arguments: {} },
});
const list = { jsonrpc: "2.0", id: 2, method: "tools/list" };

describe("a stream of 2024-11-05", () => {
  it("says where to post, and carries the answers", async () => {
    const { open, post } = scene();
    const { endpoint, read } = await open();
    expect(endpoint).toMatch(/^\/messages\?sessionId=[0-9a-f-]{36}$/);
    expect(post(endpoint, list).status).toBe(202);
    const [, data = "{}"] = /\ndata: (.*)\n\n$/.exec((await read()) ?? "") ?? [];
    expect(JSON.parse(data)).toEqual({ jsonrpc: "2.0", id: 2, result: { tools: [] } });
  });

  it.each([
    ["another user", callerNamed("u2", "k1")],
    ["another client of the user", callerNamed("u1", "k2")],
  ])("is unknown to %s", async (_who, other) => {
    const { open, post, heard } = scene();
    const { endpoint } = await open();
    const foreign = post(endpoint, call("a"), other);
    const unknown = post("/messages?sessionId=x", call("a"));
    expect([foreign.status, await foreign.text()]).toEqual([404, await unknown.text()]);
    expect(heard).toEqual([]);
  });

  it.each([[[list]], ["text"], [{ jsonrpc: "2.0", id: 1, result: {} }], [null]])(
    "refuses what is no request: %j",
    async (body) => {
      const { open, post } = scene();
      expect(post((await open()).endpoint, body).status).toBe(400);
    },
  );

  it("ends its calls when it ends, and when they are cancelled", async () => {
    const { open, post, heard } = scene();
    const first = await open();
    post(first.endpoint, call("a"));
    const cancelled = { method: "notifications/cancelled", params: { requestId: 7 } };
    post(first.endpoint, { jsonrpc: "2.0", ...cancelled });
    await expect.poll(() => heard).toEqual(["called a", "cancelled a"]);
    post(first.endpoint, call("b"));
    await first.cut();
    await expect.poll(() => heard).toContain("cancelled b");
    expect(post(first.endpoint, list).status).toBe(404);
  });

  it("ends when nobody uses it, which its next comment finds out", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const { open, post, wait } = scene();
      const { endpoint, read } = await open();
      wait(14 * 60_000);
      vi.advanceTimersByTime(10_000);
      expect(await read()).toBe(": still here\n\n");
      wait(60_000);
      vi.advanceTimersByTime(10_000);
      expect(await read()).toBeUndefined();
      expect(post(endpoint, list).status).toBe(404);
    } finally {
      vi.useRealTimers();
    }
  });

  it("ends when there are too many, the one unused for longest", async () => {
    const { open, post, wait } = scene();
    const kept = [];
    for (let count = 0; count < 16; count += 1) {
      wait(1);
      kept.push(await open());
    }
    wait(1);
    await open();
    expect(kept.map(({ endpoint }) => post(endpoint, list).status)).toEqual([
      404,
      ...Array.from({ length: 15 }, () => 202),
    ]);
  });
});
