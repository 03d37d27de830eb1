import { boundClass } from "../bound-class.ts";
import { EventEmitter } from "../stream/stream-classes.ts";
import type { Hold, NodeContext } from "../../context.ts";
import { missingFeature, nodeError } from "../errors/node-error.ts";
import { codeOf, exceptionWithHostPort } from "../errors/system-error.ts";
import { validatePort } from "../errors/validate.ts";
import { isIPv4 } from "./addresses.ts";
import { Socket } from "./socket.ts";

interface ListenOptions {
  readonly port?: number | string;
  readonly host?: string;
  readonly path?: string;
  readonly signal?: AbortSignal;
}

function listenOptions(args: readonly unknown[]): ListenOptions {
  const [first, second] = args;
  if (typeof first === "object" && first !== null) return first;
  if (typeof first === "string" && Number.isNaN(Number(first))) return { path: first };
  return {
    port: (first as number | null | undefined) ?? 0,
    ...(typeof second === "string" ? { host: second } : {}),
  };
}

/** `net.Server`: accepts connections on a port of the container. */
export class Server extends EventEmitter {
  readonly #node: NodeContext;
  maxConnections: number | undefined;
  allowHalfOpen: boolean;
  readonly _connections = new Set<Socket>();
  _fd: number | null = null;
  _port = 0;
  _host: string | undefined;
  _hold: Hold | null = null;
  _unrefWanted = false;
  _closing = false;

  constructor(node: NodeContext, options?: unknown, listener?: unknown) {
    super();
    this.#node = node;
    const given = typeof options === "function" ? options : listener;
    this.allowHalfOpen = (options as { allowHalfOpen?: boolean } | null)?.allowHalfOpen === true;
    if (typeof given === "function") this.on("connection", given as never);
  }

  get listening(): boolean {
    return this._fd !== null;
  }

  listen(...args: unknown[]): this {
    const callback = args.find((each) => typeof each === "function") as (() => void) | undefined;
    const options = listenOptions(args.filter((each) => typeof each !== "function"));
    if (this._fd !== null) {
      throw nodeError(
        "ERR_SERVER_ALREADY_LISTEN",
        "Listen method has been called more than once without closing.",
      );
    }
    if (options.path !== undefined)
      throw missingFeature("A server on a path", "Listen on a port instead.");
    const wanted = validatePort(options.port ?? 0);
    if (callback !== undefined) this.once("listening", callback);
    options.signal?.addEventListener("abort", () => this.close(), { once: true });
    this._host = options.host;
    try {
      const { fd, port } = this.#node.system.callSync("listen", wanted);
      this._fd = fd;
      this._port = port;
    } catch (error) {
      const failed = exceptionWithHostPort(codeOf(error), "listen", options.host ?? "::", wanted);
      this.#node.process.nextTick(() => this.emit("error", failed));
      return this;
    }
    this._closing = false;
    this._hold = this.#node.loop.hold("TCPServerWrap");
    if (this._unrefWanted) this._hold.unref();
    this.#node.process.nextTick(() => {
      if (this._fd !== null) this.emit("listening");
    });
    void this._acceptAll(this._fd);
    return this;
  }

  async _acceptAll(fd: number): Promise<void> {
    for (;;) {
      let accepted: { fd: number; peerPort: number };
      try {
        accepted = await this.#node.system.call("accept", fd);
      } catch {
        return;
      }
      if (this._fd !== fd) {
        void this.#node.system.call("close", accepted.fd);
        return;
      }
      this.#node.loop.enter(() => this._welcome(accepted));
    }
  }

  _welcome({ fd, peerPort }: { fd: number; peerPort: number }): void {
    const socket = new Socket(this.#node, {
      fd,
      allowHalfOpen: this.allowHalfOpen,
      localPort: this._port,
      remotePort: peerPort,
    });
    if (this.maxConnections !== undefined && this._connections.size >= this.maxConnections) {
      socket.destroy();
      this.emit("drop", { remotePort: peerPort, localPort: this._port });
      return;
    }
    socket.server = this;
    this._connections.add(socket);
    socket.once("close", () => {
      this._connections.delete(socket);
      this._finish();
    });
    this.emit("connection", socket);
  }

  close(callback?: (error?: Error) => void): this {
    const open = this._fd !== null;
    if (callback !== undefined) {
      this.once("close", () => {
        callback(open ? undefined : nodeError("ERR_SERVER_NOT_RUNNING", "Server is not running."));
      });
    }
    if (this._fd !== null) void this.#node.system.call("close", this._fd);
    this._fd = null;
    this._hold?.release();
    this._closing = true;
    this._finish();
    return this;
  }

  _finish(): void {
    if (!this._closing || this._connections.size > 0) return;
    this._closing = false;
    this.#node.process.nextTick(() => this.emit("close"));
  }

  address(): object | null {
    if (this._fd === null) return null;
    const host = this._host === "localhost" ? "127.0.0.1" : (this._host ?? "::");
    return { address: host, family: isIPv4(host) ? "IPv4" : "IPv6", port: this._port };
  }
  getConnections(callback: (error: null, count: number) => void): this {
    const count = this._connections.size;
    this.#node.process.nextTick(() => callback(null, count));
    return this;
  }
  ref(): this {
    this._unrefWanted = false;
    this._hold?.ref();
    return this;
  }
  unref(): this {
    this._unrefWanted = true;
    this._hold?.unref();
    return this;
  }
  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve) => {
      this.close(() => resolve());
    });
  }
}

export function createServerClass(node: NodeContext) {
  node.builtin("events");
  return boundClass(Server, node);
}
