import { boundClass } from "../bound-class.ts";
import { Readable } from "../stream/stream-classes.ts";
import type { NodeContext } from "../../context.ts";
import type { Socket } from "../net/socket.ts";
import type { Callback } from "../stream/stream-types.ts";
import { distinctHeaders, joinHeaders } from "./header-names.ts";
import type { Head } from "./parser.ts";

/** `http.IncomingMessage`. */
export class IncomingMessage extends Readable {
  readonly #node: NodeContext;
  socket: Socket;
  httpVersionMajor = 1;
  httpVersionMinor = 1;
  complete = false;
  aborted = false;
  rawHeaders: string[] = [];
  rawTrailers: string[] = [];
  method: string | null = null;
  url = "";
  statusCode: number | null = null;
  statusMessage: string | null = null;
  upgrade = false;
  _headers: Record<string, string | string[]> | null = null;
  _trailers: Record<string, string | string[]> | null = null;

  constructor(node: NodeContext, socket: Socket) {
    super({ autoDestroy: true });
    this.#node = node;
    this.socket = socket;
  }
  get connection(): Socket {
    return this.socket;
  }
  get httpVersion(): string {
    return `${this.httpVersionMajor}.${this.httpVersionMinor}`;
  }
  get headers(): Record<string, string | string[]> {
    return (this._headers ??= joinHeaders(this.rawHeaders));
  }
  set headers(value: Record<string, string | string[]>) {
    this._headers = value;
  }
  get headersDistinct(): Record<string, string[]> {
    return distinctHeaders(this.rawHeaders);
  }
  get trailers(): Record<string, string | string[]> {
    return (this._trailers ??= joinHeaders(this.rawTrailers));
  }
  get trailersDistinct(): Record<string, string[]> {
    return distinctHeaders(this.rawTrailers);
  }
  _fill(head: Head, isRequest: boolean): this {
    this.httpVersionMajor = head.versionMajor;
    this.httpVersionMinor = head.versionMinor;
    this.rawHeaders = head.headers;
    this.upgrade = head.upgrade;
    if (isRequest) {
      this.method = head.method;
      this.url = head.url;
    } else {
      this.statusCode = head.statusCode;
      this.statusMessage = head.statusMessage;
    }
    return this;
  }
  _read(): void {
    if (!this.complete && this.socket.isPaused() && !this.socket.destroyed) this.socket.resume();
  }
  _dump(): void {
    if (this.complete && this.readableLength === 0) return;
    this.resume();
  }
  /** The peer went away in the middle of the message. */
  _cutOff(why?: Error): void {
    if (!this.complete) this._giveUp(why);
  }
  /** Nobody waits for the answer to this request any more, whether or not it has come whole. */
  _giveUp(why?: Error): void {
    if (this.destroyed) return;
    this.aborted = true;
    this.emit("aborted");
    const error = why ?? Object.assign(new Error("aborted"), { code: "ECONNRESET" });
    if (this.listenerCount("error") > 0 || this.statusCode !== null) this.destroy(error);
    else this.destroy();
  }
  _destroy(error: Error | null, callback: Callback): void {
    if (!this.complete && !this.aborted && this.statusCode !== null) this.socket.destroy(error);
    this.#node.process.nextTick(() => callback(error));
  }
  setTimeout(ms: number, callback?: () => void): this {
    if (callback !== undefined) this.on("timeout", callback);
    this.socket.setTimeout(ms);
    return this;
  }
}

export function createIncomingMessageClass(node: NodeContext) {
  node.builtin("stream");
  return boundClass(IncomingMessage, node);
}

export type IncomingMessageClass = ReturnType<typeof createIncomingMessageClass>;
