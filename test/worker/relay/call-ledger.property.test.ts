import fc from "fast-check";
import { expect, it } from "vitest";
import { CALL_SETTLE_GRACE_MS } from "#protocol/limits.ts";
import { readyRuntime } from "#test/support/scripted-tab.ts";
import type { CallEffect } from "#worker/relay/call.ts";
import {
  emptyLedger,
  type Ledger,
  type LedgerEvent,
  nextEnd,
  step,
} from "#worker/relay/call-ledger.ts";
import type { Attachment } from "#worker/relay/link.ts";

const CALLS = ["call-0001", "call-0002", "call-0003"] as const;
/** Whether a call changes something depends on its id, as it depends on the operation. */
const isChanging = (call: string): boolean => call !== "call-0003";

interface Moment {
  readonly at: number;
  readonly event: LedgerEvent;
  readonly effects: readonly CallEffect[];
  readonly tab: Attachment;
}

type Action =
  | { readonly do: "accept" | "claim" | "outcome" | "cancel"; readonly call: string }
  | { readonly do: "attach"; readonly runtime: "ready" | "booting" | "error" }
  | { readonly do: "runtime"; readonly runtime: "ready" | "booting" | "error" }
  | { readonly do: "detach" | "tick" };

const runtimeName = fc.constantFrom("ready", "booting", "error" as const);
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom("accept", "claim", "outcome", "cancel"),
      call: fc.constantFrom(...CALLS),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("attach"), runtime: runtimeName }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("runtime"), runtime: runtimeName }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("detach", "tick") }) },
);
const timedActions = fc.array(fc.tuple(fc.nat(2_000), action), { minLength: 5, maxLength: 60 });

function attachment(epoch: number, runtime: "ready" | "booting" | "error"): Attachment {
  const states = {
    ready: readyRuntime,
    booting: { state: "booting", stage: "Loading" },
    error: { state: "error", message: "No memory." },
  } as const;
  return { attached: true, epoch, runtime: states[runtime] };
}

function toEvent(ledger: Ledger, epoch: number, act: Action, timeoutMs: number): LedgerEvent {
  switch (act.do) {
    case "accept": {
      const { call } = act;
      const request = { operation: "write_file", input: {}, client: "Test", timeoutMs } as const;
      return { type: "accept", call, request, changing: isChanging(call) };
    }
    case "outcome":
      return { type: "outcome", call: act.call, outcome: { ok: true, output: {} } };
    case "claim":
    case "cancel":
      return { type: act.do, call: act.call };
    case "attach":
      return { type: "tab", tab: attachment(epoch, act.runtime) };
    case "runtime":
      return {
        type: "tab",
        tab: ledger.tab.attached ? attachment(epoch, act.runtime) : ledger.tab,
      };
    case "detach":
      return { type: "tab", tab: { attached: false } };
    case "tick":
      return { type: "tick" };
  }
}

/** Plays the actions as the relay would: the timer fires whenever a call ends by itself. */
function play(actions: [number, Action][], timeoutMs: number): Moment[] {
  const moments: Moment[] = [];
  const accepted = new Set<string>();
  let ledger = emptyLedger;
  let now = 0;
  let epoch = 0;
  const apply = (event: LedgerEvent, at: number) => {
    const next = step(ledger, event, at);
    ledger = next.ledger;
    moments.push({ at, event, effects: next.effects, tab: ledger.tab });
  };
  const elapse = (until: number) => {
    for (let end = nextEnd(ledger); end !== undefined && end <= until; end = nextEnd(ledger)) {
      apply({ type: "tick" }, end);
    }
  };
  for (const [pause, act] of actions) {
    now += pause;
    elapse(now);
    // A call id is random, so no caller gives the same one twice.
    if (act.do === "accept") {
      if (accepted.has(act.call)) continue;
      accepted.add(act.call);
    }
    if (act.do === "attach") epoch += 1;
    apply(toEvent(ledger, epoch, act, timeoutMs), now);
  }
  elapse(Infinity);
  return moments;
}

