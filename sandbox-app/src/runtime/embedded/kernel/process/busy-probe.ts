import type { Activity } from "./process.ts";

/** Whoever takes longer to answer was in the midst of something; a thread takes a while to wake. */
const PROMPT_MS = 4;

/**
 * Finds out how busy a process is from how long it takes to answer a ping. A browser tells nobody the
 * processor time of a worker; but a ping comes when it comes, so the share of pings that find the
 * process busy is the share of time in which it is. Waiting for the kernel in a call is not busy.
 */
export class BusyProbe {
  readonly #now: () => number;
  /** When the ping that has no answer yet was sent. */
  #askedAt: number | null = null;
  #answer: number | null = null;
  #lookedAt: number;
  /** Since when it waits in a synchronous call. */
  #waitsSince: number | null = null;
  /** Milliseconds of waiting since the ping, and since the last look. */
  #waitedOfPing = 0;
  #waitedOfLook = 0;
  #hasCalled = false;
  #hasAnswered = true;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(now: () => number) {
    this.#now = now;
    this.#lookedAt = now();
  }

  /** Whether a ping is to be sent: one is under way at a time, none to who would not hear it. */
  begin(): boolean {
    if (this.#askedAt !== null || this.#waitsSince !== null) return false;
    this.#askedAt = this.#now();
    this.#waitedOfPing = 0;
    return true;
  }

  /** @param delayMs from the ping to the turn of the event loop that answered it */
  answered(delayMs: number): void {
    this.#settleWait();
    this.#answer = delayMs - this.#waitedOfPing > PROMPT_MS ? 1 : 0;
    this.#askedAt = null;
    this.#hasAnswered = true;
  }

  called(): void {
    this.#hasCalled = true;
  }

  waits(): void {
    this.#waitsSince ??= this.#now();
  }

  goesOn(): void {
    this.#settleWait();
    this.#waitsSince = null;
  }

  /** What was found since the last look. */
  look(): Activity {
    this.#settleWait();
    const now = this.#now();
    const elapsed = now - this.#lookedAt;
    const isWaiting = this.#waitsSince !== null;
    const found: Activity = {
      busy: this.#answer ?? this.#unanswered(elapsed),
      isGettingOn: this.#hasAnswered || this.#hasCalled || isWaiting,
      hasCalled: this.#hasCalled,
    };
    this.#answer = null;
    this.#lookedAt = now;
    this.#waitedOfLook = 0;
    this.#hasCalled = false;
    this.#hasAnswered = false;
    return found;
  }

  /** Who has not answered was busy for as long as it did not wait. */
  #unanswered(elapsed: number): number {
    if (this.#askedAt === null || elapsed <= 0) return 0;
    return Math.min(1, Math.max(0, 1 - this.#waitedOfLook / elapsed));
  }

  #settleWait(): void {
    if (this.#waitsSince === null) return;
    const now = this.#now();
    this.#waitedOfPing += now - this.#waitsSince;
    this.#waitedOfLook += now - this.#waitsSince;
    this.#waitsSince = now;
  }
}
