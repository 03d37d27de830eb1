import type { FileEvent, Unsubscribe } from "../../runtime.ts";
import { isWithin } from "./path.ts";

interface Watcher {
  readonly path: string;
  readonly listener: (event: FileEvent) => void;
}

/** Who wants to hear of changes. Tells at once and in order; a listener that throws stops no other. */
export class Watchers {
  readonly #watchers = new Set<Watcher>();

  get isEmpty(): boolean {
    return this.#watchers.size === 0;
  }

  /** @param path canonical; events at it and below it are told */
  add(path: string, listener: (event: FileEvent) => void): Unsubscribe {
    const watcher = { path, listener };
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  tell(type: FileEvent["type"], path: string): void {
    for (const watcher of this.#watchers) {
      if (!isWithin(watcher.path, path)) continue;
      try {
        watcher.listener({ type, path });
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
