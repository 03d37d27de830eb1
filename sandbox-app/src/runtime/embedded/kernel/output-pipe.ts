/** Bytes that wait for the reader before the writer has to: as much as a Linux pipe may hold. */
const PIPE_BYTES = 1_048_576;

/** One output stream of a process: a stream for its reader, and writes that wait for room. */
export class OutputPipe {
  readonly readable: ReadableStream<Uint8Array>;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #waiting: (() => void)[] = [];

  constructor() {
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#resume(),
        cancel: () => this.#end(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: PIPE_BYTES }),
    );
  }

  /** Resolves when there is room for more. What nobody reads any more is dropped. */
  write(bytes: Uint8Array): Promise<void> {
    this.#controller?.enqueue(bytes);
    if ((this.#controller?.desiredSize ?? 1) > 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** What is in the pipe can still be read. May be called twice. */
  close(): void {
    this.#controller?.close();
    this.#end();
  }

  #end(): void {
    this.#controller = null;
    this.#resume();
  }

  #resume(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
