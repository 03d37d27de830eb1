import { ATTACH_GRACE_MS, CALL_WAIT_MAX_MS, RECONNECT_MAX_MS } from "#protocol/limits.ts";
import type { Outcome, RelayFrame } from "#protocol/frames.ts";
import type { CallRequest } from "./link.ts";

/**
 * A call with go may hear of its outcome this much after its deadline: the tab starts its own clock
 * when the frame arrives, so an outcome sent at its deadline is still on the way at ours.
 */
export const OUTCOME_TRAVEL_MS = 1_000;

/** A call waits this long for a runtime that boots; a cold boot takes seconds, a dead one for ever. */
export const RUNTIME_GRACE_MS = 10_000;

/**
 * A call whose tab was lost waits this long for the next one: a tab that reloads or reconnects is back
 * by then, and one that was closed should not keep its callers until their deadlines.
 */
export const TAB_RETURN_GRACE_MS = RECONNECT_MAX_MS + ATTACH_GRACE_MS;

/** Longest a call may take, so that its caller has an answer within CALL_WAIT_MAX_MS. */
export const CALL_TIMEOUT_MAX_MS = CALL_WAIT_MAX_MS - OUTCOME_TRAVEL_MS;

/**
 * Where a call stands. A call that has ended is not kept. Only a call without `go` still holds its
 * request, because only such a call can be sent again. Times are milliseconds since the epoch.
 */
export type CallState =
  /** `lost`: it was sent to a tab that is gone, and waits for the next one. */
  | {
      readonly name: "waiting_for_tab";
      readonly request: CallRequest;
      readonly giveUpAt: number;
      readonly lost: boolean;
    }
  | {
      readonly name: "waiting_for_runtime";
      readonly request: CallRequest;
      readonly giveUpAt: number;
    }
  /** A reading call on its way. */
  | { readonly name: "sent"; readonly request: CallRequest; readonly epoch: number }
  /** A changing call that the tab may claim. */
  | { readonly name: "offered"; readonly request: CallRequest; readonly epoch: number }
  /** A changing call with `go`: it may have its effect. */
  | { readonly name: "running" };

export interface Call {
  readonly id: string;
  readonly operation: string;
  /** Not read-only: it has a row and passes offer, claim and go. */
  readonly changing: boolean;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly state: CallState;
}

/** What the shell must do, in this order. */
export type CallEffect =
  /** Writes the row of a changing call. */
  | { readonly type: "persist"; readonly call: Call }
  /** Deletes the row. */
  | { readonly type: "forget"; readonly call: string }
  | { readonly type: "send"; readonly frame: RelayFrame }
  /** Answers whoever waits for the call. */
  | { readonly type: "settle"; readonly call: string; readonly outcome: Outcome };

/** When the call ends by itself, in milliseconds since the epoch. */
export function endsAt(call: Call): number {
  switch (call.state.name) {
    case "waiting_for_tab":
    case "waiting_for_runtime":
      return Math.min(call.state.giveUpAt, call.deadline);
    case "running":
      return call.deadline + OUTCOME_TRAVEL_MS;
    default:
      return call.deadline;
  }
}
