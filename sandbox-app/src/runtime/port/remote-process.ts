import type { Process, ProcessExit, Signal } from "../runtime.ts";
import { Credit } from "./credit.ts";
import { InboundStream } from "./inbound-stream.ts";
import type { ClientMessage } from "./messages.ts";
import type { MethodResult } from "./methods.ts";

type OutputName = "stdout" | "stderr";

/** The client's end of a process behind a port. */
export class RemoteProcess {
  readonly exit: Promise<ProcessExit>;
  readonly stdin: WritableStream<Uint8Array>;
  readonly #id: number;
  readonly #send: (message: ClientMessage) => void;
  readonly #exit = Promise.withResolvers<ProcessExit>();
  readonly #stdinCredit = new Credit();
  readonly #outputs: Readonly<Record<OutputName, InboundStream>>;

  constructor(id: number, send: (message: ClientMessage) => void) {
    this.#id = id;
    this.#send = send;
    this.exit = this.#exit.promise;
    this.#outputs = { stdout: this.#inbound("stdout"), stderr: this.#inbound("stderr") };
    this.stdin = new WritableStream<Uint8Array>({
      write: async (chunk) => {
        const isOpen = await this.#stdinCredit.take(chunk.byteLength);
        if (isOpen) send({ type: "stdin", process: id, bytes: chunk.slice() });
      },
      close: () => send({ type: "stdin_end", process: id }),
      abort: () => send({ type: "stdin_end", process: id }),
    });
  }

  /** What a caller of `spawn` gets. */
  describe({ id, hasStderr, canResize }: MethodResult<"spawn">): Process {
    const process: Process = {
      id,
      stdin: this.stdin,
      stdout: this.#outputs.stdout.readable,
      stderr: hasStderr ? this.#outputs.stderr.readable : null,
      exit: this.exit,
      kill: (signal?: Signal) =>
        this.#send({
          type: "kill",
          process: this.#id,
          ...(signal === undefined ? {} : { signal }),
        }),
    };
    if (!canResize) return process;
    const resize = (columns: number, rows: number): void =>
      this.#send({ type: "resize", process: this.#id, columns, rows });
    return { ...process, resize };
  }

  output(stream: OutputName, bytes: Uint8Array): void {
    this.#outputs[stream].push(bytes);
  }

  endOutput(stream: OutputName): void {
    this.#outputs[stream].end();
  }

  creditInput(bytes: number): void {
    this.#stdinCredit.give(bytes);
  }

  ended(exit: ProcessExit): void {
    this.#stdinCredit.close();
    this.#exit.resolve(exit);
  }

  /** The port is gone, and the process with it. */
  lost(error: Error): void {
    for (const output of Object.values(this.#outputs)) output.fail(error);
    this.ended({ code: null, signal: "SIGKILL" });
  }

  #inbound(stream: OutputName): InboundStream {
    return new InboundStream({
      onConsumed: (bytes) => this.#send({ type: "credit", process: this.#id, stream, bytes }),
      onCancel: () => this.#send({ type: "cancel", process: this.#id, stream }),
    });
  }
}
