/**
 * What one process is waiting for in calls that have not finished. When the process ends, all of it
 * is taken back: nobody may swallow bytes for the dead.
 */
export class Waits {
  readonly #cancels = new Set<() => void>();
  #isOver = false;

  /** The process has ended: whatever goes on for it must take nothing any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Registers how to take a wait back; call the result when it is over. */
  add(cancel: () => void): () => void {
    this.#cancels.add(cancel);
    return () => {
      this.#cancels.delete(cancel);
    };
  }

  /** The end: nothing may be waited for afterwards. */
  cancelAll(): void {
    this.#isOver = true;
    for (const cancel of Array.from(this.#cancels)) cancel();
    this.#cancels.clear();
  }
}

/** Those who wait for a condition, in order; each looks again when it is woken. */
export class WaitQueue {
  readonly #waiting = new Set<() => void>();

  /** Resolves at the next `wake`, never when it is cancelled or was before. */
  wait(waits: Waits): Promise<void> {
    return new Promise((resolve) => {
      if (waits.isOver) return;
      const done = waits.add(() => this.#waiting.delete(go));
      const go = (): void => {
        done();
        resolve();
      };
      this.#waiting.add(go);
    });
  }

  wake(): void {
    const all = Array.from(this.#waiting);
    this.#waiting.clear();
    for (const go of all) go();
  }
}
