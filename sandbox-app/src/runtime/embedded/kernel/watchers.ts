import type { FileEvent, Unsubscribe } from "../../runtime.ts";

type Listener = (event: FileEvent) => void;

/**
 * Who wants to hear of changes. Tells at once and in order; a listener that throws stops no other.
 * Found by path: bundlers watch thousands of directories, and every write asks.
 */
export class Watchers {
  readonly #byPath = new Map<string, Set<{ readonly listener: Listener }>>();

  get isEmpty(): boolean {
    return this.#byPath.size === 0;
  }

  /** @param path canonical; events at it and below it are told */
  add(path: string, listener: Listener): Unsubscribe {
    const watcher = { listener };
    const watchers = this.#byPath.get(path) ?? new Set();
    this.#byPath.set(path, watchers.add(watcher));
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0 && this.#byPath.get(path) === watchers) this.#byPath.delete(path);
    };
  }

  tell(type: FileEvent["type"], path: string): void {
    if (this.isEmpty) return;
    this.#tellThose("/", { type, path });
    for (let end = path.indexOf("/", 1); end !== -1; end = path.indexOf("/", end + 1)) {
      this.#tellThose(path.slice(0, end), { type, path });
    }
    if (path !== "/") this.#tellThose(path, { type, path });
  }

  #tellThose(watched: string, event: FileEvent): void {
    for (const { listener } of this.#byPath.get(watched) ?? []) {
      try {
        listener(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
