import type { TabEvent } from "./events.ts";

/** Passes events to every listener; a new one first hears the latest link and runtime states. */
export class EventFan {
  readonly #listeners = new Set<(event: TabEvent) => void>();
  readonly #latest = new Map<"link" | "runtime", TabEvent>();

  emit(event: TabEvent): void {
    if (event.kind !== "call") this.#latest.set(event.kind, event);
    for (const listener of this.#listeners) listener(event);
  }

  /** @returns what ends the listening */
  on(listener: (event: TabEvent) => void): () => void {
    this.#listeners.add(listener);
    for (const event of this.#latest.values()) listener(event);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
