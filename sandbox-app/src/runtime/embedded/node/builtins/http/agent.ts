import { boundClass } from "../bound-class.ts";
import { EventEmitter } from "../stream/stream-classes.ts";
import type { NodeContext } from "../../context.ts";
import type { ConnectOptions, Socket } from "../net/socket.ts";

interface AgentOptions {
  readonly keepAlive?: boolean;
  readonly maxSockets?: number;
  readonly maxFreeSockets?: number;
  readonly timeout?: number;
}

interface Waiting {
  readonly take: (socket: Socket, reused: boolean) => void;
  readonly options: ConnectOptions;
}

/** `http.Agent`: connections that are kept for the next request to the same port. */
export class Agent extends EventEmitter {
  readonly #node: NodeContext;
  readonly defaultPort: number = 80;
  readonly protocol: string = "http:";
  readonly options: AgentOptions;
  readonly keepAlive: boolean;
  maxSockets: number;
  maxFreeSockets: number;
  readonly sockets: Record<string, Socket[]> = {};
  readonly freeSockets: Record<string, Socket[]> = {};
  readonly requests: Record<string, Waiting[]> = {};

  constructor(node: NodeContext, options: AgentOptions = {}) {
    super();
    this.#node = node;
    this.options = { ...options };
    this.keepAlive = options.keepAlive === true;
    this.maxSockets = options.maxSockets ?? Infinity;
    this.maxFreeSockets = options.maxFreeSockets ?? 256;
  }
  getName(options: ConnectOptions = {}): string {
    return `${options.host ?? "localhost"}:${options.port ?? ""}:`;
  }
  createConnection(options: ConnectOptions): Socket {
    const net = this.#node.builtin<{ createConnection(given: ConnectOptions): Socket }>("net");
    return net.createConnection(options);
  }
  /** Hands a connection to the request, now or when one is free. */
  _give(options: ConnectOptions, take: Waiting["take"]): void {
    const name = this.getName(options);
    const free = this.freeSockets[name]?.shift();
    if (this.freeSockets[name]?.length === 0) Reflect.deleteProperty(this.freeSockets, name);
    if (free !== undefined && !free.destroyed) {
      free.ref();
      free.removeAllListeners("timeout");
      (this.sockets[name] ??= []).push(free);
      take(free, true);
      return;
    }
    if ((this.sockets[name]?.length ?? 0) >= this.maxSockets) {
      (this.requests[name] ??= []).push({ take, options });
      return;
    }
    const socket = this.createConnection(options);
    (this.sockets[name] ??= []).push(socket);
    socket.once("close", () => this._removed(socket, name));
    take(socket, false);
  }
  /** The request is over and its connection may serve another one. */
  _release(socket: Socket, options: ConnectOptions): void {
    const name = this.getName(options);
    const next = this.requests[name]?.shift();
    if (next !== undefined && !socket.destroyed) {
      next.take(socket, true);
      return;
    }
    const free = (this.freeSockets[name] ??= []);
    if (!this.keepAlive || free.length >= this.maxFreeSockets) {
      socket.destroySoon();
      return;
    }
    this._forget(this.sockets, socket, name);
    socket.unref();
    free.push(socket);
    this.emit("free", socket, options);
  }
  _removed(socket: Socket, name: string): void {
    this._forget(this.sockets, socket, name);
    this._forget(this.freeSockets, socket, name);
    const next = this.requests[name]?.shift();
    if (next !== undefined) this._give(next.options, next.take);
  }
  _forget(from: Record<string, Socket[]>, socket: Socket, name: string): void {
    const left = from[name]?.filter((each) => each !== socket) ?? [];
    if (left.length > 0) from[name] = left;
    else Reflect.deleteProperty(from, name);
  }
  destroy(): void {
    for (const list of [...Object.values(this.sockets), ...Object.values(this.freeSockets)]) {
      for (const socket of list) socket.destroy();
    }
  }
}

export function createAgentClass(node: NodeContext) {
  node.builtin("events");
  return boundClass(Agent, node);
}

export type AgentClass = ReturnType<typeof createAgentClass>;
