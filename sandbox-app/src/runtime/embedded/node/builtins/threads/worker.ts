import type { NodeContext } from "../../context.ts";
import { invalidArgType } from "../errors/node-error.ts";
import type { ChildProcess, ChildProcessClass } from "../child-process/child-process.ts";
import type { EmitterLike } from "../stream/stream-types.ts";
import { fileURLToPath } from "../text/url.ts";
import type { Ports } from "./message-port.ts";
import { THREAD_VARIABLE, type ThreadMessage } from "./thread-messages.ts";

interface WorkerOptions {
  readonly argv?: readonly unknown[];
  readonly env?: Readonly<Record<string, string>> | symbol;
  readonly eval?: boolean;
  readonly execArgv?: readonly string[];
  readonly workerData?: unknown;
  readonly transferList?: Transferable[];
  readonly stdin?: boolean;
  readonly stdout?: boolean;
  readonly stderr?: boolean;
  readonly name?: string;
  readonly resourceLimits?: object;
}

let nextThread = 1;

/** `worker_threads.Worker`: a process of the kernel that shares nothing but what it is sent. */
export function createWorkerClass(
  node: NodeContext,
  ports: Ports,
  environmentData: Map<unknown, unknown>,
) {
  const EventEmitter = node.builtin<new () => EmitterLike>("events");
  const { ChildProcess: Child } = node.builtin<{ ChildProcess: ChildProcessClass }>(
    "child_process",
  );

  return class Worker extends EventEmitter {
    readonly threadId: number = nextThread++;
    readonly resourceLimits: object;
    readonly performance = { eventLoopUtilization: () => ({ idle: 0, active: 0, utilization: 0 }) };
    readonly _port: MessagePort;
    readonly _child: ChildProcess;

    constructor(file: unknown, options: WorkerOptions = {}) {
      super();
      if (typeof file !== "string" && !(file instanceof URL)) {
        throw invalidArgType("filename", "of type string or an instance of URL", file);
      }
      this.resourceLimits = { ...options.resourceLimits };
      const data = new node.natives.MessageChannel();
      this._port = ports.adopt(data.port1);
      const program = options.eval === true ? ["-e", String(file)] : [pathOf(file, node)];
      const args = [
        ...(options.execArgv ?? node.process.execArgv),
        ...program,
        ...(options.argv ?? []).map(String),
      ];
      const env = typeof options.env === "object" ? options.env : node.process.env;
      this._child = new Child();
      const control = new node.natives.MessageChannel();
      control.port1.addEventListener(
        "message",
        ({ data: message }: MessageEvent<ThreadMessage>) => {
          node.loop.enter(() => {
            if (message.kind === "online") this.emit("online");
            if (message.kind === "error") this.emit("error", message.error);
          });
        },
      );
      control.port1.start();
      this._child._start(
        {
          file: node.process.execPath,
          argv: [node.process.execPath, ...args],
          cwd: node.process.cwd(),
          env: { ...(env as Record<string, string>), [THREAD_VARIABLE]: String(this.threadId) },
          options: {
            stdio: [
              options.stdin === true ? "pipe" : "ignore",
              options.stdout === true ? "pipe" : "inherit",
              options.stderr === true ? "pipe" : "inherit",
            ],
          },
        },
        control.port2,
      );
      control.port1.postMessage(
        {
          kind: "start",
          workerData: options.workerData,
          port: data.port2,
          environmentData,
          name: options.name ?? "WorkerThread",
        } satisfies ThreadMessage,
        [data.port2, ...(options.transferList ?? [])],
      );
      this._child.on("error", (error: Error) => this.emit("error", error));
      this._child.on("close", (code: number | null) => {
        control.port1.close();
        this._port.close();
        this.emit("exit", code ?? 1);
      });
      (this._port as unknown as EmitterLike).on("message", (message: unknown) =>
        this.emit("message", message),
      );
      // The process is what keeps the parent alive, not its port.
      (this._port as unknown as { unref(): void }).unref();
    }
    get stdin(): unknown {
      return this._child.stdin;
    }
    get stdout(): unknown {
      return this._child.stdout;
    }
    get stderr(): unknown {
      return this._child.stderr;
    }
    postMessage(message: unknown, transfer?: Transferable[] | { transfer?: Transferable[] }): void {
      const list = Array.isArray(transfer) ? transfer : (transfer?.transfer ?? []);
      this._port.postMessage(message, list);
    }
    terminate(callback?: (error: null, code: number) => void): Promise<number> {
      const over = new Promise<number>((resolve) => {
        this.once("exit", (code: number) => {
          callback?.(null, code);
          resolve(code);
        });
      });
      this._child.kill("SIGKILL");
      return over;
    }
    ref(): this {
      this._child.ref();
      return this;
    }
    unref(): this {
      this._child.unref();
      return this;
    }
    [Symbol.asyncDispose](): Promise<number> {
      return this.terminate();
    }
  };
}

function pathOf(file: string | URL, node: NodeContext): string {
  if (file instanceof URL) return fileURLToPath(file);
  return file.startsWith("/") ? file : `${node.process.cwd()}/${file}`;
}
