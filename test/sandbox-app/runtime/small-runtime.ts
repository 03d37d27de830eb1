import {
  type CutEvent,
  type FileEvent,
  type Files,
  FileError,
  type PortEvent,
  type Process,
  type ProcessExit,
  type RunningProcess,
  type Runtime,
} from "#sandbox/runtime/runtime.ts";

export const CHUNK = new Uint8Array(65_536).fill(7);

/** A program of the test's own: 5 MB to stdout, its input to stderr, and an exit when told. */
class Program {
  readonly exit = Promise.withResolvers<ProcessExit>();
  produced = 0;
  readonly #input = new TransformStream<Uint8Array, Uint8Array>();
  readonly process: Process = {
    id: "p1",
    stdin: this.#input.writable,
    stdout: new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          if (this.produced >= 80) return controller.close();
          this.produced++;
          controller.enqueue(CHUNK);
        },
      },
      { highWaterMark: 0 },
    ),
    stderr: this.#input.readable,
    exit: this.exit.promise,
    kill: (signal) => this.exit.resolve({ code: null, signal: signal ?? "SIGTERM" }),
    resize: (columns, rows) => this.exit.resolve({ code: columns + rows, signal: null }),
  };
}

export const running: RunningProcess = {
  pid: 7,
  parent: 1,
  argv: ["node", "server.js"],
  startedAt: 1,
  state: "running",
  ports: [3000],
  memory: null,
  load: 0.5,
};

/** A runtime with one file and one program, which notes what it was asked. */
export class SmallRuntime {
  readonly program = new Program();
  readonly asked: string[] = [];
  fail: (error: Error) => void = () => {};
  tell: (event: FileEvent) => void = () => {};
  cut: (event: CutEvent) => void = () => {};
  processesChanged: () => void = () => {};
  portChanged: (event: PortEvent) => void = () => {};
  content = new TextEncoder().encode("content");

  readonly runtime: Runtime = {
    capabilities: {
      kind: "embedded",
      separateStderr: true,
      signals: false,
      symlinks: true,
      pty: true,
      backgroundJobs: false,
      realNode: false,
      python: "none",
      previewWebSocket: false,
    },
    root: "/root",
    files: this.#files(),
    spawn: async (command) => {
      if (command !== "program") throw new FileError("ENOENT", command, `ENOENT: ${command}`);
      return this.program.process;
    },
    processes: async () => [running],
    signal: async (pid, signal) => {
      this.asked.push(`signal ${pid} ${signal}`);
    },
    usage: async () => ({ fileBytes: 1, fileBytesMax: 2, processes: 3, processesMax: 4 }),
    onProcesses: (listener) => {
      this.processesChanged = listener;
      return () => {};
    },
    onCut: (listener) => {
      this.cut = listener;
      return () => {};
    },
    onPort: (listener) => {
      listener({ type: "opened", port: 3000, pid: 7 });
      this.portChanged = listener;
      return () => {};
    },
    connect: async (port) => {
      if (port !== 3000) throw new FileError("ECONNREFUSED", "", "ECONNREFUSED: connect");
      return new TransformStream<Uint8Array, Uint8Array>();
    },
    onError: (listener) => {
      this.fail = listener;
      return () => {
        this.fail = () => {};
      };
    },
    dispose: async () => {
      this.asked.push("dispose");
    },
  };

  #files(): Files {
    const note = async (text: string): Promise<void> => {
      this.asked.push(text);
    };
    return {
      read: async (path) => {
        if (path !== "/file") throw new FileError("ENOENT", path, `ENOENT: no ${path}`);
        return this.content.slice();
      },
      write: (path, content) => note(`write ${path} ${content.byteLength}`),
      list: async () => [{ name: "file", type: "file" }],
      stat: async () => ({ type: "file", size: 7, mode: 0o644, mtimeMs: 1 }),
      realpath: async (path) => path,
      mkdir: (path, options) => note(`mkdir ${path} ${options?.recursive}`),
      remove: (path, options) => note(`remove ${path} ${options?.recursive}`),
      rename: (from, to) => note(`rename ${from} ${to}`),
      chmod: (path, mode) => note(`chmod ${path} ${mode.toString(8)}`),
      scan: async (path, { skip, since }) => {
        await note(`scan ${path} ${skip.join()} ${since}`);
        return { version: "2", entries: null };
      },
      watch: (path, listener) => {
        this.asked.push(`watch ${path}`);
        this.tell = listener;
        return () => this.asked.push(`unwatch ${path}`);
      },
    };
  }
}
