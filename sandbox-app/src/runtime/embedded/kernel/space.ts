import { callError, fileError } from "./file-errors.ts";

/** The bytes that all files together may hold. */
export class Space {
  readonly #maxBytes: number;
  #usedBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** @throws FileError ENOSPC when there are not so many left */
  check(bytes: number, call: string, path?: string): void {
    if (bytes <= 0 || this.#usedBytes + bytes <= this.#maxBytes) return;
    throw path === undefined ? callError("ENOSPC", call) : fileError("ENOSPC", call, path);
  }

  /**
   * Takes bytes, or gives them back when negative.
   *
   * @throws FileError ENOSPC, with nothing taken
   */
  take(bytes: number, call: string): void {
    this.check(bytes, call);
    this.#usedBytes += bytes;
  }
}
