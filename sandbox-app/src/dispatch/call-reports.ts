import type { Outcome, WorkFrame } from "#protocol/frames.ts";
import type { CallEvent } from "../tab/events.ts";
import type { PreparedCall } from "./perform.ts";

/** Longest text of an input or output that the page is told: it is shown, not kept. */
export const SHOWN_TEXT_MAX_CHARS = 64 * 1024;

/** Output of one command that the page is told as it comes; `yes` writes gigabytes. */
export const SHOWN_OUTPUT_MAX_CHARS = 256 * 1024;

/** Tells the page what happens to one call, in amounts that it can hold. */
export class CallReport {
  readonly #work: WorkFrame;
  readonly #emit: (event: CallEvent) => void;
  readonly #now: () => number;
  #isShown = false;
  #outputChars = 0;
  #checkpoint: string | undefined;

  constructor(work: WorkFrame, emit: (event: CallEvent) => void, now: () => number) {
    this.#work = work;
    this.#emit = emit;
    this.#now = now;
  }

  /** What Disco itself asks while it answers a client is no call of that client [CALL-11]. */
  started({ operation, input }: PreparedCall): void {
    if (this.#work.client === "" && operation.hints.readOnly) return;
    this.#isShown = true;
    const { call, client } = this.#work;
    const summary = operation.summarize(input);
    const shown = { operation: operation.name, client, summary, input: shorten(input) };
    this.#emit({ type: "started", call, ...shown, at: this.#now() });
  }

  output(stream: "stdout" | "stderr", text: string): void {
    const room = SHOWN_OUTPUT_MAX_CHARS - this.#outputChars;
    if (!this.#isShown || room <= 0 || text === "") return;
    this.#outputChars += text.length;
    const isLast = text.length >= room;
    const shown = isLast ? `${text.slice(0, room)}\n… further output is not shown …\n` : text;
    this.#emit({ type: "output", call: this.#work.call, stream, text: shown });
  }

  /** What the call changed can be taken back with this. */
  kept(checkpoint: string): void {
    this.#checkpoint = checkpoint;
  }

  /** A call that never started has no row to end. */
  ended(outcome: Outcome): void {
    if (!this.#isShown) return;
    const shown = outcome.ok ? { ok: true as const, output: shorten(outcome.output) } : outcome;
    const { call } = this.#work;
    const checkpoint = this.#checkpoint;
    this.#emit({ type: "ended", call, at: this.#now(), outcome: shown, checkpoint });
  }
}

function shorten(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [
      key,
      typeof value === "string" ? shortenText(value) : value,
    ]),
  );
}

function shortenText(text: string): string {
  const rest = text.length - SHOWN_TEXT_MAX_CHARS;
  return rest > 0 ? `${text.slice(0, SHOWN_TEXT_MAX_CHARS)}… ${rest} more characters` : text;
}
