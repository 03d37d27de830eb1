import { boundClass } from "../bound-class.ts";
import { Writable } from "../stream/stream-classes.ts";
import { Buffer } from "buffer/index.js";
import type { NodeContext } from "../../context.ts";
import { nodeError } from "../errors/node-error.ts";
import type { Socket } from "../net/socket.ts";
import type { Callback } from "../stream/stream-types.ts";
import { checkName, checkValue } from "./header-names.ts";

export type HeaderValue = number | string | readonly string[];
type Framing = "none" | "length" | "chunked" | "close";

/** `http.OutgoingMessage`: headers, then a body framed by length, by chunks or by the connection's end. */
export class OutgoingMessage extends Writable {
  readonly #node: NodeContext;
  socket: Socket | null = null;
  shouldKeepAlive = true;
  useChunkedEncodingByDefault = true;
  sendDate = false;
  strictContentLength = false;
  finished = false;
  chunkedEncoding = false;
  _header: string | null = null;
  _hasBody = true;
  readonly _headers = new Map<string, { name: string; value: HeaderValue }>();
  _trailers = "";
  _framing: Framing = "none";
  _waiting: { bytes: Uint8Array; done: Callback }[] = [];
  _endLength: number | null = null;

  /** @param autoDestroy false for a request, which lives on until its response has come */
  constructor(node: NodeContext, { autoDestroy = true }: { autoDestroy?: boolean } = {}) {
    super({ decodeStrings: true, emitClose: true, autoDestroy });
    this.#node = node;
  }
  get connection(): Socket | null {
    return this.socket;
  }
  get headersSent(): boolean {
    return this._header !== null;
  }
  setHeader(name: string, value: HeaderValue): this {
    if (this._header !== null) throw sent("set");
    checkName(name);
    checkValue(name, value);
    this._headers.set(name.toLowerCase(), { name, value });
    return this;
  }
  setHeaders(headers: Iterable<[string, HeaderValue]>): this {
    for (const [name, value] of headers) this.setHeader(name, value);
    return this;
  }
  appendHeader(name: string, value: HeaderValue): this {
    if (this._header !== null) throw sent("append");
    const before = this.getHeader(name);
    if (before === undefined) return this.setHeader(name, value);
    return this.setHeader(name, [before, value].flat().map(String));
  }
  getHeader(name: string): HeaderValue | undefined {
    return this._headers.get(name.toLowerCase())?.value;
  }
  getHeaders(): Record<string, HeaderValue> {
    const copy = Object.create(null) as Record<string, HeaderValue>;
    for (const [key, { value }] of this._headers) copy[key] = value;
    return copy;
  }
  getHeaderNames(): string[] {
    return [...this._headers.keys()];
  }
  getRawHeaderNames(): string[] {
    return Array.from(this._headers.values(), ({ name }) => name);
  }
  hasHeader(name: string): boolean {
    return this._headers.has(name.toLowerCase());
  }
  removeHeader(name: string): void {
    if (this._header !== null) throw sent("remove");
    this._headers.delete(name.toLowerCase());
  }
  addTrailers(trailers: Record<string, string> | [string, string][]): void {
    const pairs = Array.isArray(trailers) ? trailers : Object.entries(trailers);
    for (const [name, value] of pairs) {
      checkName(name, "Trailer name");
      checkValue(name, value);
      this._trailers += `${name}: ${value}\r\n`;
    }
  }
  flushHeaders(): void {
    if (this._header === null) this._implicitHeader();
    this._sendHead();
  }
  /** Decides on the head; made by ServerResponse and ClientRequest. */
  _implicitHeader(): void {
    throw nodeError(
      "ERR_METHOD_NOT_IMPLEMENTED",
      "The _implicitHeader() method is not implemented",
    );
  }

  /** Writes the head from the first line and the headers, and chooses the body's framing. */
  _storeHeader(firstLine: string): void {
    let head = `${firstLine}\r\n`;
    for (const { name, value } of this._headers.values()) {
      for (const each of typeof value === "object" ? value : [value])
        head += `${name}: ${each}\r\n`;
    }
    if (this.sendDate && !this.hasHeader("date")) head += `Date: ${new Date().toUTCString()}\r\n`;
    const framing = this._chooseFraming();
    if (framing === "close") this.shouldKeepAlive = false;
    head += this._connectionHeaders();
    if (framing === "length" && !this.hasHeader("content-length")) {
      head += `Content-Length: ${this._endLength ?? 0}\r\n`;
    }
    if (framing === "chunked" && !this.hasHeader("transfer-encoding"))
      head += "Transfer-Encoding: chunked\r\n";
    this._framing = framing;
    this.chunkedEncoding = framing === "chunked";
    this._header = `${head}\r\n`;
  }
  _connectionHeaders(): string {
    const given = this.getHeader("connection");
    if (given !== undefined) {
      if (/close/i.test(String(given))) this.shouldKeepAlive = false;
      return "";
    }
    if (!this.shouldKeepAlive) return "Connection: close\r\n";
    return `Connection: keep-alive\r\n${this._keepAliveHint()}`;
  }
  _keepAliveHint(): string {
    return "";
  }
  _chooseFraming(): Framing {
    if (!this._hasBody) return "none";
    if (this.hasHeader("transfer-encoding")) {
      return /chunked/i.test(String(this.getHeader("transfer-encoding"))) ? "chunked" : "close";
    }
    if (this.hasHeader("content-length")) return "length";
    if (this._endLength !== null) {
      return this._endLength > 0 || this.useChunkedEncodingByDefault ? "length" : "none";
    }
    if (this.useChunkedEncodingByDefault) return "chunked";
    return this._mayEndByClose() ? "close" : "chunked";
  }
  _mayEndByClose(): boolean {
    return false;
  }

