/** Bytes in chunks, first in, first out. */
export class ByteQueue {
  readonly #chunks: Uint8Array[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(bytes: Uint8Array): void {
    if (bytes.byteLength === 0) return;
    this.#chunks.push(bytes);
    this.#size += bytes.byteLength;
  }

  /** At most `length` bytes; one whole chunk is passed on as it is. */
  take(length: number): Uint8Array {
    const first = this.#chunks[0];
    if (first !== undefined && first.byteLength === length) {
      this.#chunks.shift();
      this.#size -= length;
      return first;
    }
    const bytes = new Uint8Array(Math.min(length, this.#size));
    for (let at = 0; at < bytes.byteLength;) {
      const chunk = this.#chunks[0];
      if (chunk === undefined) break;
      const part = chunk.subarray(0, bytes.byteLength - at);
      bytes.set(part, at);
      at += part.byteLength;
      if (part.byteLength === chunk.byteLength) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(part.byteLength);
    }
    this.#size -= bytes.byteLength;
    return bytes;
  }

  clear(): void {
    this.#chunks.length = 0;
    this.#size = 0;
  }
}
