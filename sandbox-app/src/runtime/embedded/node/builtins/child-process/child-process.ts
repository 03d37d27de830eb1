import { boundClass } from "../bound-class.ts";
import { EventEmitter } from "../stream/stream-classes.ts";
import type { Hold, NodeContext } from "../../context.ts";
import type { SignalName, Spawned, WaitResult } from "../../../kernel/system-calls.ts";
import { errnoOf } from "../errors/errno.ts";
import { abortError } from "../errors/node-error.ts";
import { codeOf } from "../errors/system-error.ts";
import { Socket } from "../net/socket.ts";
import { connectIpc, type Ipc } from "./ipc.ts";
import type { SpawnPlan } from "./options.ts";
import { toSignal } from "./signals.ts";
import { stdioEntries, toChildStream } from "./stdio-plan.ts";

/** Messages come by another way than the news of a child's end: so long the last ones may take. */
const LAST_MESSAGES_MS = 10;

export function spawnError(code: string, file: string, args: readonly string[]): Error {
  const syscall = `spawn ${file}`;
  const error = new Error(`${syscall} ${code}`);
  return Object.assign(error, {
    errno: errnoOf(code),
    code,
    syscall,
    path: file,
    spawnargs: [...args],
  });
}

/** `child_process.ChildProcess`. */
export class ChildProcess extends EventEmitter {
  readonly #node: NodeContext;
  constructor(node: NodeContext) {
    super();
    this.#node = node;
  }

  pid: number | undefined;
  connected = false;
  channel: unknown = null;
  killed = false;
  exitCode: number | null = null;
  signalCode: SignalName | null = null;
  spawnfile = "";
  spawnargs: string[] = [];
  stdin: Socket | null = null;
  stdout: Socket | null = null;
  stderr: Socket | null = null;
  stdio: (Socket | null)[] = [];
  _hold: Hold | null = null;
  _ipc: Ipc | null = null;
  _openStreams = 0;
  _exited = false;
  _closed = false;
  _unrefWanted = false;

