import { describe, expect, it } from "vitest";
import type { Outcome } from "#protocol/frames.ts";
import { ATTACH_GRACE_MS, CALL_WAIT_MAX_MS, CALLS_IN_FLIGHT_MAX } from "#protocol/limits.ts";
import { readyRuntime } from "#test/support/scripted-tab.ts";
import {
  type CallEffect,
  CALL_TIMEOUT_MAX_MS,
  OUTCOME_TRAVEL_MS,
  RUNTIME_GRACE_MS,
  TAB_RETURN_GRACE_MS,
} from "#worker/relay/call.ts";
import {
  emptyLedger,
  type Ledger,
  type LedgerEvent,
  nextEnd,
  step,
} from "#worker/relay/call-ledger.ts";
import type { Attachment, CallRequest } from "#worker/relay/link.ts";

const CALL = "call-0001";
const request: CallRequest = {
  operation: "write_file",
  input: { path: "a" },
  client: "Test",
  timeoutMs: 5_000,
};
const ready = (epoch: number): Attachment => ({ attached: true, epoch, runtime: readyRuntime });
const booting = (epoch: number): Attachment => ({
  attached: true,
  epoch,
  runtime: { state: "booting", stage: "Loading" },
});
const broken = (epoch: number): Attachment => ({
  attached: true,
  epoch,
  runtime: { state: "error", message: "No memory." },
});
const gone: Attachment = { attached: false };
const done: Outcome = { ok: true, output: { done: true } };

const acceptRead: LedgerEvent = { type: "accept", call: CALL, request, changing: false };
const acceptChange: LedgerEvent = { type: "accept", call: CALL, request, changing: true };
const tab = (attachment: Attachment): LedgerEvent => ({ type: "tab", tab: attachment });
const claim: LedgerEvent = { type: "claim", call: CALL };
const outcome: LedgerEvent = { type: "outcome", call: CALL, outcome: done };
const cancel: LedgerEvent = { type: "cancel", call: CALL };
const tick: LedgerEvent = { type: "tick" };

/** Runs events at their times; the effects are those of the last one. */
function run(...events: [number, LedgerEvent][]): { ledger: Ledger; effects: string[] } {
  let ledger = emptyLedger;
  let effects: readonly CallEffect[] = [];
  for (const [now, event] of events) ({ ledger, effects } = step(ledger, event, now));
  return { ledger, effects: effects.map(describeEffect) };
}

function describeEffect(effect: CallEffect): string {
  if (effect.type === "send") return effect.frame.type;
  if (effect.type !== "settle") return effect.type;
  return effect.outcome.ok ? "settle ok" : `settle ${effect.outcome.error.code}`;
}

describe("accept", () => {
  it("sends a reading call and keeps no row [CALL-1]", () => {
    expect(run([0, tab(ready(1))], [0, acceptRead]).effects).toEqual(["call"]);
  });

  it("writes the row of a changing call before its offer [CALL-2]", () => {
    expect(run([0, tab(ready(1))], [0, acceptChange]).effects).toEqual(["persist", "offer"]);
  });

  it("tells the tab how much time is left, and cuts the client's name", () => {
    const long = { ...request, client: "x".repeat(100) };
    const { effects } = step(
      run([0, tab(booting(1))], [0, { ...acceptRead, request: long }]).ledger,
      tab(ready(1)),
      1_500,
    );
    expect(effects).toMatchObject([{ frame: { timeout_ms: 3_500, client: "x".repeat(64) } }]);
  });

  it("gives no call more time than a caller waits", () => {
    const endless = { ...request, timeoutMs: 1e9 };
    const { ledger } = run([0, tab(ready(1))], [0, { ...acceptRead, request: endless }]);
    expect(nextEnd(ledger)).toBe(CALL_TIMEOUT_MAX_MS);
    expect(CALL_TIMEOUT_MAX_MS + OUTCOME_TRAVEL_MS).toBeLessThanOrEqual(CALL_WAIT_MAX_MS);
  });

  it("joins a call that is known already", () => {
    expect(run([0, tab(ready(1))], [0, acceptChange], [1, acceptChange]).effects).toEqual([]);
  });

  it("refuses what is above the limit", () => {
    const many = Array.from({ length: CALLS_IN_FLIGHT_MAX }, (_, index): [number, LedgerEvent] => [
      0,
      { ...acceptRead, call: `other-${index}` },
    ]);
    expect(run([0, tab(ready(1))], ...many, [0, acceptChange]).effects).toEqual([
      "settle overloaded",
    ]);
  });

  it("fails at once when the runtime could not start [STATE-1]", () => {
    const { ledger, effects } = run([0, tab(broken(1))], [0, acceptChange]);
    expect(effects).toEqual(["forget", "settle runtime_failed"]);
    expect(ledger.calls.size).toBe(0);
  });
});

