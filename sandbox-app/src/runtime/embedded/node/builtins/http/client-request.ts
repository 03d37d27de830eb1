import { boundClass } from "../bound-class.ts";
import { Buffer } from "buffer/index.js";
import type { NodeContext } from "../../context.ts";
import { abortError, invalidArgType, missingFeature, nodeError } from "../errors/node-error.ts";
import { isLoopback } from "../net/addresses.ts";
import type { ConnectOptions, Socket } from "../net/socket.ts";
import type { Agent, AgentClass } from "./agent.ts";
import { checkMethod } from "./header-names.ts";
import type { IncomingMessage, IncomingMessageClass } from "./incoming-message.ts";
import { type HeaderValue, OutgoingMessage } from "./outgoing-message.ts";
import { type Head, MessageParser } from "./parser.ts";
import { type RequestOptions, requestOptions } from "./request-options.ts";

export type Protocol = "http:" | "https:";

const withoutBody = new Set(["GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"]);

/** What a request works with: its process and that process's classes. */
export interface Parts {
  readonly node: NodeContext;
  readonly Incoming: IncomingMessageClass;
  readonly Agent: AgentClass;
  readonly globalAgent: () => Agent;
  /** Of requests that name none. */
  readonly protocol: Protocol;
}

const defaultPorts: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };

