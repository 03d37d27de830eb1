import { FileSystem } from "#sandbox/runtime/embedded/kernel/file-system.ts";
import { Kernel } from "#sandbox/runtime/embedded/kernel/kernel.ts";
import { baseEnvironment, layOut, WORKSPACE } from "#sandbox/runtime/embedded/kernel/layout.ts";
import type { OpenFile } from "#sandbox/runtime/embedded/kernel/open/open-file.ts";
import { NullDevice } from "#sandbox/runtime/embedded/kernel/open/device.ts";
import { Pipe, PipeReader, PipeWriter } from "#sandbox/runtime/embedded/kernel/open/pipe.ts";
import { type Terminal, TerminalFile } from "#sandbox/runtime/embedded/kernel/open/terminal.ts";
import { Waits } from "#sandbox/runtime/embedded/kernel/open/waits.ts";
import type {
  Activity,
  ExitStatus,
  Process,
  ProcessBody,
} from "#sandbox/runtime/embedded/kernel/process/process.ts";
import {
  nodePrograms,
  type ProgramKind,
  shellPrograms,
} from "#sandbox/runtime/embedded/kernel/programs.ts";
import type {
  ProcessStart,
  System,
  SystemCallName,
  SystemEvent,
} from "#sandbox/runtime/embedded/kernel/system-calls.ts";

/** What a worker of one kind does, as a function: resolves with the exit code. */
export type Main = (system: System) => Promise<number> | number;

/** Thrown by `System.exit` in this thread, where nothing can stop a function that goes on. */
export class Exited extends Error {
  override readonly name = "Exited";
}

export interface Ran extends ExitStatus {
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; without it, nothing. */
  readonly input?: string | Uint8Array;
}

export interface SystemOptions extends RunOptions {
  /** Descriptors 0, 1, 2, …; default: `/dev/null`. */
  readonly files?: readonly OpenFile[];
  readonly terminal?: Terminal;
}

/**
 * The real kernel with processes that are functions in this thread: same calls, same files, no
 * workers. A call that has to wait cannot be made synchronously here, and says so.
 */
export class KernelInThread {
  readonly files: FileSystem;
  readonly kernel: Kernel;
  #nextMain: Main | null = null;

  constructor(
    mains: Partial<Record<ProgramKind, Main>> = {},
    network?: NonNullable<ConstructorParameters<typeof Kernel>[0]["network"]>,
  ) {
    this.files = new FileSystem({ maxBytes: 1e9, now: () => Date.now() });
    layOut(this.files, [...shellPrograms, ...nodePrograms]);
    this.kernel = new Kernel({
      files: this.files,
      now: () => Date.now(),
      ...(network !== undefined && { network }),
      launch: (process, { kind }) => {
        const main = this.#nextMain ?? mains[kind] ?? (() => 0);
        this.#nextMain = null;
        return new ThreadBody(this.kernel, process, main);
      },
    });
  }

  write(path: string, text: string): void {
    this.files.mkdirp(path.slice(0, path.lastIndexOf("/")) || "/");
    this.files.write(path, new TextEncoder().encode(text));
  }

  read(path: string): string {
    return new TextDecoder().decode(this.files.read(path));
  }

  /** Starts a program and collects what it says. Background processes are not waited for. */
  async run(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
    const { input = "" } = options;
    const [stdin, stdout, stderr] = [new Pipe(), new Pipe(), new Pipe()];
    const process = this.start(argv, options, [
      new PipeReader(stdin, 1),
      new PipeWriter(stdout, 2),
      new PipeWriter(stderr, 3),
    ]);
    const waits = new Waits();
    const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
    const typed = Promise.resolve(stdin.write(bytes, waits)).catch(() => 0);
    void typed.then(() => stdin.closeWriter());
    const [out, errors, exit] = await Promise.all([
      readAll(stdout, process.exited.promise),
      readAll(stderr, process.exited.promise),
      process.exited.promise,
    ]);
    return { stdout: out, stderr: errors, ...exit };
  }

  /** Starts a program in a terminal. */
  runInTerminal(argv: readonly string[], terminal: Terminal, options: RunOptions = {}): Process {
    const file = new TerminalFile(terminal, 1);
    return this.start(argv, options, [file, file, file], terminal);
  }