describe("waiting", () => {
  it("fails with tab_not_attached after the grace [END-5]", () => {
    const { ledger } = run([0, acceptChange]);
    expect(nextEnd(ledger)).toBe(ATTACH_GRACE_MS);
    expect(run([0, acceptChange], [ATTACH_GRACE_MS, tick]).effects).toEqual([
      "forget",
      "settle tab_not_attached",
    ]);
  });

  it("is not cut short by a second loss of a tab that never ran it [END-5]", () => {
    const events: [number, LedgerEvent][] = [
      [0, acceptRead],
      [1_000, tab(booting(1))],
    ];
    expect(nextEnd(run(...events, [1_200, tab(gone)]).ledger)).toBe(1_200 + ATTACH_GRACE_MS);
  });

  it("waits for a booting runtime, but not for ever [STATE-1]", () => {
    const patient = { ...acceptRead, request: { ...request, timeoutMs: 40_000 } };
    const { ledger } = run([0, tab(booting(1))], [0, patient], [3_000, tab(booting(1))]);
    expect(nextEnd(ledger)).toBe(RUNTIME_GRACE_MS);
    expect(step(ledger, tick, RUNTIME_GRACE_MS).effects.map(describeEffect)).toEqual([
      "settle runtime_not_ready",
    ]);
    expect(step(ledger, tab(ready(1)), 4_000).effects.map(describeEffect)).toEqual(["call"]);
    expect(step(ledger, tab(broken(1)), 4_000).effects.map(describeEffect)).toEqual([
      "settle runtime_failed",
    ]);
  });
});

describe("go", () => {
  const offered: [number, LedgerEvent][] = [
    [0, tab(ready(1))],
    [0, acceptChange],
  ];

  it("is written down before it is sent [CALL-3]", () => {
    expect(run(...offered, [1, claim]).effects).toEqual(["persist", "go"]);
  });

  it("is given once [CALL-3]", () => {
    expect(run(...offered, [1, claim], [2, claim]).effects).toEqual([]);
  });

  it("is not given at the deadline [CALL-3] [END-2]", () => {
    expect(run(...offered, [5_000, claim]).effects).toEqual([
      "cancel",
      "forget",
      "settle deadline_exceeded",
    ]);
  });

  it("is not given to a reading call, nor before the offer of the epoch [CALL-3]", () => {
    expect(run([0, tab(ready(1))], [0, acceptRead], [1, claim]).effects).toEqual([]);
    expect(run(...offered, [1, tab(booting(2))], [2, claim]).effects).toEqual([]);
  });

  it.each([
    [booting(1), "settle runtime_not_ready"],
    [broken(1), "settle runtime_failed"],
  ])("is not given while the runtime is not ready [STATE-1]", (attachment, settled) => {
    expect(run(...offered, [1, tab(attachment)], [2, claim]).effects).toEqual([
      "cancel",
      "forget",
      settled,
    ]);
  });

  it("is answered with cancel when the call has ended [CALL-9]", () => {
    expect(run(...offered, [1, cancel], [2, claim]).effects).toEqual(["cancel"]);
  });

  it("is for nobody when no tab is attached", () => {
    expect(run(...offered, [1, tab(gone)], [2, claim]).effects).toEqual([]);
  });
});

