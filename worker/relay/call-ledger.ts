import type { Outcome } from "#protocol/frames.ts";
import { ATTACH_GRACE_MS, CALLS_IN_FLIGHT_MAX } from "#protocol/limits.ts";
import { type Call, type CallEffect, CALL_TIMEOUT_MAX_MS, endsAt } from "./call.ts";
import {
  type CallStep,
  deletedFailure,
  end,
  failure,
  onCancel,
  onClaim,
  onDeleted,
  onTab,
  onTick,
  place,
} from "./call-steps.ts";
import type { Attachment, CallRequest } from "./link.ts";

/** Every call of one container that has not ended, and the tab that runs them. */
export interface Ledger {
  readonly tab: Attachment;
  readonly calls: ReadonlyMap<string, Call>;
  /** No call is accepted any more. */
  readonly isDeleted: boolean;
}

export type LedgerEvent =
  | {
      readonly type: "accept";
      readonly call: string;
      readonly request: CallRequest;
      readonly changing: boolean;
    }
  /** A tab attached, went, or its runtime changed. `held`: calls that a new tab says it has. */
  | { readonly type: "tab"; readonly tab: Attachment; readonly held?: readonly string[] }
  | { readonly type: "claim"; readonly call: string }
  | { readonly type: "outcome"; readonly call: string; readonly outcome: Outcome }
  | { readonly type: "cancel"; readonly call: string }
  /** The call's frame is larger than a frame may be. */
  | { readonly type: "unsendable"; readonly call: string }
  | { readonly type: "deleted" }
  | { readonly type: "tick" };

export interface LedgerStep {
  readonly ledger: Ledger;
  readonly effects: readonly CallEffect[];
}

export const emptyLedger: Ledger = {
  tab: { attached: false },
  calls: new Map(),
  isDeleted: false,
};

/**
 * The whole ledger as a function of state and event (SPEC rules CALL, END and GONE-2).
 *
 * @param now milliseconds since the epoch
 */
export function step(ledger: Ledger, event: LedgerEvent, now: number): LedgerStep {
  switch (event.type) {
    case "accept":
      return accept(ledger, event, now);
    case "tab":
      return stepAll({ ...ledger, tab: event.tab }, (call) =>
        onTab(call, event.tab, event.held, now),
      );
    case "deleted":
      return stepAll({ ...ledger, tab: { attached: false }, isDeleted: true }, onDeleted);
    case "tick":
      return stepAll(ledger, (call) => onTick(call, ledger.tab, now));
    case "claim":
      return claim(ledger, event.call, now);
    case "outcome":
      // CALL-7: the first outcome settles, whatever the state: only the tab knows what it did.
      return stepOne(ledger, event.call, (call) => end(call, event.outcome));
    case "cancel":
      return stepOne(ledger, event.call, (call) => onCancel(call, ledger.tab));
    case "unsendable":
      return stepOne(ledger, event.call, (call) =>
        end(call, failure("too_large", `The input of ${call.operation} is too large.`)),
      );
  }
}

/** When the next call ends by itself; undefined when there is none. Milliseconds since the epoch. */
export function nextEnd(ledger: Ledger): number | undefined {
  let next: number | undefined;
  for (const call of ledger.calls.values()) next = Math.min(next ?? Infinity, endsAt(call));
  return next;
}

function accept(
  ledger: Ledger,
  event: Extract<LedgerEvent, { type: "accept" }>,
  now: number,
): LedgerStep {
  const { call: id, request, changing } = event;
  // The same call again only waits for the outcome of the first.
  if (ledger.calls.has(id)) return { ledger, effects: [] };
  if (ledger.isDeleted) {
    return { ledger, effects: [{ type: "settle", call: id, outcome: deletedFailure() }] };
  }
  if (ledger.calls.size >= CALLS_IN_FLIGHT_MAX) {
    const message = `${CALLS_IN_FLIGHT_MAX} calls of this container are running.`;
    const outcome = failure("overloaded", message);
    return { ledger, effects: [{ type: "settle", call: id, outcome }] };
  }
  const call: Call = {
    id,
    operation: request.operation,
    changing,
    deadline: now + Math.min(request.timeoutMs, CALL_TIMEOUT_MAX_MS),
    state: { name: "waiting_for_tab", request, giveUpAt: now + ATTACH_GRACE_MS, lost: false },
  };
  const placed = place(call, request, ledger.tab, now);
  const persist: CallEffect[] =
    changing && placed.call ? [{ type: "persist", call: placed.call }] : [];
  return merge(ledger, id, { call: placed.call, effects: [...persist, ...placed.effects] });
}

function claim(ledger: Ledger, id: string, now: number): LedgerStep {
  const { tab } = ledger;
  if (!tab.attached) return { ledger, effects: [] };
  // A claim of a call that has ended: the tab must hear that there will be no `go`.
  if (!ledger.calls.has(id)) {
    const frame = { type: "cancel", call: id, epoch: tab.epoch } as const;
    return { ledger, effects: [{ type: "send", frame }] };
  }
  return stepOne(ledger, id, (call) => onClaim(call, tab, now));
}

function stepOne(ledger: Ledger, id: string, transition: (call: Call) => CallStep): LedgerStep {
  const call = ledger.calls.get(id);
  return call ? merge(ledger, id, transition(call)) : { ledger, effects: [] };
}

function stepAll(ledger: Ledger, transition: (call: Call) => CallStep): LedgerStep {
  const calls = new Map<string, Call>();
  const effects: CallEffect[] = [];
  for (const call of ledger.calls.values()) {
    const result = transition(call);
    if (result.call) calls.set(call.id, result.call);
    effects.push(...result.effects);
  }
  return { ledger: { ...ledger, calls }, effects };
}

function merge(ledger: Ledger, id: string, result: CallStep): LedgerStep {
  const calls = new Map(ledger.calls);
  if (result.call) calls.set(id, result.call);
  else calls.delete(id);
  return { ledger: { ...ledger, calls }, effects: result.effects };
}
