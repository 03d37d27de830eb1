import { boundClass } from "../bound-class.ts";
import { addAbortSignal, Duplex } from "../stream/stream-classes.ts";
import { Buffer } from "buffer/index.js";
import type { NodeContext, NodeTimer } from "../../context.ts";
import { codeOf, exceptionWithHostPort } from "../errors/system-error.ts";
import { validateInteger, validatePort } from "../errors/validate.ts";
import { missingFeature, nodeError } from "../errors/node-error.ts";
import type { Callback } from "../stream/stream-types.ts";
import { isLoopback, unreachable, unreachableByHttp } from "./addresses.ts";
import { DescriptorIo } from "./socket-io.ts";

export interface SocketOptions {
  readonly fd?: number;
  readonly allowHalfOpen?: boolean;
  readonly readable?: boolean;
  readonly writable?: boolean;
  readonly signal?: AbortSignal;
  /** What the hold is called; a pipe of a child is not a TCP socket. */
  readonly what?: string;
  readonly localPort?: number;
  readonly remotePort?: number;
}

export interface ConnectOptions extends SocketOptions {
  readonly port?: number | string;
  readonly host?: string;
  readonly path?: string;
  readonly timeout?: number;
  /** HTTP/1.1 is spoken to another host, named as `https://api.example.com`. */
  readonly httpOrigin?: string;
}

const LOOPBACK = "127.0.0.1";

/** `net.Socket`: a Duplex over a descriptor of the kernel. Also what a child's pipes are. */
export class Socket extends Duplex {
  readonly #node: NodeContext;
  connecting = false;
  bytesRead = 0;
  timeout = 0;
  localPort: number | undefined;
  remotePort: number | undefined;
  server: unknown = null;
  _handle: DescriptorIo | null = null;
  _bytesWritten = 0;
  _timer: NodeTimer | null = null;
  _wantsRead = false;
  _unrefWanted = false;
  _what: string;
  _host = "localhost";

  constructor(node: NodeContext, given?: SocketOptions | number) {
    const options: SocketOptions = typeof given === "number" ? { fd: given } : (given ?? {});
    super({
      allowHalfOpen: options.allowHalfOpen ?? false,
      readable: options.readable ?? true,
      writable: options.writable ?? true,
      emitClose: false,
      autoDestroy: true,
      decodeStrings: true,
    });
    this.#node = node;
    this._what = options.what ?? "TCPSocketWrap";
    if (options.fd !== undefined) {
      this._attach(options.fd);
      this.localPort = options.localPort;
      this.remotePort = options.remotePort;
      if (options.readable !== false) this.read(0);
    }
    if (options.signal !== undefined) addAbortSignal(options.signal, this);
  }

  get bytesWritten(): number {
    return this._bytesWritten + this.writableLength;
  }
  get pending(): boolean {
    return this._handle === null || this.connecting;
  }
  get readyState(): string {
    if (this.connecting) return "opening";
    if (this.readable && this.writable) return "open";
    if (this.readable) return "readOnly";
    return this.writable ? "writeOnly" : "closed";
  }
  get remoteAddress(): string | undefined {
    return this._handle === null ? undefined : LOOPBACK;
  }
  get remoteFamily(): string | undefined {
    return this._handle === null ? undefined : "IPv4";
  }
  get localAddress(): string | undefined {
    return this._handle === null ? undefined : LOOPBACK;
  }
  get localFamily(): string | undefined {
    return this.remoteFamily;
  }
  address(): object {
    if (this._handle === null) return {};
    return { address: LOOPBACK, family: "IPv4", port: this.localPort };
  }

