import type { ProcessStatus } from "#protocol/process.ts";
import type { Clock } from "../../connection/clock.ts";
import type { Process, ProcessExit, Signal, Unsubscribe } from "../../runtime/runtime.ts";
import { CommandInput } from "./command-input.ts";
import type { OutputLog } from "./output-log.ts";

export type StreamName = "stdout" | "stderr";

export interface CommandEnd {
  readonly status: Exclude<ProcessStatus, "running">;
  readonly exit_code: number | null;
}

/** How a command began. */
export interface CommandStart {
  readonly id: string;
  /** The how manieth of its runtime, from 1. */
  readonly number: number;
  /** The command line. */
  readonly line: string;
  /** Who started it; untrusted text. */
  readonly client: string;
}

type TextListener = (stream: StreamName, text: string) => void;

/** A command that a call started; it goes on when the call has ended, and its output is kept. */
export class Command {
  readonly start: CommandStart;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** stdout and stderr, in the order in which they came. */
  readonly log: OutputLog;
  readonly input: CommandInput;
  readonly #process: Process;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  readonly #ended = Promise.withResolvers<void>();
  /** Resolves when it has ended and its output is read. */
  readonly ended = this.#ended.promise;
  readonly #textListeners = new Set<TextListener>();
  #end: CommandEnd | undefined;
  #endedAt: number | undefined;

  constructor(start: CommandStart, process: Process, log: OutputLog, clock: Clock) {
    this.start = start;
    this.log = log;
    this.startedAt = clock.now();
    this.#process = process;
    this.#clock = clock;
    this.input = new CommandInput(process.stdin);
    void this.#follow();
  }

  /** Of its first program; null where the runtime does not number them. */
  get pid(): number | null {
    const pid = Number(this.#process.id);
    return Number.isSafeInteger(pid) ? pid : null;
  }

  /** Undefined while it runs. */
  get end(): CommandEnd | undefined {
    return this.#end;
  }

  get standing(): { readonly status: ProcessStatus; readonly exit_code: number | null } {
    return this.#end ?? { status: "running", exit_code: null };
  }

  /** Milliseconds that it has run. */
  get ranMs(): number {
    return (this.#endedAt ?? this.#clock.now()) - this.startedAt;
  }

  /** Signals the command and all that it started. */
  signal(signal: Signal): void {
    if (this.#end === undefined) this.#process.kill(signal);
  }

  /** Tells of what comes from now on, each stream for itself. */
  onText(listener: TextListener): Unsubscribe {
    this.#textListeners.add(listener);
    return () => this.#textListeners.delete(listener);
  }

  /**
   * Waits until a condition on the log or the end holds.
   *
   * @param ms milliseconds at most
   * @returns whether it holds; false also when the signal aborts
   */
  until(holds: () => boolean, ms: number, signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      let stops: Unsubscribe[] = [];
      const settle = (): void => {
        for (const stop of stops) stop();
        resolve(holds());
      };
      if (holds() || ms <= 0 || signal?.aborted) return settle();
      const onChange = (): void => {
        if (holds()) settle();
      };
      this.#listeners.add(onChange);
      signal?.addEventListener("abort", settle);
      stops = [
        () => this.#listeners.delete(onChange),
        () => signal?.removeEventListener("abort", settle),
        this.#clock.after(ms, settle),
      ];
    });
  }

  /** The runtime is gone, and the process with it. */
  lost(): void {
    this.#finish({ code: null, signal: "SIGKILL" });
  }

  async #follow(): Promise<void> {
    const { stdout, stderr, exit } = this.#process;
    const drained = Promise.all([
      this.#drain("stdout", stdout),
      stderr === null ? null : this.#drain("stderr", stderr),
    ]);
    const ended = await exit;
    await drained;
    this.#finish(ended);
  }

  /** Reads a stream to its end, however it ends. */
  async #drain(name: StreamName, stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    const reader = stream.getReader();
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        this.#add(name, decoder.decode(part.value, { stream: true }));
      }
    } catch {
      // The runtime cut the stream with the process; what came before counts.
    }
    this.#add(name, decoder.decode());
  }

  #add(stream: StreamName, text: string): void {
    if (text === "") return;
    this.log.push(text);
    for (const listener of this.#textListeners) listener(stream, text);
    this.#changed();
  }

  #finish({ code }: ProcessExit): void {
    if (this.#end !== undefined) return;
    // Without a code a signal ended it: of its own, of somebody in its terminal, or of a call.
    const status = code === null ? "killed" : "exited";
    this.#end = { status, exit_code: code };
    this.#endedAt = this.#clock.now();
    this.log.close();
    this.input.close();
    this.#changed();
    this.#ended.resolve();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
