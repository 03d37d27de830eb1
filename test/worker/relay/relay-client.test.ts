import { describe, expect, it } from "vitest";
import type { Outcome } from "#protocol/frames.ts";
import type { CallRequest } from "#worker/relay/link.ts";
import { createRelayLink, type RelayPort } from "#worker/relay/relay-client.ts";

const read: CallRequest = {
  operation: "read_file",
  input: { path: "a" },
  client: "Test",
  timeoutMs: 5_000,
};
const write: CallRequest = { ...read, operation: "write_file" };
const done: Outcome = { ok: true, output: { text: "hello" } };

/** A relay that answers each call with the next of these; an Error is a failed RPC. */
function relayThat(...answers: (Outcome | Error)[]): RelayPort & { ids: string[] } {
  const ids: string[] = [];
  return {
    ids,
    async call(id) {
      ids.push(id);
      const answer = answers.shift() ?? new Error("No more answers.");
      if (answer instanceof Error) throw answer;
      return answer;
    },
    recent: () => [],
    erase: () => Promise.resolve(),
    cancel: () => undefined,
    attachment: async () => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return { attached: false };
    },
  };
}

describe("a call through the link", () => {
  it("gives the output, or throws the tab's error", async () => {
    const error = {
      code: "file_not_found",
      message: "There is no a.",
      details: { path: "a" },
    } as const;
    const relay = relayThat(done, { ok: false, error });
    const link = createRelayLink(() => relay, "c_1");
    expect(await link.call(read)).toEqual({ text: "hello" });
    await expect(link.call(read)).rejects.toMatchObject(error);
  });

  it("tries a reading call once more, with a new id and a new stub", async () => {
    const relay = relayThat(new Error("The object was reset."), done);
    let opened = 0;
    const link = createRelayLink(() => {
      opened += 1;
      return relay;
    }, "c_1");
    expect(await link.call(read)).toEqual({ text: "hello" });
    expect(new Set(relay.ids).size).toBe(2);
    expect(opened).toBe(2);
  });

  it("gives up on a reading call after the second failure", async () => {
    const relay = relayThat(new Error("once"), new Error("twice"), done);
    const link = createRelayLink(() => relay, "c_1");
    await expect(link.call(read)).rejects.toMatchObject({
      code: "internal",
      cause: { message: "twice" },
    });
  });

  it("never repeats a changing call: its outcome is unknown [END-3]", async () => {
    const relay = relayThat(new Error("The object was reset."), done);
    const link = createRelayLink(() => relay, "c_1");
    await expect(link.call(write)).rejects.toMatchObject({ code: "outcome_unknown" });
    expect(relay.ids).toHaveLength(1);
  });

  it("reaches no relay when it is aborted before, and cancels when it is aborted later", async () => {
    const relay = relayThat(done, done);
    const link = createRelayLink(() => relay, "c_1");
    await expect(link.call(write, AbortSignal.abort())).rejects.toMatchObject({
      code: "cancelled",
    });
    expect(relay.ids).toEqual([]);

    const abort = new AbortController();
    const cancelled: string[] = [];
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const slow: RelayPort = {
      ...relay,
      call: async (id) => {
        relay.ids.push(id);
        return await promise;
      },
      recent: () => [],
      cancel: (id) => {
        cancelled.push(id);
        resolve(done);
      },
    };
    const running = createRelayLink(() => slow, "c_1").call(write, abort.signal);
    abort.abort();
    expect(await running).toEqual({ text: "hello" });
    expect(cancelled).toEqual(relay.ids);
  });

  it("asks again who is attached when the relay was moved", async () => {
    const relay = relayThat(new Error("The object was reset."));
    const link = createRelayLink(() => relay, "c_1");
    expect(await link.attachment()).toEqual({ attached: false });
  });
});