const forEveryHistory = (check: (moments: Moment[], timeoutMs: number) => void): void => {
  fc.assert(
    fc.property(timedActions, fc.integer({ min: 1, max: 44_000 }), (actions, timeoutMs) => {
      check(play(actions, timeoutMs), timeoutMs);
    }),
    { numRuns: 500 },
  );
};

const framesOf = (moments: Moment[], type: string, call: string) =>
  moments.flatMap(({ effects, at, tab }) =>
    effects.flatMap((effect) =>
      effect.type === "send" &&
      effect.frame.type === type &&
      "call" in effect.frame &&
      effect.frame.call === call
        ? [{ frame: effect.frame, at, tab }]
        : [],
    ),
  );

it("gives go at most once, to the epoch of its offer and before the deadline [CALL-3]", () => {
  forEveryHistory((moments, timeoutMs) => {
    for (const call of CALLS) {
      const gos = framesOf(moments, "go", call);
      expect(gos.length).toBeLessThanOrEqual(isChanging(call) ? 1 : 0);
      for (const { at, tab } of gos) {
        const offer = framesOf(moments, "offer", call).at(-1);
        expect(offer?.tab).toMatchObject({ epoch: tab.attached ? tab.epoch : 0 });
        expect(at).toBeLessThan(acceptedAt(moments, call) + timeoutMs);
      }
    }
  });
});

it("settles every call exactly once, within the grace after its deadline [END-1] [CALL-7]", () => {
  forEveryHistory((moments, timeoutMs) => {
    for (const call of CALLS) {
      if (!moments.some(({ event }) => event.type === "accept" && event.call === call)) continue;
      const settled = moments.filter(({ effects }) =>
        effects.some((effect) => effect.type === "settle" && effect.call === call),
      );
      expect(settled).toHaveLength(1);
      const latest = acceptedAt(moments, call) + timeoutMs + CALL_SETTLE_GRACE_MS;
      expect(settled[0]?.at).toBeLessThanOrEqual(latest);
    }
  });
});

it("sends nothing that runs after go, cancel before go, or the end [CALL-9] [END-4]", () => {
  forEveryHistory((moments) => {
    for (const call of CALLS) {
      const effects = moments.flatMap((moment) => moment.effects);
      const ended = effects.findIndex((effect) => effect.type === "settle" && effect.call === call);
      const went = effects.findIndex(
        (effect) =>
          effect.type === "send" && effect.frame.type === "go" && effect.frame.call === call,
      );
      const last = Math.min(went < 0 ? Infinity : went, ended < 0 ? Infinity : ended);
      const late = effects
        .slice(last + 1)
        .filter(
          (effect) =>
            effect.type === "send" &&
            (effect.frame.type === "offer" ||
              effect.frame.type === "call" ||
              effect.frame.type === "go") &&
            effect.frame.call === call,
        );
      expect(late).toEqual([]);
    }
  });
});

it("keeps a row from before the first frame until the end, for changing calls only [CALL-1] [CALL-2]", () => {
  forEveryHistory((moments) => {
    const rows = new Set<string>();
    for (const effect of moments.flatMap((moment) => moment.effects)) {
      if (effect.type === "persist") rows.add(effect.call.id);
      if (effect.type === "forget") rows.delete(effect.call);
      if (effect.type === "send" && (effect.frame.type === "offer" || effect.frame.type === "go")) {
        expect(rows.has(effect.frame.call)).toBe(true);
      }
    }
    expect(rows).toEqual(new Set());
    expect([...moments].flatMap((moment) => moment.effects).some(isRowOfReading)).toBe(false);
  });
});

function isRowOfReading(effect: CallEffect): boolean {
  return effect.type === "persist" && !isChanging(effect.call.id);
}

function acceptedAt(moments: Moment[], call: string): number {
  return moments.find(({ event }) => event.type === "accept" && event.call === call)?.at ?? NaN;
}
