/** Standard input of a process: takes chunks, and gives all of them at the end. */
export class InputCollector {
  readonly writable: WritableStream<Uint8Array>;
  readonly #chunks: Uint8Array[] = [];
  readonly #ended = Promise.withResolvers<void>();

  constructor() {
    this.writable = new WritableStream<Uint8Array>({
      write: (chunk) => {
        this.#chunks.push(chunk);
      },
      close: () => this.#ended.resolve(),
      abort: () => this.#ended.resolve(),
    });
  }

  /** Waits for the end of input. */
  async whole(): Promise<Uint8Array<ArrayBuffer>> {
    await this.#ended.promise;
    const size = this.#chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
    const bytes = new Uint8Array(size);
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.byteLength;
    }
    return bytes;
  }
}
