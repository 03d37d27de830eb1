import { DiscoError } from "#protocol/errors.ts";
import type { Outcome, RelayFrame, TabFrame, WorkFrame } from "#protocol/frames.ts";
import type { Clock } from "../connection/clock.ts";
import type { CallBook } from "../journal/call-book.ts";
import type { CallKind } from "../journal/journal.ts";
import type { CallEvent } from "../tab/events.ts";
import { CallReport } from "./call-reports.ts";
import type { RuntimeAccess, TabHandlers } from "./context.ts";
import { failedOutcome, perform, prepare } from "./perform.ts";
import { Progress } from "./progress.ts";

/**
 * A handler that was told to stop has this long to say what it did; then the call is answered
 * without it. Below CALL_SETTLE_GRACE_MS, so that the relay still hears it.
 */
export const STOP_GRACE_MS = 2_000;

export interface DispatcherOptions {
  readonly handlers: TabHandlers;
  readonly book: CallBook;
  readonly clock: Clock;
  /** Sends while the tab is attached; otherwise does nothing. */
  readonly send: (frame: TabFrame) => void;
  /** Tells the page what happens. */
  readonly emit: (event: CallEvent) => void;
}

/** A call that has not ended in this tab. */
interface Held {
  readonly work: WorkFrame;
  readonly abort: AbortController;
  readonly report: CallReport;
  readonly progress: Progress | undefined;
  started: boolean;
  cancelTimer: () => void;
}

