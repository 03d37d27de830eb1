import type { Process, Signal } from "../runtime.ts";
import { Credit } from "./credit.ts";
import type { ServerMessage } from "./messages.ts";

export type OutputName = "stdout" | "stderr";
export type Send = (message: ServerMessage, transfer?: Transferable[]) => void;

/** The runtime's end of a process that a client spawned: moves its streams through the port. */
export class ServedProcess {
  readonly #id: number;
  readonly #process: Process;
  readonly #send: Send;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #credits = { stdout: new Credit(), stderr: new Credit() };
  readonly #readers = new Map<OutputName, ReadableStreamDefaultReader<Uint8Array>>();

  /** @param onEnd called when the client has been told of the exit */
  constructor(id: number, process: Process, send: Send, onEnd: () => void) {
    this.#id = id;
    this.#process = process;
    this.#send = send;
    this.#stdin = process.stdin.getWriter();
    // A program that ends before it read everything is no failure of the port.
    this.#stdin.closed.catch(() => {});
    void this.#run().finally(onEnd);
  }

  write(bytes: Uint8Array): void {
    this.#stdin.write(bytes).then(
      () => this.#send({ type: "stdin_credit", process: this.#id, bytes: bytes.byteLength }),
      () => {},
    );
  }

  endInput(): void {
    this.#stdin.close().catch(() => {});
  }

  credit(stream: OutputName, bytes: number): void {
    this.#credits[stream].give(bytes);
  }

  cancel(stream: OutputName): void {
    this.#credits[stream].close();
    void this.#readers.get(stream)?.cancel();
  }

  kill(signal?: Signal): void {
    this.#process.kill(signal);
  }

  resize(columns: number, rows: number): void {
    this.#process.resize?.(columns, rows);
  }

  async #run(): Promise<void> {
    const { stdout, stderr, exit } = this.#process;
    await Promise.all([this.#pump("stdout", stdout), stderr && this.#pump("stderr", stderr)]);
    this.#send({ type: "exit", process: this.#id, exit: await exit });
  }

  async #pump(stream: OutputName, source: ReadableStream<Uint8Array>): Promise<void> {
    const reader = source.getReader();
    this.#readers.set(stream, reader);
    for (;;) {
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
      if (done || value === undefined) break;
      if (!(await this.#credits[stream].take(value.byteLength))) break;
      // A view of a larger buffer would drag all of it through the port.
      const bytes = value.slice();
      this.#send({ type: "output", process: this.#id, stream, bytes }, [bytes.buffer]);
    }
    this.#send({ type: "output_end", process: this.#id, stream });
  }
}
