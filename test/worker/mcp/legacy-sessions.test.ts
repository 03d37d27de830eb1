import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import { describe, expect, it } from "vitest";
import { callerNamed } from "#test/support/mcp-caller.ts";
import { noContainers } from "#test/support/no-containers.ts";
import { createMcpEndpoint } from "#worker/mcp/endpoint.ts";
import type { EventRows } from "#worker/mcp/event-rows.ts";
import { createEventStore } from "#worker/mcp/event-store.ts";
import { createServer } from "#worker/mcp/server.ts";
import type { SessionRow, SessionRows } from "#worker/mcp/session-rows.ts";
import type { CallRequest } from "#worker/relay/link.ts";

const container = { id: "c1", name: "default" };

const caller = callerNamed("u1", "k1");

/** One relay's endpoint: `restart` is what sleep and eviction do to it. */
function scene() {
  const kept = new Map<string, SessionRow>();
  const sessions: SessionRows = {
    get: (id) => kept.get(id),
    put: (id, row) => void kept.set(id, structuredClone(row)),
    delete: (id) => void kept.delete(id),
  };
  const log: { session: string; stream: string; message: JSONRPCMessage }[] = [];
  const events: EventRows = {
    of: (session) =>
      createEventStore({
        put: (stream, message) => log.push({ session, stream, message }),
        after: (stream, number) =>
          log
            .map((event, index) => ({ ...event, number: index + 1 }))
            .filter((event) => event.session === session && event.stream === stream)
            .filter((event) => event.number > number),
      }),
    forget: (session) => {
      for (const event of log) if (event.session === session) event.session = "";
    },
  };
  const requests: CallRequest[] = [];
  const link = {
    container: "c1",
    call: (request: CallRequest) => {
      requests.push(request);
      return Promise.resolve({ path: ".", entries: [], total: 0, hidden: 0, truncated: false });
    },
    recent: () => Promise.resolve([]),
    erase: () => Promise.resolve(),
    attachment: () => Promise.resolve({ attached: false as const }),
  };
  const directoryOf = () => ({
    resolve: () => Promise.resolve(container),
    of: () => noContainers,
    link: () => link,
  });
  let now = 0;
  const start = () =>
    createMcpEndpoint({
      createServer: () => createServer(directoryOf, "1.0.0"),
      sessions,
      events,
      now: () => now,
    });
  let endpoint = start();
  return {
    kept,
    requests,
    restart: () => void (endpoint = start()),
    wait: (ms: number) => void (now += ms),
    post: async (message: object, session?: string, as = caller) => {
      const request = new Request("http://disco.example/mcp", {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json, text/event-stream",
          ...(session !== undefined && { "Mcp-Session-Id": session }),
        },
        body: JSON.stringify({ jsonrpc: "2.0", ...message }),
      });
      const answer = await endpoint.handle(request, as);
      const text = await answer.text();
      return { status: answer.status, text, session: answer.headers.get("Mcp-Session-Id") ?? "" };
    },
  };
}

const initialize = {
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "Some Client", version: "1" },
  },
};
const list = { id: 2, method: "tools/call", params: { name: "list_files", arguments: {} } };

describe("sessions of 2025", () => {
  it("begin with initialize and nothing else", async () => {
    const { post, kept } = scene();
    const refused = await post(list);
    expect(refused.status).toBe(400);
    expect(kept.size).toBe(0);
    const begun = await post(initialize);
    expect(begun.status).toBe(200);
    expect([...kept.keys()]).toEqual([begun.session]);
    expect(begun.session).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("survive the object, with the client's name", async () => {
    const { post, restart, requests } = scene();
    const { session } = await post(initialize);
    restart();
    const answer = await post(list, session);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('"total":0');
    expect(requests.at(-1)?.client).toBe("Some Client");
  });

  it.each([
    ["another user", callerNamed("u2", "k1")],
    ["another client of the user", callerNamed("u1", "k2")],
  ])("are unknown to %s, awake or asleep", async (_who, other) => {
    const { post, restart, requests } = scene();
    const { session } = await post(initialize);
    expect((await post(list, session, other)).status).toBe(404);
    restart();
    expect((await post(list, session, other)).status).toBe(404);
    expect(requests).toEqual([]);
  });

  it("are more than the memory holds: the oldest sleep and wake", async () => {
    const { post, kept } = scene();
    const begun: string[] = [];
    for (let count = 0; count < 70; count += 1) begun.push((await post(initialize)).session);
    expect(kept.size).toBe(70);
    for (const session of [begun[0], begun[69]]) {
      expect((await post(list, session)).status).toBe(200);
    }
  });

  it("leave the memory when nobody uses them, and are found again", async () => {
    const { post, wait } = scene();
    const { session } = await post(initialize);
    wait(11 * 60 * 1_000);
    await post(initialize);
    expect((await post(list, session)).status).toBe(200);
  });

  it("are revived once, however many requests come at the same time", async () => {
    const { post, restart } = scene();
    const { session } = await post(initialize);
    restart();
    const answers = await Promise.all([2, 3, 4].map((id) => post({ ...list, id }, session)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it("are told apart from requests of 2026-07-28 by the body", async () => {
    const { post } = scene();
    const meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: "New Client", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const answer = await post({ id: 1, method: "server/discover", params: { _meta: meta } });
    // The required headers of that revision are missing, which only its leg would mind.
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("-32020");
  });
});
