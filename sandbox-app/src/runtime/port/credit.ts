/** Bytes that one stream may have on the way: enough to keep both ends busy, little to lose. */
const WINDOW_BYTES = 262_144;

/** A sender's right to send: what it sends is taken, what the receiver consumes is given back. */
export class Credit {
  #bytes = WINDOW_BYTES;
  #isClosed = false;
  #waiting: (() => void)[] = [];

  /**
   * Waits until anything may be sent, then takes this much, even beyond zero: a chunk is never split.
   * Resolves with false when the stream is closed.
   */
  async take(bytes: number): Promise<boolean> {
    while (this.#bytes <= 0 && !this.#isClosed) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#bytes -= bytes;
    return !this.#isClosed;
  }

  give(bytes: number): void {
    this.#bytes += bytes;
    this.#wake();
  }

  /** Lets everybody who waits go, with nothing more to send. */
  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