  override write(chunk: unknown, encoding?: unknown, callback?: unknown): boolean {
    if (this.finished) {
      const error = nodeError("ERR_STREAM_WRITE_AFTER_END", "write after end");
      this.#node.process.nextTick(() => {
        const done = typeof encoding === "function" ? encoding : callback;
        if (typeof done === "function") (done as Callback)(error);
        this.destroy(error);
      });
      return false;
    }
    if (this._header === null) this._implicitHeader();
    return super.write(chunk, encoding, callback);
  }
  override end(chunk?: unknown, encoding?: unknown, callback?: unknown): this {
    if (this.finished) {
      const done = [chunk, encoding, callback].find((each) => typeof each === "function");
      if (done !== undefined) super.end(undefined, undefined, done);
      return this;
    }
    if (this._header === null) {
      const empty = chunk === undefined || chunk === null || typeof chunk === "function";
      this._endLength = empty ? 0 : lengthOf(chunk, encoding);
      this._implicitHeader();
    }
    // `write` refuses what comes after the end, and the end writes its last chunk itself.
    if (chunk !== undefined && chunk !== null && typeof chunk !== "function") {
      super.write(chunk, typeof encoding === "string" ? encoding : undefined);
    }
    this.finished = true;
    const done = [chunk, encoding, callback].find((each) => typeof each === "function");
    return super.end(undefined, undefined, done);
  }
  _write(chunk: Uint8Array, _encoding: string, callback: Callback): void {
    this._sendHead();
    if (!this._hasBody || chunk.byteLength === 0) {
      callback();
      return;
    }
    if (this._framing !== "chunked") {
      this._send(chunk, callback);
      return;
    }
    const size = Buffer.from(`${chunk.byteLength.toString(16)}\r\n`);
    this._send(Buffer.concat([size, chunk, Buffer.from("\r\n")]), callback);
  }
  _final(callback: Callback): void {
    this._sendHead();
    const last = this._framing === "chunked" ? `0\r\n${this._trailers}\r\n` : "";
    this._send(Buffer.from(last, "latin1"), (error) => {
      callback(error);
      if (!error) this._sent();
    });
  }
  /** All is written; the connection may go on to what comes next. */
  _sent(): void {
    this.emit("_sent");
  }
  _headSent = false;
  _sendHead(): void {
    if (this._headSent || this._header === null) return;
    this._headSent = true;
    this._send(Buffer.from(this._header, "latin1"), () => undefined);
  }
  /** Raw bytes before the head: `100 Continue` and other interim responses. */
  _sendRaw(text: string): void {
    this._send(Buffer.from(text, "latin1"), () => undefined);
  }
  _send(bytes: Uint8Array, done: Callback): void {
    if (this.socket === null) this._waiting.push({ bytes, done });
    else if (this.socket.destroyed) done();
    else if (bytes.byteLength === 0) done();
    else if (this.socket.write(bytes)) done();
    else this._whenDrained(done);
  }
  _whenDrained(done: Callback): void {
    const { socket } = this;
    const finish = () => {
      socket?.off("drain", finish);
      socket?.off("close", finish);
      done();
    };
    socket?.once("drain", finish);
    socket?.once("close", finish);
  }
  _useSocket(socket: Socket): void {
    this.socket = socket;
    socket.cork();
    for (const { bytes, done } of this._waiting.splice(0)) this._send(bytes, done);
    socket.uncork();
    this.emit("socket", socket);
  }
  setTimeout(ms: number, callback?: () => void): this {
    if (callback !== undefined) this.on("timeout", callback);
    if (this.socket === null) this.once("socket", (socket: Socket) => socket.setTimeout(ms));
    else this.socket.setTimeout(ms);
    return this;
  }
}

export function createOutgoingMessageClass(node: NodeContext) {
  node.builtin("stream");
  return boundClass(OutgoingMessage, node);
}

function lengthOf(chunk: unknown, encoding: unknown): number {
  if (typeof chunk !== "string") return (chunk as Uint8Array).byteLength;
  return Buffer.byteLength(chunk, typeof encoding === "string" ? encoding : "utf8");
}

function sent(what: string): Error {
  return nodeError(
    "ERR_HTTP_HEADERS_SENT",
    `Cannot ${what} headers after they are sent to the client`,
  );
}
