import {
  type Disk,
  FencedError,
  type RowChange,
} from "#sandbox/runtime/embedded/storage/saved/disk.ts";
import type { JournalRecord } from "#sandbox/runtime/embedded/storage/saved/manifest.ts";

/** The machine went off. */
export class PowerCut extends Error {}

/** What is left on the platters: outlives every MemoryDisk that writes to it. */
export interface Platters {
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
  readonly journal: Map<number, JournalRecord>;
  manifest: unknown;
  fence: number;
}

export function blankPlatters(): Platters {
  return { files: new Map(), journal: new Map(), manifest: undefined, fence: 0 };
}

/**
 * A disk with the promises of IndexedDB and OPFS and no more: transactions are whole or did not
 * happen, a move is one step, and the writing of a file can be cut at any byte.
 */
export class MemoryDisk implements Disk {
  readonly #platters: Platters;
  #stepsLeft: number;
  readonly #tornBytes: number;
  #isFull = false;
  /** Steps that were taken, so that a test can cut at each of them. */
  steps = 0;

  /**
   * @param cutAfter steps that succeed before the power goes
   * @param tornBytes bytes that still reach the file whose writing is cut
   */
  constructor(platters: Platters, cutAfter = Number.POSITIVE_INFINITY, tornBytes = 0) {
    this.#platters = platters;
    this.#stepsLeft = cutAfter;
    this.#tornBytes = tornBytes;
  }

  setFull(isFull: boolean): void {
    this.#isFull = isFull;
  }

  async claim(): Promise<number> {
    this.#step();
    this.#platters.fence += 1;
    return this.#platters.fence;
  }

  async manifest(): Promise<unknown> {
    return structuredClone(this.#platters.manifest);
  }

  async records(after: number): Promise<readonly unknown[]> {
    const rows = [...this.#platters.journal].toSorted(([a], [b]) => a - b);
    return structuredClone(rows.flatMap(([seq, record]) => (seq > after ? [record] : [])));
  }

  async commit(fence: number, change: RowChange): Promise<void> {
    this.#step();
    if (fence !== this.#platters.fence) throw new FencedError();
    this.#room();
    const { append, manifest, dropThrough = -1, dropAfter = Number.POSITIVE_INFINITY } = change;
    const { journal } = this.#platters;
    for (const seq of Array.from(journal.keys())) {
      if (seq <= dropThrough || seq > dropAfter) journal.delete(seq);
    }
    if (manifest !== undefined) this.#platters.manifest = structuredClone(manifest);
    if (append !== undefined) journal.set(append.seq, structuredClone(append));
  }

  async readFile(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#platters.files.get(name)?.slice() ?? null;
  }

  async writeFile(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#room();
    // As a file comes to be: first empty, then torn, then whole.
    if (this.#stepsLeft <= 0) this.#platters.files.set(name, bytes.slice(0, this.#tornBytes));
    this.#step();
    this.#platters.files.set(name, bytes.slice());
  }

  async moveFile(from: string, to: string): Promise<void> {
    this.#step();
    const bytes = this.#platters.files.get(from);
    if (bytes === undefined) throw new Error(`no file ${from}`);
    this.#platters.files.delete(from);
    this.#platters.files.set(to, bytes);
  }

  async removeFile(name: string): Promise<void> {
    this.#step();
    this.#platters.files.delete(name);
  }

  async listFiles(): Promise<string[]> {
    return [...this.#platters.files.keys()];
  }

  async clear(fence: number): Promise<void> {
    this.#step();
    if (fence !== this.#platters.fence) throw new FencedError();
    this.#platters.journal.clear();
    this.#platters.manifest = undefined;
    this.#platters.files.clear();
  }

  close(): void {}

  #room(): void {
    if (this.#isFull) throw new DOMException("no room", "QuotaExceededError");
  }

  #step(): void {
    if (this.#stepsLeft <= 0) throw new PowerCut("the power is gone");
    this.#stepsLeft -= 1;
    this.steps += 1;
  }
}
