import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CloseCode, PROTOCOL_VERSION, type TabFrame } from "#protocol/frames.ts";
import { HEARTBEAT_LOST_MS, HELLO_TIMEOUT_MS } from "#protocol/limits.ts";
import { readyRuntime } from "#test/support/scripted-tab.ts";
import {
  attachmentOf,
  type Link,
  type LinkEffect,
  type LinkEvent,
  nextHelloTimeout,
  stepLink,
} from "#worker/relay/tab-link.ts";

const container = "c_1";
const fresh: Link = { container, epoch: 0, connections: new Map(), isDeleted: false };
const silence: ReadonlyMap<string, number> = new Map();

const opened = (connection: string): LinkEvent => ({ type: "opened", connection });
const frame = (connection: string, content: TabFrame): LinkEvent => ({
  type: "frame",
  connection,
  frame: content,
});
const hello = (connection: string, protocol = PROTOCOL_VERSION): LinkEvent =>
  frame(connection, { type: "hello", protocol, runtime: readyRuntime, held: [] });

/** Runs events at their times; the effects are those of the last one. */
function run(...events: [number, LinkEvent][]): { link: Link; effects: LinkEffect[] } {
  let link = fresh;
  let effects: readonly LinkEffect[] = [];
  for (const [now, event] of events) ({ link, effects } = stepLink(link, event, now));
  return { link, effects: [...effects] };
}

const attachedA: [number, LinkEvent][] = [
  [0, opened("a")],
  [10, hello("a")],
];

describe("hello", () => {
  it("keeps the epoch before the welcome, and tells the ledger last [HELLO-2]", () => {
    const { effects } = run(...attachedA);
    expect(effects.map(({ type }) => type)).toEqual(["keep_epoch", "keep", "send", "tab"]);
    expect(effects).toContainEqual({
      type: "send",
      connection: "a",
      frame: { type: "welcome", epoch: 1, container },
    });
  });

  it("takes over from the attached connection [HELLO-4]", () => {
    const { link, effects } = run(...attachedA, [20, opened("b")], [30, hello("b")]);
    expect(effects).toContainEqual(
      expect.objectContaining({ type: "close", connection: "a", code: CloseCode.takenOver }),
    );
    expect(attachmentOf(link)).toEqual({ attached: true, epoch: 2, runtime: readyRuntime });
    expect([...link.connections.keys()]).toEqual(["b"]);
  });

  it("of another version is refused, and takes nothing over [HELLO-3]", () => {
    const { link, effects } = run(...attachedA, [20, opened("b")], [30, hello("b", 2)]);
    expect(effects).toMatchObject([{ connection: "b", code: CloseCode.versionMismatch }]);
    expect(attachmentOf(link)).toMatchObject({ attached: true, epoch: 1 });
  });

  it("must come first, and once [HELLO-1]", () => {
    const claim: TabFrame = { type: "claim", call: "call-0001", epoch: 1 };
    expect(run([0, opened("a")], [1, frame("a", claim)]).effects).toMatchObject([
      { type: "close", code: CloseCode.badFrame },
    ]);
    expect(run(...attachedA, [20, hello("a")]).effects).toMatchObject([
      { type: "close", code: CloseCode.badFrame },
      { type: "tab", tab: { attached: false } },
    ]);
  });

  it("is awaited for HELLO_TIMEOUT_MS [OPEN-4]", () => {
    const { link } = run([5, opened("a")]);
    expect(nextHelloTimeout(link)).toBe(5 + HELLO_TIMEOUT_MS);
    const tick: LinkEvent = { type: "tick", heard: silence };
    expect(stepLink(link, tick, 4 + HELLO_TIMEOUT_MS).effects).toEqual([]);
    expect(stepLink(link, tick, 5 + HELLO_TIMEOUT_MS).effects).toMatchObject([
      { type: "close", code: CloseCode.silent },
    ]);
    expect(nextHelloTimeout(run(...attachedA).link)).toBeUndefined();
  });
});

