import type { Clock } from "#sandbox/connection/clock.ts";

/** A clock that stands still until the test moves it. */
export class HandClock implements Clock {
  #now = 1_700_000_000_000;
  readonly #timers = new Set<{ readonly at: number; readonly run: () => void }>();

  now(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.#now + delayMs, run };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Lets time pass; timers run in their order, each at its time. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (let next = this.#next(until); next; next = this.#next(until)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = until;
  }

  #next(until: number) {
    return [...this.#timers].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
  }
}
