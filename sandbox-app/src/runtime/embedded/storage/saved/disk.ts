import type { JournalRecord, Manifest } from "./manifest.ts";

/** What one transaction changes. */
export interface RowChange {
  readonly append?: JournalRecord;
  readonly manifest?: Manifest;
  /** Records up to this number go. */
  readonly dropThrough?: number;
  /** Records above this number go. */
  readonly dropAfter?: number;
}

/**
 * Where a container is saved: rows in a database whose transactions are whole or did not happen, and
 * files, whose writing may be cut at any byte.
 */
export interface Disk {
  /**
   * Takes the container over: from now on commits under an older fence are refused, also those of
   * a kernel that does not know yet that it was replaced.
   *
   * @returns the new fence
   */
  claim(): Promise<number>;
  /** Not yet parsed; undefined when nothing was saved. */
  manifest(): Promise<unknown>;
  /** Records above this number, in their order; not yet parsed. */
  records(after: number): Promise<readonly unknown[]>;
  /** @throws FencedError when another kernel has claimed the container since */
  commit(fence: number, change: RowChange): Promise<void>;
  readFile(name: string): Promise<Uint8Array<ArrayBuffer> | null>;
  writeFile(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Gives a file another name, in one step. */
  moveFile(from: string, to: string): Promise<void>;
  removeFile(name: string): Promise<void>;
  listFiles(): Promise<string[]>;
  /** Forgets everything but the fence. */
  clear(fence: number): Promise<void>;
  close(): void;
}

/** Another kernel runs this container now; this one must not save any more. */
export class FencedError extends Error {
  override readonly name = "FencedError";
  constructor() {
    super("Another tab runs this container now.");
  }
}

/** What is saved cannot be used; it is left as it is. */
export class SavedDataError extends Error {
  override readonly name = "SavedDataError";
}
