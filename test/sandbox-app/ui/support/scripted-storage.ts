import type { ContainerStorage } from "#sandbox/runtime/embedded/storage/port/container-storage.ts";
import type { Restored, StorageState } from "#sandbox/runtime/embedded/storage/port/messages.ts";

/** A storage that says what the test says, and remembers what the page asked of it. */
export class ScriptedStorage implements ContainerStorage {
  readonly restored: Promise<Restored | null>;
  readonly asked: string[] = [];
  /** What the next export or import fails with. */
  failure: Error | null = null;
  readonly #restored = Promise.withResolvers<Restored | null>();
  readonly #listeners = new Set<(state: StorageState) => void>();
  #state: StorageState = { state: "opening" };

  constructor() {
    this.restored = this.#restored.promise;
  }

  restore(restored: Restored | null): void {
    this.#restored.resolve(restored);
  }

  say(state: StorageState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }

  on(listener: (state: StorageState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#state);
    return () => this.#listeners.delete(listener);
  }

  flush = async (): Promise<void> => void this.asked.push("flush");
  release = async (): Promise<void> => void this.asked.push("release");
  reset = async (): Promise<void> => void this.asked.push("reset");
  erase = async (): Promise<void> => void this.asked.push("erase");
  others = async (): Promise<string[]> => [];
  forget = async (container: string): Promise<void> => void this.asked.push(`forget ${container}`);
  measure = async () => ({ used: 3 * 1024 * 1024, quota: 1024 * 1024 * 1024 });

  async export(options: { withModules: boolean }): Promise<Blob> {
    this.asked.push(options.withModules ? "export with node_modules" : "export");
    if (this.failure !== null) throw this.failure;
    return new Blob(["zip"]);
  }

  async import(zip: Blob) {
    this.asked.push(`import ${zip.size}`);
    if (this.failure !== null) throw this.failure;
    return { files: 2, bytes: 2_048 };
  }

  async persist(): Promise<boolean> {
    this.asked.push("persist");
    return true;
  }
}
