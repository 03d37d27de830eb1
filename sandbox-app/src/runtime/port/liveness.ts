/** How often the other end is asked. */
const PING_EVERY_MS = 5_000;

/**
 * So many pings without any message make the other end dead. A kernel that is hard at work, on a
 * machine that is too, may let seconds pass.
 */
const UNANSWERED_MAX = 4;

/**
 * Finds out when nobody is at the other end of a port any more: Chromium does not tell when the
 * process of another origin's frame has crashed. It counts pings, not time, so that a page that the
 * browser has frozen, or a machine that slept, finds the other end as it was.
 */
export class Liveness {
  readonly #timer: ReturnType<typeof setInterval>;
  #unanswered = 0;

  constructor(ping: () => void, onLost: () => void) {
    this.#timer = setInterval(() => {
      if (this.#unanswered >= UNANSWERED_MAX) {
        this.stop();
        onLost();
        return;
      }
      this.#unanswered++;
      ping();
    }, PING_EVERY_MS);
  }

  /** A message came, whichever. */
  heard(): void {
    this.#unanswered = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
