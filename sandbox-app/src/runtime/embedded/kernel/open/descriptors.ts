import { callError } from "../file-errors.ts";
import type { OpenFile } from "./open-file.ts";

/** Descriptors of one process, as `ulimit -n` has it on most systems. */
const DESCRIPTORS_MAX = 1_024;

/** How many descriptors, of all processes, stand for each open file. */
const references = new WeakMap<OpenFile, number>();

/** The descriptors of one process. */
export class Descriptors {
  readonly #files = new Map<number, OpenFile>();

  /** @throws FileError EBADF */
  get(fd: number, call: string): OpenFile {
    const file = this.#files.get(fd);
    if (file === undefined) throw callError("EBADF", call);
    return file;
  }

  has(fd: number): boolean {
    return this.#files.has(fd);
  }

  /** Gives the file the lowest free descriptor from `atLeast`. */
  add(file: OpenFile, call: string, atLeast = 0): number {
    let fd = atLeast;
    while (this.#files.has(fd)) fd++;
    hold(file);
    if (fd >= DESCRIPTORS_MAX) {
      release(file);
      throw callError("EMFILE", call);
    }
    this.#files.set(fd, file);
    return fd;
  }

  /** Makes the descriptor stand for this file, whatever it was before. */
  put(fd: number, file: OpenFile, call: string): void {
    if (!Number.isInteger(fd) || fd < 0 || fd >= DESCRIPTORS_MAX) throw callError("EBADF", call);
    const replaced = this.#files.get(fd);
    if (replaced === file) return;
    hold(file);
    this.#files.set(fd, file);
    if (replaced !== undefined) release(replaced);
  }

  close(fd: number): void {
    const file = this.get(fd, "close");
    this.#files.delete(fd);
    release(file);
  }

  closeAll(): void {
    const files = Array.from(this.#files.values());
    this.#files.clear();
    for (const file of files) release(file);
  }
}

/** One more that uses the file. */
export function hold(file: OpenFile): void {
  references.set(file, (references.get(file) ?? 0) + 1);
}

/** One less; the last one closes it. */
export function release(file: OpenFile): void {
  const count = (references.get(file) ?? 1) - 1;
  references.set(file, count);
  if (count === 0) file.close();
}
