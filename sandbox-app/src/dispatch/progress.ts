import { PROGRESS_EVERY_MS } from "#protocol/limits.ts";
import { lastLine } from "#protocol/progress-line.ts";
import type { Clock } from "../connection/clock.ts";

/** Characters from the end of what a call's work says in which the last line is looked for. */
export const PROGRESS_LOOK_CHARS = 4_096;

/** Milliseconds from the first word to its line: what is written at once comes in pieces. */
const SETTLE_MS = 100;

/** What is kept is cut back only when it is so long, so that adding is cheap. */
const SLACK_CHARS = 64 * 1_024;

/**
 * Tells the last line of what a call's work says, at most once in PROGRESS_EVERY_MS, and only when it
 * is another one than before [CALL-12].
 */
export class Progress {
  readonly #clock: Clock;
  readonly #tell: (line: string) => void;
  #recent = "";
  #told = "";
  #toldAt = -Infinity;
  #cancelTimer: (() => void) | undefined;
  #isStopped = false;

  constructor(clock: Clock, tell: (line: string) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  push(text: string): void {
    if (this.#isStopped || text === "") return;
    this.#recent += text;
    if (this.#recent.length > PROGRESS_LOOK_CHARS + SLACK_CHARS) {
      this.#recent = this.#recent.slice(-PROGRESS_LOOK_CHARS);
    }
    if (this.#cancelTimer !== undefined) return;
    const sinceTold = this.#clock.now() - this.#toldAt;
    const delayMs = Math.max(SETTLE_MS, PROGRESS_EVERY_MS - sinceTold);
    this.#cancelTimer = this.#clock.after(delayMs, () => this.#say());
  }

  /** Nothing is told any more: the outcome follows. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer?.();
  }

  #say(): void {
    this.#cancelTimer = undefined;
    this.#recent = this.#recent.slice(-PROGRESS_LOOK_CHARS);
    const line = lastLine(this.#recent);
    if (line === "" || line === this.#told) return;
    this.#told = line;
    this.#toldAt = this.#clock.now();
    this.#tell(line);
  }
}
