/** The time and its one use; injected, so that a test can let hours pass at once. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** @returns what cancels the timer */
  after(delayMs: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
