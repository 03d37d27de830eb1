import type {
  FileEvent,
  Files,
  Process,
  ProcessExit,
  Runtime,
  SpawnOptions,
  Unsubscribe,
} from "../../runtime.ts";
import type { RuntimeCapabilities } from "#protocol/capabilities.ts";
import { TerminalProcess } from "../terminal/terminal-process.ts";
import { fileError } from "./file-errors.ts";
import type { FileSystem } from "./file-system.ts";
import { baseEnvironment, WORKSPACE } from "./layout.ts";
import { PipedProcess } from "./piped-process.ts";
import { ProcessTable } from "./process-table.ts";
import { findProgram } from "./programs.ts";
import type { WorkerPool } from "./worker-pool.ts";

/** Processes at a time. Each is a worker with a heap of its own; a tab has 2-4 GiB for all. */
const PROCESSES_MAX = 64;

const DISPOSED = "The runtime was disposed.";

const capabilities: RuntimeCapabilities = {
  kind: "embedded",
  separateStderr: true,
  signals: false,
  symlinks: true,
  pty: true,
  backgroundJobs: false,
  realNode: false,
  python: "none",
  previewWebSocket: false,
};

export interface KernelOptions {
  readonly files: FileSystem;
  readonly workers: WorkerPool;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The embedded runtime: one file system, one process table, and a worker for each process. */
export class Kernel implements Runtime {
  readonly capabilities = capabilities;
  readonly root = WORKSPACE;
  readonly files: Files;
  readonly #files: FileSystem;
  readonly #workers: WorkerPool;
  readonly #table: ProcessTable;
  readonly #running = new Map<number, Process>();
  readonly #errorListeners = new Set<(error: Error) => void>();
  #isDisposed = false;

  constructor({ files, workers, now }: KernelOptions) {
    this.#files = files;
    this.#workers = workers;
    this.#table = new ProcessTable(now);
    this.files = asyncFiles(files, () => this.#assertAlive());
  }

  async spawn(
    command: string,
    args: readonly string[] = [],
    options: SpawnOptions = {},
  ): Promise<Process> {
    this.#assertAlive();
    const cwd = options.cwd ?? WORKSPACE;
    if (statOf(this.#files, cwd) !== "directory") throw fileError("ENOENT", "spawn", cwd);
    const env = { ...baseEnvironment, ...options.env };
    const program = findProgram(this.#files, command, cwd, env["PATH"] ?? "");
    if (this.#table.size >= PROCESSES_MAX) {
      throw fileError("EAGAIN", "spawn", command);
    }
    const argv = [command, ...args];
    const { pid } = this.#table.add(argv);
    const process = this.#isInteractive(program, args, options)
      ? this.#startTerminal(pid, cwd, env, options.pty?.columns)
      : new PipedProcess(this.#workers.take(), this.#files, {
          type: "start",
          pid,
          program,
          argv,
          cwd,
          env,
        });
    this.#running.set(pid, process);
    void process.exit.then((exit) => this.#ended(pid, exit));
    return process;
  }

  onError(listener: (error: Error) => void): Unsubscribe {
    this.#errorListeners.add(listener);
    return () => {
      this.#errorListeners.delete(listener);
    };
  }

  /** Tells everybody that the runtime is of no use any more, and ends it. */
  fail(error: Error): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    for (const process of this.#running.values()) process.kill("SIGKILL");
    this.#running.clear();
    this.#workers.dispose();
    for (const listener of this.#errorListeners) listener(error);
  }

  async dispose(): Promise<void> {
    this.fail(new Error(DISPOSED));
  }

  /** A program with a terminal that is no interactive shell gets pipes: it has no use for keys. */
  #isInteractive(program: string, args: readonly string[], options: SpawnOptions): boolean {
    const isShell = /^\/(usr\/)?bin\/(ba)?sh$/.test(program);
    return (
      options.pty !== undefined && isShell && args.every((arg) => arg === "-i" || arg === "-l")
    );
  }

  #startTerminal(
    pid: number,
    cwd: string,
    env: Readonly<Record<string, string>>,
    columns = 80,
  ): TerminalProcess {
    const takeWorker = (): Worker => this.#workers.take();
    return new TerminalProcess({ takeWorker, files: this.#files, pid, env, cwd, columns });
  }

  /** What a process started ends with it. */
  #ended(pid: number, exit: ProcessExit): void {
    this.#running.delete(pid);
    for (const child of this.#table.tree(pid)) this.#running.get(child.pid)?.kill("SIGKILL");
    this.#table.end(pid, exit);
  }

  #assertAlive(): void {
    if (this.#isDisposed) throw new Error(DISPOSED);
  }
}

/** Async methods, so that a FileError becomes a rejection. */
function asyncFiles(files: FileSystem, assertAlive: () => void): Files {
  const run = async <T>(call: () => T): Promise<T> => {
    assertAlive();
    return call();
  };
  return {
    read: (path) => run(() => files.read(path)),
    write: (path, content) => run(() => files.write(path, content)),
    list: (path) => run(() => files.list(path)),
    stat: (path) => run(() => files.lstat(path)),
    mkdir: (path, options) =>
      run(() => (options?.recursive === true ? files.mkdirp(path) : files.mkdir(path))),
    remove: (path, options) => run(() => files.remove(path, options)),
    realpath: (path) => run(() => files.realpath(path)),
    rename: (from, to) => run(() => files.rename(from, to)),
    watch: (path: string, listener: (event: FileEvent) => void) => files.watch(path, listener),
  };
}

function statOf(files: FileSystem, path: string): string | null {
  try {
    return files.stat(path).type;
  } catch {
    return null;
  }
}
