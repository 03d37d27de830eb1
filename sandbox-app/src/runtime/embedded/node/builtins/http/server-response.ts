import { boundClass } from "../bound-class.ts";
import type { NodeContext } from "../../context.ts";
import { invalidArgType, nodeError } from "../errors/node-error.ts";
import type { Socket } from "../net/socket.ts";
import type { Callback } from "../stream/stream-types.ts";
import type { IncomingMessage } from "./incoming-message.ts";
import { type HeaderValue, OutgoingMessage } from "./outgoing-message.ts";
import { STATUS_CODES } from "./status-codes.ts";

type HeaderList =
  | Record<string, HeaderValue>
  | readonly HeaderValue[]
  | readonly [string, HeaderValue][];

function pairsOf(headers: HeaderList): [string, HeaderValue][] {
  if (!Array.isArray(headers)) return Object.entries(headers as Record<string, HeaderValue>);
  if (Array.isArray(headers[0])) return headers as [string, HeaderValue][];
  const flat = headers as HeaderValue[];
  return flat.flatMap((name, index) =>
    index % 2 === 0
      ? [[String(name), flat[index + 1] as HeaderValue] as [string, HeaderValue]]
      : [],
  );
}

/** @throws ERR_HTTP_INVALID_STATUS_CODE */
function statusCode(status: number): number {
  const code = Math.trunc(status);
  if (code >= 100 && code <= 999) return code;
  throw nodeError("ERR_HTTP_INVALID_STATUS_CODE", `Invalid status code: ${status}`, RangeError);
}

/** RFC 9110, section 6.4.1. */
function hasNoBody(code: number): boolean {
  return code === 204 || code === 304 || (code >= 100 && code <= 199);
}

/** `http.ServerResponse`. */
export class ServerResponse extends OutgoingMessage {
  statusCode = 200;
  statusMessage: string | undefined;
  readonly req: IncomingMessage;
  _keepAliveSeconds = 5;

  constructor(
    node: NodeContext,
    req: IncomingMessage,
    options: { keepAliveSeconds?: number } = {},
  ) {
    super(node);
    this.req = req;
    this.sendDate = true;
    this._keepAliveSeconds = options.keepAliveSeconds ?? this._keepAliveSeconds;
    if (req.method === "HEAD") this._hasBody = false;
    if (req.httpVersionMajor < 1 || req.httpVersionMinor < 1) {
      this.useChunkedEncodingByDefault = false;
      this.shouldKeepAlive = /keep-alive/i.test(String(req.headers["connection"] ?? ""));
    }
  }
  override _mayEndByClose(): boolean {
    return true;
  }
  override _keepAliveHint(): string {
    return this._keepAliveSeconds > 0 ? `Keep-Alive: timeout=${this._keepAliveSeconds}\r\n` : "";
  }
  override _implicitHeader(): void {
    this.writeHead(this.statusCode);
  }
  writeHead(status: number, reason?: string | HeaderList, given?: HeaderList): this {
    if (this._header !== null) {
      throw nodeError(
        "ERR_HTTP_HEADERS_SENT",
        "Cannot write headers after they are sent to the client",
      );
    }
    const code = statusCode(status);
    const headers = typeof reason === "string" ? given : (reason ?? given);
    if (typeof reason === "string") this.statusMessage = reason;
    else this.statusMessage ||= STATUS_CODES[code] ?? "unknown";
    this.statusCode = code;
    if (headers !== undefined && headers !== null) {
      for (const [name, value] of pairsOf(headers)) this.setHeader(name, value);
    }
    if (/[^\t\u0020-~\u0080-ÿ]/.test(this.statusMessage)) {
      throw nodeError("ERR_INVALID_CHAR", "Invalid character in statusMessage", TypeError);
    }
    if (hasNoBody(code)) this._hasBody = false;
    this._storeHeader(`HTTP/1.1 ${code} ${this.statusMessage}`);
    return this;
  }
  writeHeader(...args: [number, (string | HeaderList)?, HeaderList?]): this {
    return this.writeHead(...args);
  }
  writeContinue(callback?: () => void): void {
    this._sendRaw("HTTP/1.1 100 Continue\r\n\r\n");
    callback?.();
  }
  writeProcessing(callback?: () => void): void {
    this._sendRaw("HTTP/1.1 102 Processing\r\n\r\n");
    callback?.();
  }
  writeEarlyHints(hints: Record<string, HeaderValue>, callback?: () => void): void {
    if (typeof hints !== "object") throw invalidArgType("hints", "of type object", hints);
    const lines = Object.entries(hints).flatMap(([name, value]) => [
      `${name === "link" ? "Link" : name}: ${Array.isArray(value) ? value.join(", ") : String(value)}\r\n`,
    ]);
    this._sendRaw(`HTTP/1.1 103 Early Hints\r\n${lines.join("")}\r\n`);
    callback?.();
  }
  assignSocket(socket: Socket): void {
    this._useSocket(socket);
  }
  detachSocket(): void {
    this.socket = null;
  }
  /** Half an answer cannot be followed by another one: the connection goes with it. */
  _destroy(error: Error | null, callback: Callback): void {
    this.socket?.destroy(error);
    callback(error);
  }
}

export function createServerResponseClass(node: NodeContext) {
  return boundClass(ServerResponse, node);
}

export type ServerResponseClass = ReturnType<typeof createServerResponseClass>;
