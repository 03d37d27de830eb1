import { FileError } from "../../../runtime.ts";
import type { FromProcess, ToProcess, WireFailure } from "../../process/messages.ts";
import { newReplyMemory, ReplyKind, ReplyWriter } from "../../process/reply-memory.ts";
import type { Kernel } from "../kernel.ts";
import type { ProcessStart, SystemEvent } from "../system-calls.ts";
import { BusyProbe } from "./busy-probe.ts";
import type { Activity, Process, ProcessBody } from "./process.ts";

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
  /** Number of the synchronous call that it waits for; null when it waits for none. */
  #waitsFor: number | null = null;
  readonly #probe = new BusyProbe(timeNow);

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

  look(): Activity {
    const activity = this.#probe.look();
    if (this.#probe.begin()) this.#post({ type: "ping", at: timeNow() });
    return activity;
  }

  collect(): void {
    this.#post({ type: "collect" });
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
        if (!isCall(message)) break;
        this.#probe.called();
        if (message.sync) {
          this.#waitsFor = message.id;
          this.#probe.waits();
        }
        this.#whenRunning(() => this.#perform(message));
        break;
      case "more":
        if (isReplyNumber(message.id)) this.#replies.more(message.id);
        break;
      case "exit":
        this.#kernel.exit(this.#process, exitCodeOf(message.code));
        break;
      case "pong":
        if (typeof message.delayMs === "number") this.#probe.answered(message.delayMs);
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

  /** What cannot be told (the memory for it is missing) becomes a failure of the call. */
  #answer(call: Call, value: unknown): void {
    try {
      if (call.sync) this.#putReply(call.id, value);
      else this.#postReply(call.id, value);
    } catch (error) {
      this.#refuse(call, error);
    }
  }

  #postReply(id: number, value: unknown): void {
    const own = value instanceof Uint8Array ? ownBytes(value) : value;
    this.#post(
      { type: "reply", id, value: own },
      own instanceof Uint8Array ? [own.buffer as ArrayBuffer] : [],
    );
  }

  #putReply(id: number, value: unknown): void {
    if (value instanceof Uint8Array) this.#reply(id, ReplyKind.bytes, value);
    else if (value === undefined) this.#reply(id, ReplyKind.nothing, new Uint8Array());
    else this.#reply(id, ReplyKind.json, encoder.encode(JSON.stringify(value)));
  }

  #refuse({ id, sync, name }: Call, error: unknown): void {
    const failure = failureOf(error, name);
    if (!sync) return this.#post({ type: "failure", id, failure });
    this.#reply(id, ReplyKind.failure, encoder.encode(JSON.stringify(failure)));
  }

  /** The process waits for one call at a time: what belongs to an earlier one comes too late. */
  #reply(id: number, kind: ReplyKind, bytes: Uint8Array): void {
    if (this.#isOver || this.#waitsFor !== id) return;
    this.#waitsFor = null;
    this.#probe.goesOn();
    this.#replies.send(id, kind, bytes);
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

/** Milliseconds since the epoch, on a clock that the workers of a page share. */
function timeNow(): number {
  return performance.timeOrigin + performance.now();
}

/** Whether the parts that the kernel itself looks at are what they should be. */
function isCall({ id, name, args, sync }: Readonly<Record<keyof Call, unknown>>): boolean {
  if (typeof name !== "string" || !Array.isArray(args)) return false;
  return sync === true ? isReplyNumber(id) : typeof id === "number";
}

/** A number that fits the reply memory. */
function isReplyNumber(id: unknown): id is number {
  return typeof id === "number" && (id | 0) === id;
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
