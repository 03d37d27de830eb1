export interface InboundOptions {
  /** So many bytes were handed to the reader. */
  readonly onConsumed: (bytes: number) => void;
  readonly onCancel: () => void;
}

/** The receiving end of a stream: gives chunks to its reader one at a time, and tells of each. */
export class InboundStream {
  readonly readable: ReadableStream<Uint8Array>;
  readonly #options: InboundOptions;
  readonly #queue: Uint8Array[] = [];
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #isWanted = false;
  #isEnding = false;

  constructor(options: InboundOptions) {
    this.#options = options;
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => {
          this.#isWanted = true;
          this.#flow();
        },
        cancel: () => {
          this.#controller = null;
          this.#queue.length = 0;
          options.onCancel();
        },
      },
      { highWaterMark: 0 },
    );
  }

  push(bytes: Uint8Array): void {
    if (this.#isEnding) return;
    this.#queue.push(bytes);
    this.#flow();
  }

  /** What came before can still be read. */
  end(): void {
    this.#isEnding = true;
    this.#flow();
  }

  fail(error: Error): void {
    this.#controller?.error(error);
    this.#controller = null;
    this.#queue.length = 0;
  }

  #flow(): void {
    if (this.#controller === null) return;
    const bytes = this.#isWanted ? this.#queue.shift() : undefined;
    if (bytes !== undefined) {
      this.#isWanted = false;
      this.#controller.enqueue(bytes);
      this.#options.onConsumed(bytes.byteLength);
    }
    if (this.#isEnding && this.#queue.length === 0) {
      this.#controller.close();
      this.#controller = null;
    }
  }
}