describe("a lost tab", () => {
  it("sends a reading call to the next one, until the deadline [END-4]", () => {
    const lost: [number, LedgerEvent][] = [
      [0, tab(ready(1))],
      [0, acceptRead],
      [100, tab(gone)],
    ];
    expect(nextEnd(run(...lost).ledger)).toBe(5_000);
    expect(run(...lost, [4_000, tab(ready(2))]).effects).toEqual(["call"]);
    expect(run(...lost, [5_000, tick]).effects).toEqual(["settle deadline_exceeded"]);
  });

  it("fails a call with go that the next tab does not hold [HELLO-5]", () => {
    const running: [number, LedgerEvent][] = [
      [0, tab(ready(1))],
      [0, acceptChange],
      [0, claim],
      [100, tab(gone)],
    ];
    const hello = (held: string[]): LedgerEvent => ({ type: "tab", tab: ready(2), held });
    expect(run(...running, [200, hello([])]).effects).toEqual(["forget", "settle outcome_unknown"]);
    expect(run(...running, [200, hello([CALL])]).effects).toEqual([]);
    expect(run(...running, [200, hello([CALL])], [300, outcome]).effects).toEqual([
      "forget",
      "settle ok",
    ]);
  });

  it("keeps a call no longer than a tab takes to come back [END-5]", () => {
    const accept: LedgerEvent = {
      type: "accept",
      call: CALL,
      request: { ...request, timeoutMs: 40_000 },
      changing: true,
    };
    const lost: [number, LedgerEvent][] = [
      [0, tab(ready(1))],
      [0, accept],
      [100, tab(gone)],
    ];
    const end = 100 + TAB_RETURN_GRACE_MS;
    expect(nextEnd(run(...lost).ledger)).toBe(end);
    expect(run(...lost, [end - 1, tab(ready(2))]).effects).toEqual(["offer"]);
    expect(run(...lost, [end, tick]).effects).toEqual(["forget", "settle tab_not_attached"]);
  });

  it("offers a changing call again only when it has no go [END-4]", () => {
    const offered: [number, LedgerEvent][] = [
      [0, tab(ready(1))],
      [0, acceptChange],
    ];
    expect(run(...offered, [1, tab(ready(2))]).effects).toEqual(["offer"]);
    expect(run(...offered, [1, claim], [2, tab(gone)], [3, tab(ready(2))]).effects).toEqual([]);
  });

  it("leaves a call with go to its outcome or its deadline [END-3]", () => {
    const running: [number, LedgerEvent][] = [
      [0, tab(ready(1))],
      [0, acceptChange],
      [1, claim],
      [2, tab(gone)],
    ];
    expect(run(...running, [3, outcome]).effects).toEqual(["forget", "settle ok"]);
    expect(run(...running, [5_000, tick]).effects).toEqual([]);
    expect(run(...running, [5_000 + OUTCOME_TRAVEL_MS, tick]).effects).toEqual([
      "forget",
      "settle outcome_unknown",
    ]);
  });
});

describe("cancel and outcome", () => {
  const running: [number, LedgerEvent][] = [
    [0, tab(ready(1))],
    [0, acceptChange],
    [1, claim],
  ];

  it("ends a call before go, and asks the tab after it [CALL-9]", () => {
    expect(run([0, acceptChange], [1, cancel]).effects).toEqual(["forget", "settle cancelled"]);
    expect(run([0, tab(ready(1))], [0, acceptRead], [1, cancel]).effects).toEqual([
      "cancel",
      "settle cancelled",
    ]);
    expect(run(...running, [2, cancel]).effects).toEqual(["cancel"]);
  });

  it("settles with the first outcome only [CALL-7]", () => {
    expect(run(...running, [2, outcome]).effects).toEqual(["forget", "settle ok"]);
    expect(run(...running, [2, outcome], [3, outcome]).effects).toEqual([]);
  });

  it("ends a call whose frame is too large", () => {
    const unsendable: LedgerEvent = { type: "unsendable", call: CALL };
    expect(run([0, tab(ready(1))], [0, acceptChange], [0, unsendable]).effects).toEqual([
      "forget",
      "settle too_large",
    ]);
  });
});
