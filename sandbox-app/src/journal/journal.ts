import type { Outcome } from "#protocol/frames.ts";

/**
 * What this tab knows of one call. Epochs are those of the attach in which it happened.
 *
 * A changing call goes `claimed → running → done → settled`; `settled` is remembered so that the
 * call can never run a second time. A reading call starts with `running` and is forgotten when its
 * outcome was acknowledged: it may run again [END-4].
 */
export type JournalEntry =
  | { readonly state: "claimed"; readonly epoch: number }
  | { readonly state: "running" }
  /** `sentIn` is the epoch in which the outcome was sent last; null when it never was. */
  | { readonly state: "done"; readonly outcome: Outcome; readonly sentIn: number | null }
  | { readonly state: "settled" };

export type JournalEvent =
  | { readonly type: "called" | "offered" | "allowed" | "welcomed"; readonly epoch: number }
  /** `epoch` is null while the tab is not attached. */
  | { readonly type: "finished"; readonly outcome: Outcome; readonly epoch: number | null }
  | { readonly type: "withdrawn" }
  | { readonly type: "acknowledged"; readonly kind: CallKind };

export type CallKind = "read" | "change";

/** The next entry, undefined for none, and what the dispatcher is to do about the event. */
export interface JournalStep {
  readonly entry: JournalEntry | undefined;
  readonly verdict: "nothing" | "claim" | "run" | "answer";
}

/** The one transition of a call in the tab; SPEC rules CALL-3, CALL-4, CALL-5, CALL-9 and EPOCH-1. */
export function stepJournal(entry: JournalEntry | undefined, event: JournalEvent): JournalStep {
  switch (event.type) {
    case "called":
      return entry ? again(entry, event.epoch) : run();
    case "offered":
      return offered(entry, event.epoch);
    case "allowed":
      return isClaimed(entry) && entry.epoch === event.epoch ? run() : keep(entry);
    case "withdrawn":
      return keep(isClaimed(entry) ? undefined : entry);
    case "welcomed":
      // A claim of an earlier epoch will get no go; the relay offers the call again.
      return !entry || isClaimed(entry) ? keep(undefined) : again(entry, event.epoch);
    case "finished":
      return finish(entry, event.outcome, event.epoch);
    case "acknowledged":
      return acknowledged(entry, event.kind);
  }
}

type Claimed = Extract<JournalEntry, { state: "claimed" }>;

function isClaimed(entry: JournalEntry | undefined): entry is Claimed {
  return entry?.state === "claimed";
}

function run(): JournalStep {
  return { entry: { state: "running" }, verdict: "run" };
}

function offered(entry: JournalEntry | undefined, epoch: number): JournalStep {
  if (entry && entry.state !== "claimed") return again(entry, epoch);
  if (entry?.epoch === epoch) return keep(entry);
  return { entry: { state: "claimed", epoch }, verdict: "claim" };
}

function acknowledged(entry: JournalEntry | undefined, kind: CallKind): JournalStep {
  if (entry?.state !== "done") return keep(entry);
  return keep(kind === "change" ? { state: "settled" } : undefined);
}

function finish(
  entry: JournalEntry | undefined,
  outcome: Outcome,
  epoch: number | null,
): JournalStep {
  // Whoever answered first has answered: a handler that comes late changes nothing.
  if (entry?.state !== "running") return keep(entry);
  return {
    entry: { state: "done", outcome, sentIn: epoch },
    verdict: epoch === null ? "nothing" : "answer",
  };
}

/** The relay asks again for what this tab has had: at most one outcome in each epoch. */
function again(entry: JournalEntry, epoch: number): JournalStep {
  if (entry.state !== "done" || entry.sentIn === epoch) return keep(entry);
  return { entry: { ...entry, sentIn: epoch }, verdict: "answer" };
}

function keep(entry: JournalEntry | undefined): JournalStep {
  return { entry, verdict: "nothing" };
}
