import type { RuntimeCapabilities } from "#protocol/capabilities.ts";
import { WORKSPACE_MAX_BYTES } from "#protocol/limits.ts";
import type {
  ByteDuplex,
  CutEvent,
  Files,
  PortEvent,
  Process,
  RunningProcess,
  Runtime,
  Signal,
  SpawnOptions,
  Unsubscribe,
  Usage,
} from "../../runtime.ts";
import { callError } from "./file-errors.ts";
import type { FileSystem } from "./file-system.ts";
import { fileStatOf } from "./inode.ts";
import type { Kernel } from "./kernel.ts";
import { baseEnvironment, WORKSPACE } from "./layout.ts";
import { PROCESSES_MAX } from "./limits.ts";
import { Pipe, PipeReader, PipeWriter } from "./open/pipe.ts";
import { duplexOf } from "./open/socket-duplex.ts";
import { Terminal, TerminalFile } from "./open/terminal.ts";
import { scanTree } from "./scan-tree.ts";
import type { WorkerPool } from "./process/worker-pool.ts";
import { PipedProcess, TerminalProcess } from "./runtime-process.ts";

const DISPOSED = "The runtime was disposed.";

const capabilities: RuntimeCapabilities = {
  kind: "embedded",
  separateStderr: true,
  signals: true,
  symlinks: true,
  pty: true,
  backgroundJobs: true,
  realNode: false,
  python: "none",
  previewWebSocket: true,
};

/** The kernel behind the interface that the rest of the tab knows. */
export class EmbeddedRuntime implements Runtime {
  readonly capabilities = capabilities;
  readonly root = WORKSPACE;
  readonly files: Files;
  readonly #kernel: Kernel;
  readonly #workers: Pick<WorkerPool, "dispose">;
  readonly #errorListeners = new Set<(error: Error) => void>();
  #isDisposed = false;

  constructor(kernel: Kernel, workers: Pick<WorkerPool, "dispose">) {
    this.#kernel = kernel;
    this.#workers = workers;
    this.files = asyncFiles(kernel.files, () => this.#assertAlive());
  }

  async spawn(
    command: string,
    args: readonly string[] = [],
    options: SpawnOptions = {},
  ): Promise<Process> {
    this.#assertAlive();
    const { cwd = WORKSPACE, pty } = options;
    const request = {
      file: command,
      argv: [command, ...args],
      cwd,
      env: { ...baseEnvironment, ...options.env },
      parent: null,
      group: null,
      channel: null,
    };
    const kernel = this.#kernel;
    if (pty !== undefined) {
      const terminal = new Terminal(pty, kernel);
      const file = new TerminalFile(terminal, kernel.nextIno());
      const process = kernel.spawn({ ...request, files: [file, file, file], terminal });
      return new TerminalProcess(kernel, process, terminal);
    }
    const pipes = { stdin: new Pipe(), stdout: new Pipe(), stderr: new Pipe() };
    const files = [
      new PipeReader(pipes.stdin, kernel.nextIno()),
      new PipeWriter(pipes.stdout, kernel.nextIno()),
      new PipeWriter(pipes.stderr, kernel.nextIno()),
    ];
    const process = kernel.spawn({ ...request, files, terminal: null });
    return new PipedProcess(kernel, process, pipes);
  }

  async processes(): Promise<readonly RunningProcess[]> {
    this.#assertAlive();
    return this.#kernel.processes().filter(({ state }) => state !== "ended");
  }

  async signal(pid: number, signal: Signal): Promise<void> {
    this.#assertAlive();
    const process = this.#kernel.table.get(pid);
    if (process === undefined || process.state.status === "ended") throw callError("ESRCH", "kill");
    this.#kernel.signal(process, signal);
  }

  async usage(): Promise<Usage> {
    this.#assertAlive();
    return {
      fileBytes: this.#kernel.files.usedBytes,
      fileBytesMax: WORKSPACE_MAX_BYTES,
      processes: this.#kernel.table.size,
      processesMax: PROCESSES_MAX,
    };
  }

  onProcesses(listener: () => void): Unsubscribe {
    return this.#kernel.changes.subscribe(listener);
  }

  onCut(listener: (event: CutEvent) => void): Unsubscribe {
    return this.#kernel.onCut(listener);
  }

  onPort(listener: (event: PortEvent) => void): Unsubscribe {
    for (const open of this.#kernel.ports.open()) listener({ type: "opened", ...open });
    return this.#kernel.ports.onChange(listener);
  }

  async connect(port: number): Promise<ByteDuplex> {
    this.#assertAlive();
    return duplexOf(this.#kernel.ports.connect(port));
  }

  onError(listener: (error: Error) => void): Unsubscribe {
    return subscribe(this.#errorListeners, listener);
  }

  /** Tells everybody that the runtime is of no use any more, and ends it. */
  fail(error: Error): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    for (const process of this.#kernel.table.list()) this.#kernel.signal(process, "SIGKILL");
    this.#workers.dispose();
    for (const listener of this.#errorListeners) listener(error);
  }

  async dispose(): Promise<void> {
    this.fail(new Error(DISPOSED));
  }

  #assertAlive(): void {
    if (this.#isDisposed) throw new Error(DISPOSED);
  }
}

function subscribe<Listener>(listeners: Set<Listener>, listener: Listener): Unsubscribe {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
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
    stat: (path) => run(() => fileStatOf(files.lstat(path))),
    mkdir: (path, options) =>
      run(() => (options?.recursive === true ? files.mkdirp(path) : files.mkdir(path))),
    remove: (path, options) => run(() => files.remove(path, options)),
    realpath: (path) => run(() => files.realpath(path)),
    rename: (from, to) => run(() => files.rename(from, to)),
    chmod: (path, mode) => run(() => files.chmod(path, mode)),
    scan: (path, options) => run(() => scanTree(files, path, options)),
    watch: (path, listener) => files.watch(path, listener),
  };
}
