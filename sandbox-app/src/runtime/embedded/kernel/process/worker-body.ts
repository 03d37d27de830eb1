import { FileError } from "../../../runtime.ts";
import type { FromProcess, ToProcess, WireFailure } from "../../process/messages.ts";
import { newReplyMemory, ReplyKind, ReplyWriter } from "../../process/reply-memory.ts";
import type { Kernel } from "../kernel.ts";
import type { ProcessStart, SystemEvent } from "../system-calls.ts";
import type { Process, ProcessBody } from "./process.ts";

type Call = Extract<FromProcess, { type: "call" }>;

const encoder = new TextEncoder();

/** The kernel's end of a process in a worker: takes its calls and gives the answers. */
export class WorkerBody implements ProcessBody {
  readonly #kernel: Kernel;
  readonly #process: Process;
  readonly #worker: Worker;
  readonly #memory = newReplyMemory();
  readonly #replies = new ReplyWriter(this.#memory);
  /** What is to be done when the process goes on after a stop. */
  #held: (() => void)[] = [];
  #isOver = false;
  /** It waits for the reply to a synchronous call. */
  #isBlocked = false;
  /** Since the last ping. */
  #hasAnswered = true;
  #hasCalled = false;

  constructor(kernel: Kernel, process: Process, worker: Worker) {
    this.#kernel = kernel;
    this.#process = process;
    this.#worker = worker;
    worker.addEventListener("message", ({ data }) => this.#receive(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#crash(event.message === "" ? "the worker ended" : event.message);
    });
    worker.addEventListener("messageerror", () => this.#crash("a message could not be read"));
  }

  start(start: ProcessStart): void {
    const transfer = start.channel === null ? [] : [start.channel];
    this.#post({ type: "start", start, memory: this.#memory }, transfer);
  }

  send(event: SystemEvent): void {
    this.#whenRunning(() => this.#post({ type: "event", event }));
  }

  ping(): void {
    this.#hasAnswered = false;
    this.#hasCalled = false;
    this.#post({ type: "ping" });
  }

  isAnswering(): boolean {
    return this.#hasAnswered || this.#isBlocked;
  }

  hasCalled(): boolean {
    return this.#hasCalled;
  }

  resume(): void {
    const held = this.#held;
    this.#held = [];
    for (const run of held) this.#whenRunning(run);
  }

  terminate(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#held = [];
    this.#worker.terminate();
  }

  /** What comes from a process may be anything; what the kernel does not know is dropped. */
  #receive(message: FromProcess | null | undefined): void {
    if (this.#isOver || message === null || message === undefined) return;
    switch (message.type) {
      case "call":
        this.#hasCalled = true;
        if (message.sync) this.#isBlocked = true;
        this.#whenRunning(() => this.#perform(message));
        break;
      case "more":
        this.#replies.more();
        break;
      case "exit":
        this.#kernel.exit(this.#process, exitCodeOf(message.code));
        break;
      case "pong":
        this.#hasAnswered = true;
        break;
    }
  }

  #perform(call: Call): void {
    try {
      const { name, args } = call;
      const value = this.#kernel.call(this.#process, name, args);
      if (value instanceof Promise) {
        value.then(
          (later: unknown) => this.#whenRunning(() => this.#answer(call, later)),
          (error: unknown) => this.#whenRunning(() => this.#refuse(call, error)),
        );
      } else {
        this.#answer(call, value);
      }
    } catch (error) {
      this.#refuse(call, error);
    }
  }

  #answer({ id, sync }: Call, value: unknown): void {
    if (this.#isOver) return;
    if (!sync) {
      const own = value instanceof Uint8Array ? ownBytes(value) : value;
      this.#post(
        { type: "reply", id, value: own },
        own instanceof Uint8Array ? [own.buffer as ArrayBuffer] : [],
      );
      return;
    }
    this.#isBlocked = false;
    if (value instanceof Uint8Array) this.#replies.send(ReplyKind.bytes, value);
    else if (value === undefined) this.#replies.send(ReplyKind.nothing, new Uint8Array());
    else this.#replies.send(ReplyKind.json, encoder.encode(JSON.stringify(value)));
  }

  #refuse({ id, sync, name }: Call, error: unknown): void {
    if (this.#isOver) return;
    const failure = failureOf(error, name);
    if (!sync) return this.#post({ type: "failure", id, failure });
    this.#isBlocked = false;
    this.#replies.send(ReplyKind.failure, encoder.encode(JSON.stringify(failure)));
  }

  /** A stopped process makes no calls, gets no answers and hears nothing. */
  #whenRunning(run: () => void): void {
    if (this.#process.state.status === "stopped") this.#held.push(run);
    else run();
  }

  #crash(reason: string): void {
    if (!this.#isOver) this.#kernel.crash(this.#process, reason);
  }

  #post(message: ToProcess, transfer: Transferable[] = []): void {
    if (!this.#isOver) this.#worker.postMessage(message, transfer);
  }
}

/** What is no number counts as a failure. */
function exitCodeOf(code: unknown): number {
  return typeof code === "number" ? code | 0 : 1;
}

/** Bytes in a buffer of their own, which can be transferred. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  const { buffer, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? bytes : bytes.slice();
}

/** Errors of the kernel's own code are told as a wrong argument, which is what brought them. */
function failureOf(error: unknown, call: string): WireFailure {
  if (error instanceof FileError) {
    return { code: error.code, path: error.path, message: error.message };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return { code: "EINVAL", path: "", message: `EINVAL: invalid argument, ${call} (${reason})` };
}
