import type { Process, ProcessExit, Signal } from "../../runtime.ts";
import type { Kernel } from "./kernel.ts";
import type { Pipe } from "./open/pipe.ts";
import { outputMeter } from "./output-meter.ts";
import type { Terminal } from "./open/terminal.ts";
import { Waits } from "./open/waits.ts";
import type { Process as KernelProcess } from "./process/process.ts";

/** After a signal, what the program left behind gets this long to end by itself. */
const KILL_GRACE_MS = 2_000;

const CHUNK_BYTES = 65_536;

/** A program that a call started: its three streams are pipes. */
export class PipedProcess implements Process {
  readonly id: string;
  readonly stdin: WritableStream<Uint8Array>;
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;
  readonly exit: Promise<ProcessExit>;
  readonly #kernel: Kernel;
  readonly #process: KernelProcess;

  constructor(
    kernel: Kernel,
    process: KernelProcess,
    pipes: Record<"stdin" | "stdout" | "stderr", Pipe>,
  ) {
    this.#kernel = kernel;
    this.#process = process;
    this.id = String(process.pid);
    this.stdin = inputOf(pipes.stdin);
    this.exit = process.exited.promise;
    const meter = outputMeter(kernel, process);
    this.stdout = outputOf(pipes.stdout, this.exit, meter);
    this.stderr = outputOf(pipes.stderr, this.exit, meter);
  }

  kill(signal: Signal = "SIGTERM"): void {
    endSession(this.#kernel, this.#process, signal);
  }
}

/** A program in a terminal: the streams are the terminal's master side. */
export class TerminalProcess implements Process {
  readonly id: string;
  readonly stdin: WritableStream<Uint8Array>;
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr = null;
  readonly exit: Promise<ProcessExit>;
  readonly #kernel: Kernel;
  readonly #process: KernelProcess;
  readonly #terminal: Terminal;

  constructor(kernel: Kernel, process: KernelProcess, terminal: Terminal) {
    this.#kernel = kernel;
    this.#process = process;
    this.#terminal = terminal;
    this.id = String(process.pid);
    const hangUp = (): void => {
      terminal.hangUp();
      endSession(kernel, process, "SIGHUP");
    };
    this.stdin = new WritableStream<Uint8Array>({
      write: (chunk) => terminal.type(chunk),
      close: hangUp,
      abort: hangUp,
    });
    this.stdout = new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          const bytes = await terminal.readScreen(CHUNK_BYTES, new Waits());
          if (bytes.byteLength > 0) controller.enqueue(bytes);
          else controller.close();
        },
        cancel: hangUp,
      },
      { highWaterMark: 0 },
    );
    this.exit = process.exited.promise;
    // The session ends with the program that was started in the terminal.
    void process.exited.promise.then(hangUp);
  }

  kill(signal: Signal = "SIGTERM"): void {
    if (signal !== "SIGINT") return endSession(this.#kernel, this.#process, signal);
    const { foreground } = this.#terminal;
    if (foreground !== null) this.#kernel.signalGroup(foreground, signal);
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize({ columns, rows });
    this.#kernel.tellSession(this.#process.session, { type: "resize", columns, rows });
  }
}

/** Signals a program and all that it started, and ends by force what is left of it a while later. */
function endSession(
  kernel: Kernel,
  { session, group }: KernelProcess,
  signal: Signal | "SIGHUP",
): void {
  if (signal === "SIGINT") return kernel.signalGroup(group, signal);
  kernel.signalSession(session, signal);
  if (signal === "SIGKILL") return;
  kernel.signalSession(session, "SIGCONT");
  setTimeout(() => {
    for (const process of kernel.table.session(session)) {
      // `nohup` is heeded.
      if (!kernel.ignores(process.pid, signal)) kernel.signal(process, "SIGKILL");
    }
  }, KILL_GRACE_MS);
}

function inputOf(pipe: Pipe): WritableStream<Uint8Array> {
  return new WritableStream<Uint8Array>({
    write: async (chunk) => {
      await pipe.write(chunk.slice(), new Waits());
    },
    close: () => pipe.closeWriter(),
    abort: () => pipe.closeWriter(),
  });
}

/** What comes out of a pipe until its writers have closed it, or until the program is over. */
function outputOf(
  pipe: Pipe,
  over: Promise<unknown>,
  meter: (bytes: number) => void,
): ReadableStream<Uint8Array> {
  void over.then(() => pipe.dropFurther());
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const bytes = await pipe.read(CHUNK_BYTES, new Waits());
        meter(bytes.byteLength);
        if (bytes.byteLength > 0) controller.enqueue(bytes);
        else controller.close();
      },
      cancel: () => pipe.closeReader(),
    },
    { highWaterMark: 0 },
  );
}
