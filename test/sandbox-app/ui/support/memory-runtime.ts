import type { RuntimeCapabilities } from "#protocol/capabilities.ts";
import { FileSystem } from "#sandbox/runtime/embedded/kernel/file-system.ts";
import { fileStatOf } from "#sandbox/runtime/embedded/kernel/inode.ts";
import { scanTree } from "#sandbox/runtime/embedded/kernel/scan-tree.ts";
import type {
  CutEvent,
  Files,
  PortEvent,
  Process,
  ProcessExit,
  RunningProcess,
  Runtime,
  Signal,
} from "#sandbox/runtime/runtime.ts";

export const ROOT = "/workspace";

export const capabilities: RuntimeCapabilities = {
  kind: "embedded",
  separateStderr: true,
  signals: true,
  symlinks: true,
  pty: true,
  backgroundJobs: false,
  realNode: false,
  python: "none",
  previewWebSocket: false,
};

/** A shell that a test plays: it sees what was typed and says what is shown. */
export interface PlayedShell {
  readonly typed: () => string;
  readonly size: () => { columns: number; rows: number };
  readonly killed: () => boolean;
  say(text: string): void;
  end(exit: ProcessExit): void;
}

/** The one program that listens on every port. */
const PROGRAM: RunningProcess = {
  pid: 12,
  parent: 1,
  argv: ["node", "server.js"],
  startedAt: 0,
  state: "running",
  ports: [],
  memory: null,
  load: null,
};

const MIB = 1_048_576;
const USAGE = { fileBytes: 2 * MIB, fileBytesMax: 512 * MIB, processes: 1, processesMax: 64 };

export interface MemoryRuntime extends Runtime {
  /** A program begins or ceases to listen. */
  tellPort(type: PortEvent["type"], port: number): void;
  /** What runs; one program until the test says otherwise. */
  running: readonly RunningProcess[];
  /** What the page sent to programs. */
  readonly signals: (readonly [pid: number, signal: Signal])[];
  /** How often the page asked what runs. */
  readonly looks: () => number;
  tellCut(event: CutEvent): void;
  readonly shells: readonly PlayedShell[];
}

/** A runtime with the embedded runtime's own file system, and shells that the test plays. */
export function memoryRuntime(files: Readonly<Record<string, string>> = {}): MemoryRuntime {
  const system = new FileSystem({ maxBytes: 64 * 1024 * 1024, now: Date.now });
  system.mkdir(ROOT, { owner: "user" });
  system.handToUser();
  const encoder = new TextEncoder();
  for (const [path, text] of Object.entries(files)) {
    const full = `${ROOT}/${path}`;
    system.mkdirp(full.slice(0, full.lastIndexOf("/")));
    system.write(full, encoder.encode(text));
  }
  const shells: PlayedShell[] = [];
  const portListeners = new Set<(event: PortEvent) => void>();
  const cutListeners = new Set<(event: CutEvent) => void>();
  const processesListeners = new Set<() => void>();
  let running: readonly RunningProcess[] = [PROGRAM];
  let looks = 0;
  return {
    capabilities,
    root: ROOT,
    files: asynchronous(system),
    shells,
    spawn: (_command, _args, options) => {
      const { process, played } = playedShell(options?.pty ?? { columns: 0, rows: 0 });
      shells.push(played);
      return Promise.resolve(process);
    },
    get running() {
      return running;
    },
    set running(programs) {
      running = programs;
      for (const listener of processesListeners) listener();
    },
    signals: [],
    looks: () => looks,
    processes() {
      looks += 1;
      return Promise.resolve(running);
    },
    signal(pid, signal) {
      this.signals.push([pid, signal]);
      return Promise.resolve();
    },
    usage: () => Promise.resolve(USAGE),
    onProcesses: (listener) => {
      processesListeners.add(listener);
      return () => processesListeners.delete(listener);
    },
    onCut: (listener) => {
      cutListeners.add(listener);
      return () => cutListeners.delete(listener);
    },
    tellCut: (event) => {
      for (const listener of cutListeners) listener(event);
    },
    onPort: (listener) => {
      portListeners.add(listener);
      return () => portListeners.delete(listener);
    },
    tellPort: (type, port) => {
      for (const listener of portListeners) listener({ type, port, pid: PROGRAM.pid });
    },
    connect: () => Promise.reject(new Error("nobody listens")),
    onError: () => () => {},
    dispose: () => Promise.resolve(),
  };
}

function asynchronous(system: FileSystem): Files {
  return {
    read: async (path) => system.read(path),
    write: async (path, content) => system.write(path, content),
    realpath: async (path) => system.realpath(path),
    list: async (path) => system.list(path),
    stat: async (path) => fileStatOf(system.lstat(path)),
    mkdir: async (path, options) =>
      options?.recursive === true ? system.mkdirp(path) : system.mkdir(path),
    remove: async (path, options) => system.remove(path, options),
    rename: async (from, to) => system.rename(from, to),
    chmod: async (path, mode) => system.chmod(path, mode),
    scan: async (path, options) => scanTree(system, path, options),
    watch: (path, listener) => system.watch(path, listener),
  };
}

function playedShell(first: { columns: number; rows: number }) {
  let size = first;
  let typed = "";
  let killed = false;
  let output: ReadableStreamDefaultController<Uint8Array> | undefined;
  const exit = Promise.withResolvers<ProcessExit>();
  const played: PlayedShell = {
    typed: () => typed,
    size: () => size,
    killed: () => killed,
    say: (text) => output?.enqueue(new TextEncoder().encode(text)),
    end: (how) => {
      output?.close();
      exit.resolve(how);
    },
  };
  const process: Process = {
    id: "shell",
    stdin: new WritableStream({
      write: (chunk: Uint8Array) => {
        typed += new TextDecoder().decode(chunk);
      },
    }),
    stdout: new ReadableStream({
      start: (controller) => {
        output = controller;
      },
    }),
    stderr: null,
    exit: exit.promise,
    kill: () => {
      killed = true;
    },
    resize: (columns, rows) => {
      size = { columns, rows };
    },
  };
  return { process, played };
}
