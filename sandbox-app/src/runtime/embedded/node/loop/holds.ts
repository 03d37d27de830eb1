import type { Hold } from "../context.ts";

/** Counts what keeps the process alive. */
export class Holds {
  readonly #held = new Set<{ readonly what: string }>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get count(): number {
    return this.#held.size;
  }

  get names(): string[] {
    return [...this.#held].map(({ what }) => what);
  }

  take(what: string): Hold {
    const held = this.#held;
    const changed = this.#changed;
    const entry = { what };
    let isOver = false;
    held.add(entry);
    return {
      ref() {
        if (!isOver) held.add(entry);
      },
      unref() {
        if (held.delete(entry)) changed();
      },
      hasRef: () => held.has(entry),
      release() {
        isOver = true;
        if (held.delete(entry)) changed();
      },
    };
  }
}
