import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import { describe, expect, it } from "vitest";
import { createEventStore, type KeptEvent } from "#worker/mcp/event-store.ts";

const priming = {} as JSONRPCMessage;
const notice: JSONRPCMessage = { jsonrpc: "2.0", method: "notifications/progress", params: {} };
const answer: JSONRPCMessage = { jsonrpc: "2.0", id: 1, result: {} };

/** `restart` is what sleep and eviction do: what is kept stays. */
function scene() {
  const rows: (KeptEvent & { stream: string })[] = [];
  const start = () =>
    createEventStore({
      put(stream, message) {
        rows.push({ stream, message, number: rows.length + 1 });
        return rows.length;
      },
      after: (stream, number) => rows.filter((row) => row.stream === stream && row.number > number),
    });
  let store = start();
  return {
    rows,
    restart: () => void (store = start()),
    put: (stream: string, message: JSONRPCMessage) => store.storeEvent(stream, message),
    known: (id: string) => store.knows(id),
    after: async (id: string) => {
      const sent: [string, JSONRPCMessage][] = [];
      const send = (event: string, message: JSONRPCMessage) => {
        sent.push([event, message]);
        return Promise.resolve();
      };
      return { stream: await store.replayEventsAfter(id, { send }), sent };
    },
  };
}

describe("the events of a session", () => {
  it("are given again after the one that was heard last, also to a new object", async () => {
    const { put, restart, after, known } = scene();
    const first = await put("s1", priming);
    const second = await put("s1", notice);
    await put("s2", priming);
    const third = await put("s1", answer);
    restart();
    expect(known(first)).toBe(true);
    expect(await after(first)).toEqual({
      stream: "s1",
      sent: [
        [second, notice],
        [third, answer],
      ],
    });
    expect((await after(second)).sent).toEqual([[third, answer]]);
    expect((await after(third)).sent).toEqual([]);
  });

  it("know a stream that has sent nothing yet, but not one that died with its object", async () => {
    const { put, restart, known, rows } = scene();
    const first = await put("s1", priming);
    expect(known(first)).toBe(true);
    expect(rows).toEqual([]);
    restart();
    expect(known(first)).toBe(false);
  });

  it("cost nothing where an answer comes alone: nobody could ask for it", async () => {
    const { put, rows } = scene();
    await put("s1", answer);
    expect(rows).toEqual([]);
  });

  it.each(["", "s1", "s1.x", "../s1.0", `${"s".repeat(65)}.0`])("know no id %j", async (id) => {
    const { put, known } = scene();
    await put("s1", priming);
    expect(known(id)).toBe(false);
  });
});