  start(
    argv: readonly string[],
    { cwd = WORKSPACE, env = {} }: RunOptions,
    files: readonly OpenFile[],
    terminal: Terminal | null = null,
  ): Process {
    return this.kernel.spawn({
      file: argv[0] ?? "",
      argv,
      cwd,
      env: { ...baseEnvironment, ...env },
      files,
      parent: null,
      group: null,
      terminal,
      channel: null,
    });
  }

  /** A process without a program of its own: its System, for tests that make single calls. */
  system(options: SystemOptions = {}): System {
    let made: System | null = null;
    this.#nextMain = (system) => {
      made = system;
      return new Promise<number>(() => {});
    };
    const nothing = new NullDevice();
    this.start(["bash"], options, options.files ?? [nothing, nothing, nothing], options.terminal);
    if (made === null) throw new Error("the process did not start");
    return made;
  }
}

/** Runs a process as a function. What it does after its end has no effect. */
class ThreadBody implements ProcessBody {
  readonly #kernel: Kernel;
  readonly #process: Process;
  readonly #main: Main;
  readonly #listeners = new Set<(event: SystemEvent) => void>();
  readonly #held: (() => void)[] = [];
  #isOver = false;

  constructor(kernel: Kernel, process: Process, main: Main) {
    this.#kernel = kernel;
    this.#process = process;
    this.#main = main;
  }

  start(start: ProcessStart): void {
    const run = async (): Promise<number> => this.#main(this.#system(start));
    run().then(
      (code) => this.#kernel.exit(this.#process, code),
      (error: unknown) => {
        if (error instanceof Exited || this.#isOver) return;
        this.#kernel.crash(this.#process, error instanceof Error ? (error.stack ?? "") : "");
      },
    );
  }

  send(event: SystemEvent): void {
    this.#whenRunning(() => {
      for (const listener of this.#listeners) listener(structuredClone(event));
    });
  }

  /** Functions in this thread cannot keep the kernel from running. */
  look(): Activity {
    return { busy: 0, isGettingOn: true, hasCalled: false };
  }

  collect(): void {}

  resume(): void {
    for (const run of this.#held.splice(0)) this.#whenRunning(run);
  }

  terminate(): void {
    this.#isOver = true;
    this.#listeners.clear();
  }

  /** As in a worker: later, in order, and not while the process is stopped. */
  #whenRunning(run: () => void): void {
    if (this.#process.state.status === "stopped") this.#held.push(run);
    else queueMicrotask(() => !this.#isOver && run());
  }

  #system(start: ProcessStart): System {
    const perform = (name: SystemCallName, args: unknown[]): unknown =>
      this.#kernel.call(this.#process, name, copied(args));
    const system = {
      start,
      call: (name: SystemCallName, ...args: unknown[]) =>
        new Promise((resolve, reject) => {
          const answer = async (): Promise<unknown> => perform(name, args);
          this.#whenRunning(() => {
            answer().then(
              (value) => this.#whenRunning(() => resolve(structuredClone(value))),
              (error: Error) => this.#whenRunning(() => reject(error)),
            );
          });
        }),
      callSync: (name: SystemCallName, ...args: unknown[]): unknown => {
        if (this.#isOver) throw new Exited();
        const value = perform(name, args);
        if (value instanceof Promise) {
          value.catch(() => {});
          throw new Error(`${name} would have to wait, which only a worker can do`);
        }
        return structuredClone(value);
      },
      onEvent: (listener: (event: SystemEvent) => void) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      exit: (code: number): never => {
        this.#kernel.exit(this.#process, code);
        throw new Exited();
      },
    };
    return system as System;
  }
}

/** As the way to a worker does it; message ports are transferred. */
function copied(args: unknown[]): unknown[] {
  const ports = args.flatMap((arg) =>
    typeof arg === "object" &&
    arg !== null &&
    "channel" in arg &&
    arg.channel instanceof MessagePort
      ? [arg.channel]
      : [],
  );
  return structuredClone(args, { transfer: ports });
}

/** What comes until the end, or until the process is over and nothing more is there. */
async function readAll(pipe: Pipe, over: Promise<unknown>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  // Background processes may still hold the other end.
  void over.then(() => pipe.closeWriter());
  for (;;) {
    const bytes = await pipe.read(65_536, new Waits());
    text += decoder.decode(bytes, { stream: true });
    if (bytes.byteLength === 0) return text;
  }
}