/**
 * Frames of the relay in, outcomes out. What may run when is decided by the journal; this class owns
 * the timers, the abort signals and the handlers' promises.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #held = new Map<string, Held>();
  #access: RuntimeAccess = { state: "booting" };
  #epoch: number | null = null;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Says whether calls can run from now on [STATE-1]. */
  setRuntime(access: RuntimeAccess): void {
    this.#access = access;
  }

  receive(frame: RelayFrame): void {
    if (frame.type === "welcome") this.#welcome(frame.epoch);
    else if (frame.type === "ack") this.#acknowledge(frame.call);
    // EPOCH-1: what another attach was told has no effect in this one.
    else if (frame.epoch !== this.#epoch) return;
    else if (frame.type === "go") this.#allow(frame.call, frame.epoch);
    else if (frame.type === "cancel") this.#stop(frame.call, "cancelled");
    else this.#accept(frame);
  }

  /** Stops what runs; for a tab that goes away. */
  dispose(): void {
    for (const call of this.#held.keys()) this.#stop(call, "cancelled");
  }

  #welcome(epoch: number): void {
    this.#epoch = epoch;
    const { book } = this.#options;
    for (const call of book.calls()) {
      const { verdict, entry } = book.step(call, { type: "welcomed", epoch });
      if (verdict === "answer" && entry?.state === "done") this.#answer(call, entry.outcome, epoch);
      if (!entry) this.#release(call);
    }
  }

  #acknowledge(call: string): void {
    const { book } = this.#options;
    book.step(call, { type: "acknowledged", kind: book.kindOf(call) });
  }

  #accept(work: WorkFrame): void {
    const { book } = this.#options;
    const { call, epoch } = work;
    const kind: CallKind = work.type === "offer" ? "change" : "read";
    if (book.full && !book.entry(call)) {
      this.#turnAway(work, kind);
      return;
    }
    const type = kind === "change" ? "offered" : "called";
    const step = book.step(call, { type, epoch }, kind);
    const { verdict, entry } = step;
    if (verdict === "answer" && entry?.state === "done") this.#answer(call, entry.outcome, epoch);
    if (verdict !== "claim" && verdict !== "run") return;
    this.#hold(work);
    if (verdict === "run") void this.#run(call, step.stored);
    else void this.#claim(call, epoch, step.stored);
  }

  /** A full tab leaves an offer unclaimed: it ends at its deadline without an effect [END-2]. */
  #turnAway({ call, epoch }: WorkFrame, kind: CallKind): void {
    if (kind === "change") return;
    const error = new DiscoError("overloaded", "The page holds too many calls.");
    this.#answer(call, failedOutcome(error), epoch);
  }

  async #claim(call: string, epoch: number, stored: Promise<void>): Promise<void> {
    try {
      await stored;
    } catch {
      // What cannot be journalled is not claimed, and so never runs.
      this.#stop(call, "cancelled");
      return;
    }
    const entry = this.#options.book.entry(call);
    if (entry?.state !== "claimed" || entry.epoch !== epoch || epoch !== this.#epoch) return;
    this.#options.send({ type: "claim", call, epoch });
  }

  #allow(call: string, epoch: number): void {
    const { verdict, stored } = this.#options.book.step(call, { type: "allowed", epoch });
    if (verdict === "run") void this.#run(call, stored);
  }

  async #run(call: string, stored: Promise<void>): Promise<void> {
    const held = this.#held.get(call);
    if (!held) return;
    held.started = true;
    try {
      await stored;
      const prepared = prepare(held.work);
      held.report.started(prepared);
      const outcome = await perform(prepared, this.#options.handlers, () => this.#access, {
        client: held.work.client,
        signal: held.abort.signal,
        kept: (checkpoint) => held.report.kept(checkpoint),
        output: (stream, text) => {
          if (this.#held.get(call) === held) held.report.output(stream, text);
        },
        progress: (text) => held.progress?.push(text),
      });
      this.#finish(call, held, outcome);
    } catch (error) {
      this.#finish(call, held, failedOutcome(error));
    }
  }

  #finish(call: string, held: Held, outcome: Outcome): void {
    if (this.#held.get(call) !== held) return;
    this.#release(call);
    const { book } = this.#options;
    const step = book.step(call, { type: "finished", outcome, epoch: this.#epoch });
    // Not awaited: if the storage cannot keep it, a later tab finds the call running and says
    // outcome_unknown, while this one has said what happened.
    if (step.verdict === "answer" && this.#epoch !== null) this.#answer(call, outcome, this.#epoch);
    held.report.ended(outcome);
  }

  #answer(call: string, outcome: Outcome, epoch: number): void {
    this.#options.send({ type: "outcome", call, epoch, outcome });
  }

  #hold(work: WorkFrame): void {
    const { call } = work;
    const { clock, emit } = this.#options;
    this.#release(call);
    const report = new CallReport(work, emit, () => clock.now());
    // CALL-10: the time runs from receipt, also while the call waits for its go.
    const cancelTimer = clock.after(work.timeout_ms, () => this.#stop(call, "deadline_exceeded"));
    const abort = new AbortController();
    const progress = work.progress ? this.#progressOf(call) : undefined;
    this.#held.set(call, { work, abort, report, progress, started: false, cancelTimer });
  }

  /** What is told between two connections is lost: the next line makes up for it [CALL-12]. */
  #progressOf(call: string): Progress {
    const { clock, send } = this.#options;
    return new Progress(clock, (text) => {
      if (this.#epoch !== null) send({ type: "progress", call, epoch: this.#epoch, text });
    });
  }

  #release(call: string): void {
    const held = this.#held.get(call);
    held?.cancelTimer();
    held?.progress?.stop();
    this.#held.delete(call);
  }

  /** Before go, the call is withdrawn; after it, the handler stops as well as it can [CALL-9]. */
  #stop(call: string, why: "cancelled" | "deadline_exceeded"): void {
    const held = this.#held.get(call);
    if (!held || held.abort.signal.aborted) return;
    if (!held.started) {
      this.#release(call);
      this.#options.book.step(call, { type: "withdrawn" });
      return;
    }
    const message =
      why === "cancelled" ? "The call was cancelled." : "The call's time is over in the page.";
    held.abort.abort(new DiscoError(why, message));
    held.cancelTimer();
    held.cancelTimer = this.#options.clock.after(STOP_GRACE_MS, () => {
      // Of a reading call nothing can be left behind.
      const code = held.work.type === "call" ? why : "outcome_unknown";
      const error = new DiscoError(code, `${message} Its work did not stop in time.`);
      this.#finish(call, held, failedOutcome(error));
    });
  }
}
