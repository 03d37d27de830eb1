import { describe, expect, it } from "vitest";
import { readyRuntime } from "#test/support/scripted-tab.ts";
import type { CallEffect } from "#worker/relay/call.ts";
import { emptyLedger, type LedgerEvent, nextEnd, step } from "#worker/relay/call-ledger.ts";

const CALL = "call-0001";
const request = { operation: "write_file", input: {}, client: "Test", timeoutMs: 5_000 } as const;
const attached = (epoch: number): LedgerEvent => ({
  type: "tab",
  tab: { attached: true, epoch, runtime: readyRuntime },
});
const accept: LedgerEvent = { type: "accept", call: CALL, request, changing: true };
const claim: LedgerEvent = { type: "claim", call: CALL };
const deleted: LedgerEvent = { type: "deleted" };

function run(events: readonly LedgerEvent[]) {
  let ledger = emptyLedger;
  let effects: readonly CallEffect[] = [];
  for (const event of events) ({ ledger, effects } = step(ledger, event, 0));
  return { ledger, effects };
}

const gone = {
  type: "settle",
  call: CALL,
  outcome: { ok: false, error: { code: "container_deleted" } },
};

describe("the calls of a deleted container", () => {
  it.each([
    ["waits for a tab", [accept]],
    ["was offered", [attached(1), accept]],
    ["runs", [attached(1), accept, claim]],
  ])("end: one that %s [GONE-2]", (_state, before) => {
    const { ledger, effects } = run([...before, deleted]);
    expect(effects).toMatchObject([{ type: "forget" }, gone]);
    expect(nextEnd(ledger)).toBeUndefined();
    const outcome = { ok: true, output: {} } as const;
    expect(step(ledger, { type: "outcome", call: CALL, outcome }, 1).effects).toEqual([]);
  });

  it("are taken no more, though a tab says that it is there [GONE-2]", () => {
    expect(run([deleted, accept]).effects).toMatchObject([gone]);
    const { ledger, effects } = run([deleted, attached(2), accept]);
    expect(effects).toMatchObject([gone]);
    expect(ledger.calls.size).toBe(0);
  });
});