  /** @param thread the thread's end of a Worker's control channel, instead of IPC */
  _start(plan: SpawnPlan, thread?: MessagePort): this {
    const entries = stdioEntries(plan.options.stdio);
    const ipc = entries.findIndex(({ kind }) => kind === "ipc");
    const channel = ipc === -1 ? null : new this.#node.natives.MessageChannel();
    this.spawnfile = plan.file;
    this.spawnargs = [...plan.argv];
    const env: Record<string, string> = { ...plan.env };
    if (channel !== null) {
      env["NODE_CHANNEL_FD"] = String(ipc);
      env["NODE_CHANNEL_SERIALIZATION_MODE"] = plan.options.serialization ?? "json";
    }
    if (plan.options.signal?.aborted === true) {
      this._failLater(abortError(plan.options.signal.reason), []);
      return this;
    }
    let spawned: Spawned;
    try {
      spawned = this.#node.system.callSync("spawn", {
        file: plan.file,
        argv: plan.argv,
        cwd: plan.cwd,
        env,
        streams: entries.map((entry) => toChildStream(entry)),
        ...(plan.options.detached === true ? { newGroup: true } : {}),
        ...(thread === undefined ? {} : { channel: thread }),
        ...(channel === null ? {} : { channel: channel.port2 }),
      });
    } catch (error) {
      this._failLater(spawnError(codeOf(error), plan.file, plan.argv.slice(1)), entries);
      return this;
    }
    this.pid = spawned.pid;
    this._openStdio(spawned.fds, entries.length);
    if (channel !== null) {
      const advanced = plan.options.serialization === "advanced";
      this._ipc = connectIpc(this.#node, this, channel.port1, { advanced, refWhenListened: false });
      Object.assign(this, {
        send: (...args: [unknown, ...unknown[]]) => this._ipc?.send(...args),
        disconnect: () => this._ipc?.disconnect(),
      });
    }
    this.#node.process.nextTick(() => this.emit("spawn"));
    this._waitForEnd(spawned.pid);
    this._obey(plan);
    return this;
  }

  _openStdio(fds: readonly (number | null)[], count: number): void {
    for (let index = 0; index < count; index++) {
      const fd = fds[index] ?? null;
      this.stdio.push(fd === null ? null : this._stream(fd, index));
    }
    [this.stdin = null, this.stdout = null, this.stderr = null] = this.stdio;
  }

  _stream(fd: number, index: number): Socket {
    const input = index === 0;
    const socket = new Socket(this.#node, {
      fd,
      readable: !input,
      writable: input,
      what: "PipeWrap",
    });
    if (input) return socket;
    this._openStreams++;
    socket.once("close", () => {
      this._openStreams--;
      this._maybeClose();
    });
    return socket;
  }

  _waitForEnd(pid: number): void {
    this._hold = this.#node.loop.settle(
      "Process",
      this.#node.system.call("wait", pid),
      (_error, result) => {
        this._ended(result ?? { pid, code: null, signal: "SIGKILL" });
      },
    );
    if (this._unrefWanted) this._hold.unref();
  }

  _ended({ code, signal }: WaitResult): void {
    this.exitCode = signal === null ? code : null;
    this.signalCode = signal;
    this.stdin?.destroy();
    if (this._ipc === null) this._announceEnd();
    else this.#node.timers.setTimeout(() => this._announceEnd(), LAST_MESSAGES_MS);
  }
  _announceEnd(): void {
    this._ipc?.lost();
    this.#node.process.nextTick(() => this._emitEnd());
  }
  _emitEnd(): void {
    this._exited = true;
    this.emit("exit", this.exitCode, this.signalCode);
    // Output that nobody reads would keep `close` from ever coming.
    this.#node.process.nextTick(() => {
      for (const stream of this.stdio) {
        if (
          stream !== null &&
          stream !== this.stdin &&
          stream.readableFlowing !== true &&
          stream.listenerCount("readable") === 0
        ) {
          stream.resume();
        }
      }
    });
    this._maybeClose();
  }

  _maybeClose(): void {
    if (!this._exited || this._openStreams > 0 || this._closed) return;
    this._closed = true;
    this.#node.process.nextTick(() => this.emit("close", this.exitCode, this.signalCode));
  }

  _failLater(error: Error, entries: readonly { kind: string }[]): void {
    this._exited = true;
    for (const [index, { kind }] of entries.entries()) {
      this.stdio.push(
        kind === "pipe"
          ? new Socket(this.#node, { readable: index !== 0, writable: index === 0 })
          : null,
      );
    }
    [this.stdin = null, this.stdout = null, this.stderr = null] = this.stdio;
    this.#node.process.nextTick(() => {
      const { errno } = error as { errno?: number };
      this.exitCode = errno ?? null;
      for (const stream of this.stdio) stream?.destroy();
      this.emit("error", error);
      if (errno !== undefined) this._maybeClose();
    });
  }

  _obey({ options }: SpawnPlan): void {
    const { timeout, killSignal, signal } = options;
    if (timeout !== undefined && timeout > 0) {
      const timer = this.#node.timers.setTimeout(() => this.kill(killSignal), timeout);
      this.once("exit", () => this.#node.timers.clearTimeout(timer));
    }
    if (signal === undefined) return;
    const abort = () => {
      if (this.kill(killSignal)) this.emit("error", abortError(signal.reason));
    };
    signal.addEventListener("abort", abort, { once: true });
    this.once("exit", () => signal.removeEventListener("abort", abort));
  }

  kill(signal?: unknown): boolean {
    const name = toSignal(signal);
    if (this.pid === undefined || this._exited) return false;
    try {
      this.#node.system.callSync("kill", this.pid, name);
    } catch {
      return false;
    }
    if (name !== 0) this.killed = true;
    return true;
  }
  ref(): void {
    this._unrefWanted = false;
    this._hold?.ref();
  }
  unref(): void {
    this._unrefWanted = true;
    this._hold?.unref();
  }
  [Symbol.dispose](): void {
    if (!this.killed) this.kill();
  }
}

export function createChildProcessClass(node: NodeContext) {
  node.builtin("net");
  return boundClass(ChildProcess, node);
}
