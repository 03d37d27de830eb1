/** The contents of files by their SHA-256; each is held once, however many paths have it. */
export class KeptContents {
  readonly #byHash = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Of all that is held. */
  get bytes(): number {
    return this.#bytes;
  }

  hasRoom(bytes: number): boolean {
    return this.#bytes + bytes <= this.#maxBytes;
  }

  get(hash: string): Uint8Array<ArrayBuffer> | undefined {
    return this.#byHash.get(hash);
  }

  /** @returns false when it does not fit */
  add(hash: string, content: Uint8Array<ArrayBuffer>): boolean {
    if (this.#byHash.has(hash)) return true;
    if (!this.hasRoom(content.length)) return false;
    this.#byHash.set(hash, content);
    this.#bytes += content.length;
    return true;
  }

  /** Lets go of all that is not needed. */
  keepOnly(needed: ReadonlySet<string>): void {
    for (const [hash, content] of this.#byHash) {
      if (needed.has(hash)) continue;
      this.#byHash.delete(hash);
      this.#bytes -= content.length;
    }
  }
}
