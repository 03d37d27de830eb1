import type { Process, ProcessExit, Signal } from "../../runtime.ts";
import type { FileSystem } from "./file-system.ts";
import { InputCollector } from "./input-collector.ts";
import { OutputPipe } from "./output-pipe.ts";
import { ProcessHost } from "./process-host.ts";
import type { StartMessage } from "./process-messages.ts";

/** Exit code of a program that died of itself, as bash tells of SIGABRT (128 + 6). */
const CRASHED = 134;

/** A program whose three streams are pipes. */
export class PipedProcess implements Process {
  readonly id: string;
  readonly stdin: WritableStream<Uint8Array>;
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;
  readonly exit: Promise<ProcessExit>;
  readonly #host: ProcessHost;
  readonly #pipes = { stdout: new OutputPipe(), stderr: new OutputPipe() };
  readonly #exit = Promise.withResolvers<ProcessExit>();

  constructor(worker: Worker, files: FileSystem, start: StartMessage) {
    const input = new InputCollector();
    this.id = String(start.pid);
    this.stdin = input.writable;
    this.stdout = this.#pipes.stdout.readable;
    this.stderr = this.#pipes.stderr.readable;
    this.exit = this.#exit.promise;
    this.#host = new ProcessHost(worker, {
      files,
      output: (stream, bytes) => this.#pipes[stream].write(bytes),
      input: () => input.whole(),
      exited: (code) => this.#end({ code, signal: null }),
      crashed: (reason) => {
        const text = `${start.argv[0]}: aborted: ${reason}\n`;
        void this.#pipes.stderr.write(new TextEncoder().encode(text));
        this.#end({ code: CRASHED, signal: null });
      },
    });
    this.#host.start(start);
  }

  /** Every signal ends the program at once: it has no handlers that could run. */
  kill(signal: Signal = "SIGTERM"): void {
    this.#host.terminate();
    this.#end({ code: null, signal });
  }

  #end(exit: ProcessExit): void {
    this.#pipes.stdout.close();
    this.#pipes.stderr.close();
    this.#exit.resolve(exit);
  }
}
