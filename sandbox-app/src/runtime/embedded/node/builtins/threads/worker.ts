import { boundClass } from "../bound-class.ts";
import { EventEmitter } from "../stream/stream-classes.ts";
import type { NodeContext } from "../../context.ts";
import { invalidArgType } from "../errors/node-error.ts";
import { ChildProcess } from "../child-process/child-process.ts";
import type { SpawnPlan } from "../child-process/options.ts";
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

interface Parts {
  readonly node: NodeContext;
  readonly ports: Ports;
  readonly environmentData: Map<unknown, unknown>;
}

/** `worker_threads.Worker`: a process of the kernel that shares nothing but what it is sent. */
class Worker extends EventEmitter {
  readonly #parts: Parts;
  readonly threadId: number = nextThread++;
  readonly resourceLimits: object;
  readonly performance = { eventLoopUtilization: () => ({ idle: 0, active: 0, utilization: 0 }) };
  readonly _port: MessagePort;
  readonly _child: ChildProcess;

  constructor(parts: Parts, file: unknown, options: WorkerOptions = {}) {
    super();
    this.#parts = parts;
    if (typeof file !== "string" && !(file instanceof URL)) {
      throw invalidArgType("filename", "of type string or an instance of URL", file);
    }
    this.resourceLimits = { ...options.resourceLimits };
    const data = new this.#parts.node.natives.MessageChannel();
    this._port = this.#parts.ports.adopt(data.port1);
    this._child = new ChildProcess(this.#parts.node);
    const control = new this.#parts.node.natives.MessageChannel();
    control.port1.addEventListener("message", ({ data: message }: MessageEvent<ThreadMessage>) => {
      this.#parts.node.loop.enter(() => {
        if (message.kind === "online") this.emit("online");
        if (message.kind === "error") this.emit("error", message.error);
      });
    });
    control.port1.start();
    const plan = threadPlan(this.#parts.node, file, options, this.threadId);
    this._child._start(plan, control.port2);
    control.port1.postMessage(
      {
        kind: "start",
        workerData: options.workerData,
        port: data.port2,
        environmentData: this.#parts.environmentData,
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
}

export function createWorkerClass(parts: Parts) {
  parts.node.builtin("child_process");
  return boundClass(Worker, parts);
}

function threadPlan(
  node: NodeContext,
  file: string | URL,
  options: WorkerOptions,
  threadId: number,
): SpawnPlan {
  const { process } = node;
  const env = typeof options.env === "object" ? options.env : process.env;
  return {
    file: process.execPath,
    argv: [
      process.execPath,
      ...(options.execArgv ?? process.execArgv),
      ...(options.eval === true ? ["-e", String(file)] : [pathOf(file, node)]),
      ...(options.argv ?? []).map(String),
    ],
    cwd: process.cwd(),
    env: { ...(env as Record<string, string>), [THREAD_VARIABLE]: String(threadId) },
    options: {
      stdio: [
        options.stdin === true ? "pipe" : "ignore",
        options.stdout === true ? "pipe" : "inherit",
        options.stderr === true ? "pipe" : "inherit",
      ],
    },
  };
}

function pathOf(file: string | URL, node: NodeContext): string {
  if (file instanceof URL) return fileURLToPath(file);
  return file.startsWith("/") ? file : `${node.process.cwd()}/${file}`;
}
