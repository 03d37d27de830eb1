import type { RuntimeState } from "#protocol/capabilities.ts";
import type { ErrorCode } from "#protocol/error-catalogue.ts";
import type { Outcome } from "#protocol/frames.ts";
import { ATTACH_GRACE_MS, CLIENT_NAME_MAX_CHARS } from "#protocol/limits.ts";
import {
  type Call,
  type CallEffect,
  endsAt,
  RUNTIME_GRACE_MS,
  TAB_RETURN_GRACE_MS,
} from "./call.ts";
import type { Attachment, CallRequest } from "./link.ts";

/** What became of one call: its next state, or null when it has ended. */
export interface CallStep {
  readonly call: Call | null;
  readonly effects: readonly CallEffect[];
}

type Attached = Extract<Attachment, { attached: true }>;

/** Ends the call: its row goes and its caller hears. */
export function end(call: Call, outcome: Outcome): CallStep {
  const forget: CallEffect[] = call.changing ? [{ type: "forget", call: call.id }] : [];
  return { call: null, effects: [...forget, { type: "settle", call: call.id, outcome }] };
}

export function failure(code: ErrorCode, message: string): Outcome {
  return { ok: false, error: { code, message } };
}

/** Sends a call without `go` to the tab, or lets it wait for what is missing (STATE-1, END-5). */
export function place(call: Call, request: CallRequest, tab: Attachment, now: number): CallStep {
  if (!tab.attached) return waitForTab(call, request, now);
  const { runtime, epoch } = tab;
  switch (runtime.state) {
    case "error":
      return end(call, runtimeFailed(runtime));
    case "booting":
      if (call.state.name === "waiting_for_runtime") return stay(call);
      return become(call, {
        name: "waiting_for_runtime",
        request,
        giveUpAt: now + RUNTIME_GRACE_MS,
      });
    case "ready":
      return send(call, request, epoch, now);
  }
}

/**
 * The tab attached, went, or its runtime changed (END-4).
 *
 * @param held calls that a tab names in its hello; undefined when this is no hello
 */
export function onTab(
  call: Call,
  tab: Attachment,
  held: readonly string[] | undefined,
  now: number,
): CallStep {
  const { state } = call;
  if (state.name === "running") {
    // HELLO-5: only the tab that got `go` could tell what became of the call.
    const isHeld = held === undefined || held.includes(call.id);
    return isHeld ? stay(call) : end(call, lostWithItsTab(call));
  }
  const stillThere =
    (state.name === "sent" || state.name === "offered") &&
    tab.attached &&
    tab.epoch === state.epoch;
  return stillThere ? stay(call) : place(call, state.request, tab, now);
}

/** The tab is ready to run the call: `go`, at most once, to the current epoch, in time (CALL-3). */
export function onClaim(call: Call, tab: Attached, now: number): CallStep {
  const { state } = call;
  if (state.name !== "offered" || state.epoch !== tab.epoch) return stay(call);
  if (now >= call.deadline) return onTick(call, tab, now);
  if (tab.runtime.state !== "ready") {
    const refused =
      tab.runtime.state === "error"
        ? runtimeFailed(tab.runtime)
        : failure("runtime_not_ready", "The container started anew before the call could run.");
    return withCancel(end(call, refused), call, tab);
  }
  const running: Call = { ...call, state: { name: "running" } };
  return {
    call: running,
    effects: [
      { type: "persist", call: running },
      { type: "send", frame: { type: "go", call: call.id, epoch: tab.epoch } },
    ],
  };
}

/** The caller does not want it any more (CALL-9). */
export function onCancel(call: Call, tab: Attachment): CallStep {
  const step =
    call.state.name === "running"
      ? stay(call)
      : end(call, failure("cancelled", `${call.operation} was cancelled before it ran.`));
  return withCancel(step, call, tab);
}

/** The container is gone, and with it whatever the call did or would do (GONE-2). */
export function onDeleted(call: Call): CallStep {
  return end(call, deletedFailure());
}

export function deletedFailure(): Outcome {
  return failure("container_deleted", "The container was deleted.");
}

/** Ends the call when its time is over (END-1, END-2, END-3, END-5). */
export function onTick(call: Call, tab: Attachment, now: number): CallStep {
  if (now < endsAt(call)) return stay(call);
  return withCancel(end(call, overdue(call, now)), call, tab);
}

function overdue(call: Call, now: number): Outcome {
  const { operation, state } = call;
  switch (state.name) {
    case "running":
      return failure("outcome_unknown", `${operation} was started, but its outcome did not come.`);
    case "waiting_for_runtime":
      return failure("runtime_not_ready", `The container did not start in time for ${operation}.`);
    case "waiting_for_tab":
      return state.lost && now >= call.deadline
        ? failure("deadline_exceeded", "The sandbox page was lost and did not come back in time.")
        : failure("tab_not_attached", "No sandbox page is connected for this container.");
    default:
      return failure("deadline_exceeded", `The sandbox page did not answer ${operation} in time.`);
  }
}

function lostWithItsTab(call: Call): Outcome {
  const message = `${call.operation} was started, and then the sandbox page was reloaded or replaced.`;
  return failure("outcome_unknown", message);
}

function waitForTab(call: Call, request: CallRequest, now: number): CallStep {
  const { state } = call;
  if (state.name === "waiting_for_tab") return stay(call);
  const lost = state.name === "sent" || state.name === "offered";
  const giveUpAt = now + (lost ? TAB_RETURN_GRACE_MS : ATTACH_GRACE_MS);
  return become(call, { name: "waiting_for_tab", request, giveUpAt, lost });
}

function send(call: Call, request: CallRequest, epoch: number, now: number): CallStep {
  const work = {
    call: call.id,
    epoch,
    operation: request.operation,
    input: request.input,
    timeout_ms: Math.max(1, Math.floor(call.deadline - now)),
    client: request.client.slice(0, CLIENT_NAME_MAX_CHARS),
    ...(request.progress && { progress: true }),
  };
  const next: Call = {
    ...call,
    state: { name: call.changing ? "offered" : "sent", request, epoch },
  };
  const frame = call.changing
    ? ({ type: "offer", ...work } as const)
    : ({ type: "call", ...work } as const);
  return { call: next, effects: [{ type: "send", frame }] };
}

/** Adds a `cancel` when the attached tab may know the call, so that it does not work for nobody. */
function withCancel(step: CallStep, call: Call, tab: Attachment): CallStep {
  const known = call.state.name !== "waiting_for_tab" && call.state.name !== "waiting_for_runtime";
  if (!known || !tab.attached) return step;
  const frame = { type: "cancel", call: call.id, epoch: tab.epoch } as const;
  return { call: step.call, effects: [{ type: "send", frame }, ...step.effects] };
}

function runtimeFailed(runtime: Extract<RuntimeState, { state: "error" }>): Outcome {
  return failure("runtime_failed", `The container could not start: ${runtime.message}`);
}

function become(call: Call, state: Call["state"]): CallStep {
  return { call: { ...call, state }, effects: [] };
}

function stay(call: Call): CallStep {
  return { call, effects: [] };
}
