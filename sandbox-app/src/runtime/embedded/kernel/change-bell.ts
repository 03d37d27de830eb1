/** Programs that start and end in a row are told of once. */
const DELAY_MS = 100;

/** Tells that something has changed, once for all that changes within a moment. */
export class ChangeBell {
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** Something has changed. */
  ring(): void {
    if (this.#timer !== null || this.#listeners.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      for (const listener of Array.from(this.#listeners)) listener();
    }, DELAY_MS);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