describe("an attached connection", () => {
  it("has no effect with frames of another epoch [EPOCH-1]", () => {
    for (const stale of [
      { type: "runtime", epoch: 2, runtime: readyRuntime },
      { type: "claim", call: "call-0001", epoch: 2 },
      { type: "progress", call: "call-0001", epoch: 2, text: "one" },
      { type: "outcome", call: "call-0001", epoch: 2, outcome: { ok: true, output: {} } },
    ] as const) {
      expect(run(...attachedA, [20, frame("a", stale)]).effects).toEqual([]);
    }
  });

  it("passes outcomes to the ledger before it acknowledges them [CALL-6]", () => {
    const outcome = { ok: true, output: { a: 1 } } as const;
    const sent: TabFrame = { type: "outcome", call: "call-0001", epoch: 1, outcome };
    expect(run(...attachedA, [20, frame("a", sent)]).effects).toEqual([
      { type: "outcome", call: "call-0001", outcome },
      { type: "send", connection: "a", frame: { type: "ack", call: "call-0001" } },
    ]);
  });

  it("keeps each change of its runtime [STATE-1]", () => {
    const booting = { state: "booting", stage: "Again" } as const;
    const { link, effects } = run(...attachedA, [
      20,
      frame("a", { type: "runtime", epoch: 1, runtime: booting }),
    ]);
    expect(effects.map(({ type }) => type)).toEqual(["keep", "tab"]);
    expect(attachmentOf(link)).toEqual({ attached: true, epoch: 1, runtime: booting });
  });

  it("is closed when its last ping is too old [BEAT-2]", () => {
    const { link } = run(...attachedA);
    const heard = new Map([["a", 50_000]]);
    const alive = stepLink(link, { type: "tick", heard }, 50_000 + HEARTBEAT_LOST_MS);
    expect(alive.effects).toEqual([]);
    const lost = stepLink(link, { type: "tick", heard }, 50_001 + HEARTBEAT_LOST_MS);
    expect(lost.effects).toMatchObject([
      { type: "close", connection: "a", code: CloseCode.silent },
      { type: "tab", tab: { attached: false } },
    ]);
    expect(attachmentOf(lost.link)).toEqual({ attached: false });
  });

  it("counts from its hello while it has not pinged yet [BEAT-2]", () => {
    const { link } = run(...attachedA);
    const tick: LinkEvent = { type: "tick", heard: silence };
    expect(stepLink(link, tick, 10 + HEARTBEAT_LOST_MS).effects).toEqual([]);
    expect(stepLink(link, tick, 11 + HEARTBEAT_LOST_MS).effects).not.toEqual([]);
  });
});

describe("a deleted container", () => {
  it("closes every connection, and each that comes later, with 4410 [GONE-1]", () => {
    const deleted = run(...attachedA, [20, opened("b")], [30, { type: "deleted" }]);
    expect(deleted.effects).toMatchObject([
      { type: "deleted" },
      { type: "close", connection: "a", code: CloseCode.deleted },
      { type: "close", connection: "b", code: CloseCode.deleted },
    ]);
    expect(attachmentOf(deleted.link)).toEqual({ attached: false });
    const late = stepLink(deleted.link, opened("c"), 40);
    expect(late.effects).toMatchObject([{ connection: "c", code: CloseCode.deleted }]);
    expect(stepLink(late.link, hello("c"), 50).effects).toEqual([]);
  });
});

it("never has two attached connections, and never gives an epoch twice [HELLO-2] [HELLO-4]", () => {
  const connection = fc.constantFrom("a", "b", "c");
  const event: fc.Arbitrary<LinkEvent> = fc.oneof(
    connection.map(opened),
    connection.map((id) => hello(id)),
    connection.map((id) => hello(id, 2)),
    connection.map((id): LinkEvent => ({ type: "closed", connection: id })),
    connection.map((id): LinkEvent => ({ type: "bad_message", connection: id })),
    connection.map((id): LinkEvent => ({ type: "foreign_hello", connection: id })),
    fc.constant<LinkEvent>({ type: "tick", heard: silence }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(20_000), event), { maxLength: 60 }), (history) => {
      let link = fresh;
      let now = 0;
      let lastEpoch = 0;
      for (const [pause, each] of history) {
        now += pause;
        const next = stepLink(link, each, now);
        link = next.link;
        for (const effect of next.effects) {
          if (effect.type !== "send" || effect.frame.type !== "welcome") continue;
          expect(effect.frame.epoch).toBe(lastEpoch + 1);
          lastEpoch = effect.frame.epoch;
        }
        const attached = [...link.connections.values()].filter(({ state }) => state === "attached");
        expect(attached.length).toBeLessThanOrEqual(1);
        expect(attachmentOf(link).attached).toBe(attached.length === 1);
      }
    }),
    { numRuns: 500 },
  );
});