  _attach(fd: number, isOutside = false): void {
    this._handle = new DescriptorIo(this.#node, fd, this._what, isOutside);
    if (this._unrefWanted) this._handle.unref();
  }

  connect(...args: unknown[]): this {
    const callback = typeof args.at(-1) === "function" ? (args.pop() as () => void) : null;
    const [first, host] = args;
    const options: ConnectOptions =
      typeof first === "object" && first !== null
        ? first
        : typeof first === "string" && Number.isNaN(Number(first))
          ? { path: first }
          : { port: first as number, ...(host === undefined ? {} : { host: host as string }) };
    if (callback !== null) this.once("connect", callback);
    if (options.path !== undefined)
      throw missingFeature("A socket on a path", "Listen on a port of localhost instead.");
    if (options.port === undefined)
      throw nodeError(
        "ERR_MISSING_ARGS",
        'The "options" or "port" or "path" argument must be specified',
        TypeError,
      );
    if (options.timeout !== undefined) this.setTimeout(options.timeout);
    const { host: name = "localhost", httpOrigin } = options;
    this._connect(validatePort(options.port), name, httpOrigin);
    return this;
  }

  _connect(port: number, host: string, httpOrigin?: string): void {
    this.connecting = true;
    this._host = host;
    const pending = this._open(port, host, httpOrigin);
    this.#node.loop.settle("TCPConnectWrap", pending, (error, fd) => {
      this.connecting = false;
      if (this.destroyed) {
        if (fd !== undefined) void this.#node.system.call("close", fd);
        return;
      }
      if (fd === undefined) {
        this.destroy(error as Error);
        return;
      }
      this.remotePort = port;
      this._attach(fd, httpOrigin !== undefined);
      this.emit("connect");
      this.emit("ready");
      // A read that was asked for before the connection stood is still open; `read` would not repeat it.
      if (this._wantsRead) this._read();
      else this.read(0);
    });
  }

  /** A descriptor of the connection, or an error as Node words it. */
  async _open(port: number, host: string, httpOrigin: string | undefined): Promise<number> {
    const { system } = this.#node;
    if (httpOrigin !== undefined) {
      return system.call("connectHttp", httpOrigin).catch((cause: unknown) => {
        throw unreachableByHttp(cause, host, port);
      });
    }
    if (!isLoopback(host)) throw unreachable(host, port);
    return system.call("connect", port).catch((cause: unknown) => {
      throw exceptionWithHostPort(codeOf(cause), "connect", LOOPBACK, port);
    });
  }

  _read(): void {
    if (this._handle === null) {
      this._wantsRead = true;
      return;
    }
    this._handle.read((error, bytes) => {
      if (error !== null) {
        this.destroy(error);
        return;
      }
      this._touch();
      if (bytes.length === 0) {
        this.push(null);
        if (this.readableLength === 0) this.read(0);
        return;
      }
      this.bytesRead += bytes.length;
      this.push(bytes);
    });
  }

  _write(chunk: Uint8Array, encoding: string, callback: Callback): void {
    if (this.connecting) {
      const again = () => this._write(chunk, encoding, callback);
      this.once("connect", again);
      return;
    }
    if (this._handle === null) {
      callback(nodeError("ERR_SOCKET_CLOSED", "Socket is closed"));
      return;
    }
    this._touch();
    this._handle.write(chunk, (error) => {
      this._bytesWritten += chunk.byteLength;
      callback(error);
    });
  }
  _writev(chunks: { chunk: Uint8Array }[], callback: Callback): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), "buffer", callback);
  }
  _final(callback: Callback): void {
    if (this.connecting) {
      this.once("connect", () => this._final(callback));
      return;
    }
    if (this._handle === null) callback();
    else if (this._what === "TCPSocketWrap") this._handle.shutdown(() => callback());
    else {
      // A pipe has one direction: its end is to be closed.
      if (!this.readable) this._handle.close();
      callback();
    }
  }
  _destroy(error: Error | null, callback: Callback): void {
    this.connecting = false;
    this.setTimeout(0);
    this._handle?.close();
    this._handle = null;
    callback(error);
    this.#node.process.nextTick(() => this.emit("close", error !== null));
  }

  override end(...args: unknown[]): this {
    return super.end(...(args as []));
  }
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once("finish", () => this.destroy());
  }
  resetAndDestroy(): this {
    return this.destroy();
  }

  setTimeout(ms: number, callback?: () => void): this {
    validateInteger(ms, "msecs", 0);
    this.timeout = ms;
    if (this._timer !== null) this.#node.timers.clearTimeout(this._timer);
    this._timer = null;
    if (ms > 0) {
      this._timer = this.#node.timers.setTimeout(() => this.emit("timeout"), ms).unref();
      if (callback !== undefined) this.once("timeout", callback);
    } else if (callback !== undefined) this.removeListener("timeout", callback);
    return this;
  }
  _touch(): void {
    this._timer?.refresh();
  }

  ref(): this {
    this._unrefWanted = false;
    this._handle?.ref();
    return this;
  }
  unref(): this {
    this._unrefWanted = true;
    this._handle?.unref();
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
}

export function createSocketClass(node: NodeContext) {
  node.builtin("stream");
  return boundClass(Socket, node);
}