/** Ports of the container by its own sockets, other hosts by the kernel, where TLS begins. */
function connectTo(protocol: string, host: string, port: number | string): ConnectOptions {
  if (!isLoopback(host))
    return { host, port, httpOrigin: `${protocol}//${bracketed(host)}:${port}` };
  if (protocol === "http:") return { host, port };
  throw missingFeature("https to a port of the container", "There is no TLS inside it: use http.");
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** `http.ClientRequest`. */
export class ClientRequest extends OutgoingMessage {
  readonly #parts: Parts;
  method: string;
  path: string;
  host: string;
  protocol: string;
  aborted = false;
  reusedSocket = false;
  res: IncomingMessage | null = null;
  agent: Agent | null;
  timeout: number | undefined;
  maxHeadersCount: number | null = null;
  _target: ConnectOptions;
  _upgraded: { head: Head; response: IncomingMessage } | null = null;
  _done = false;
  _onSocketGone: () => void = () => undefined;

  constructor(parts: Parts, ...args: unknown[]) {
    super(parts.node, { autoDestroy: false });
    this.#parts = parts;
    const { options, callback } = requestOptions(args);
    this.agent = this._chooseAgent(options);
    this.protocol = this._checkProtocol(options);
    if (options.socketPath !== undefined)
      throw missingFeature("A request over a socket path", "Use a port of localhost.");
    this.method = checkMethod(options.method);
    this.path = options.path || "/";
    this.host = options.hostname ?? options.host ?? "localhost";
    this.useChunkedEncodingByDefault = !withoutBody.has(this.method);
    const port = options.port ?? options.defaultPort ?? defaultPorts[this.protocol] ?? 80;
    this._target = connectTo(this.protocol, this.host, port);
    this.shouldKeepAlive = this.agent?.keepAlive === true;
    this.timeout = options.timeout ?? this.agent?.options.timeout;
    this._setHeaders(options, port);
    if (callback !== undefined) this.once("response", callback);
    if (options.signal !== undefined) this._obey(options.signal);
    this.#parts.node.process.nextTick(() => this._start(options));
  }
  /** The agent of a request says which protocol it speaks. */
  _checkProtocol({ protocol }: RequestOptions): string {
    const expected = (this.agent?.protocol as string | undefined) ?? this.#parts.protocol;
    const given = protocol ?? expected;
    if (given === expected) return given;
    throw nodeError(
      "ERR_INVALID_PROTOCOL",
      `Protocol "${given}" not supported. Expected "${expected}"`,
      TypeError,
    );
  }
  _chooseAgent({ agent, createConnection }: RequestOptions): Agent | null {
    if (agent === false) return new this.#parts.Agent();
    if (agent === undefined || agent === null)
      return createConnection === undefined ? this.#parts.globalAgent() : null;
    if (typeof (agent as Agent)._give === "function") return agent as Agent;
    if (typeof (agent as { addRequest?: unknown }).addRequest === "function") return agent as Agent;
    throw invalidArgType("options.agent", "one of Agent-like Object, undefined, or false", agent);
  }
  _setHeaders({ headers, auth, setHost }: RequestOptions, port: number | string): void {
    const pairs = Array.isArray(headers)
      ? (headers as string[]).flatMap((name, index) =>
          index % 2 === 0 ? [[name, headers[index + 1] as string] as const] : [],
        )
      : Object.entries((headers ?? {}) as Record<string, HeaderValue>);
    for (const [name, value] of pairs) if (value !== undefined) this.setHeader(name, value);
    if (setHost !== false && !this.hasHeader("host")) {
      const host = bracketed(this.host);
      this.setHeader(
        "Host",
        Number(port) === defaultPorts[this.protocol] ? host : `${host}:${port}`,
      );
    }
    if (auth !== undefined && auth !== null && !this.hasHeader("authorization")) {
      this.setHeader("Authorization", `Basic ${Buffer.from(auth).toString("base64")}`);
    }
  }
  _obey(signal: AbortSignal): void {
    const abort = () => this.destroy(abortError(signal.reason));
    if (signal.aborted) this.#parts.node.process.nextTick(abort);
    else signal.addEventListener("abort", abort, { once: true });
  }
  override _implicitHeader(): void {
    this._storeHeader(`${this.method} ${this.path} HTTP/1.1`);
  }

  _start({ createConnection }: RequestOptions): void {
    if (this.destroyed) return;
    if (typeof createConnection === "function") {
      this._take(createConnection(this._target, () => undefined) as Socket, false);
    } else if (this.agent === null)
      this._take(new this.#parts.Agent().createConnection(this._target), false);
    else if (typeof this.agent._give === "function") {
      this.agent._give(this._target, (socket, reused) => this._take(socket, reused));
    } else
      (this.agent as unknown as { addRequest(...args: unknown[]): void }).addRequest(
        this,
        this._target,
      );
  }
  /** For agents of other packages. */
  onSocket(socket: Socket): void {
    this.#parts.node.process.nextTick(() => this._take(socket, false));
  }

  _take(socket: Socket, reused: boolean): void {
    this.reusedSocket = reused;
    if (this.destroyed) {
      this.agent?._release(socket, this._target);
      return;
    }
    const parser = this._parser(socket);
    const receive = (bytes: Uint8Array) => this._receive(parser, bytes, socket);
    const ended = () => {
      parser.finish();
    };
    const failed = (error: Error) => {
      if (this.res === null) this.destroy(error);
      // The kernel says why another host is gone; of a socket there is nothing to say.
      else this.res._cutOff(this._target.httpOrigin === undefined ? undefined : error);
    };
    const closed = () => this._socketClosed(parser);
    const timedOut = () => this.emit("timeout");
    socket.on("data", receive);
    socket.on("end", ended);
    socket.on("error", failed);
    socket.on("close", closed);
    socket.on("timeout", timedOut);
    this._onSocketGone = () => {
      socket.off("data", receive);
      socket.off("end", ended);
      socket.off("close", closed);
      socket.off("timeout", timedOut);
      socket.off("error", failed);
    };
    if (this.timeout !== undefined) socket.setTimeout(this.timeout);
    this._useSocket(socket);
  }

  _parser(socket: Socket): MessageParser {
    return new MessageParser("RESPONSE", {
      head: (head) => this._head(head, socket),
      body: (bytes) => {
        if (this.res?.push(Buffer.from(bytes)) === false) socket.pause();
      },
      trailers: (headers) => this.res?.rawTrailers.push(...headers),
      end: () => this._end(),
    });
  }
  _head(head: Head, socket: Socket): "body" | "none" | "stop" {
    if (head.statusCode < 200 && head.statusCode !== 101) {
      if (head.statusCode === 100) this.emit("continue");
      this.emit("information", { ...head, httpVersion: "1.1", rawHeaders: head.headers });
      return "none";
    }
    const response = new this.#parts.Incoming(socket)._fill(head, false);
    if (head.statusCode === 101 || this.method === "CONNECT") {
      response.complete = true;
      response.push(null);
      this._upgraded = { head, response };
      return "stop";
    }
    this.res = response;
    Object.assign(response, { req: this });
    if (!head.shouldKeepAlive) this.shouldKeepAlive = false;
    if (!this.emit("response", response)) response._dump();
    return this.method === "HEAD" ? "none" : "body";
  }
  _receive(parser: MessageParser, bytes: Uint8Array, socket: Socket): void {
    let rest: Uint8Array | null;
    try {
      rest = parser.execute(bytes);
    } catch (error) {
      if (!("rawPacket" in (error as object))) throw error;
      socket.destroy();
      this.destroy(error as Error);
      return;
    }
    const upgraded = this._upgraded;
    if (rest === null || upgraded === null) return;
    this._onSocketGone();
    this._done = true;
    const event = this.method === "CONNECT" ? "connect" : "upgrade";
    if (!this.emit(event, upgraded.response, socket, rest)) socket.destroy();
    this.destroy();
  }
  _end(): void {
    const response = this.res;
    if (response === null || response.complete) return;
    response.complete = true;
    response.push(null);
    this._done = true;
    const { socket } = this;
    if (socket === null) return;
    this._onSocketGone();
    const free = () => {
      super.destroy();
      if (this.timeout !== undefined) socket.setTimeout(0);
      if (this.shouldKeepAlive && this.agent !== null) this.agent._release(socket, this._target);
      else socket.destroySoon();
    };
    if (this.writableFinished) free();
    else this.once("finish", free);
  }
  _socketClosed(parser: MessageParser): void {
    parser.finish();
    if (this._done) return;
    if (this.res !== null) this.res._cutOff();
    else if (!this.destroyed) {
      this.destroy(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
    }
  }

  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    this.#parts.node.process.nextTick(() => this.emit("abort"));
    this.destroy();
  }
  override destroy(error?: Error | null): this {
    if (this.destroyed) return this;
    if (!this._done) {
      if (this.res !== null) this.res._cutOff();
      this.socket?.destroy();
    }
    const cut = this.res === null && !this._done;
    const reason =
      error ?? (cut ? Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }) : null);
    return super.destroy(reason);
  }
  setNoDelay(): void {
    // Bytes are never held back here.
  }
  setSocketKeepAlive(): void {
    // Connections inside the container do not go stale.
  }
}

export function createClientRequestClass(parts: Parts) {
  return boundClass(ClientRequest, parts);
}
