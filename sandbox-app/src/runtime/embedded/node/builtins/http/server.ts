import { boundClass } from "../bound-class.ts";
import type { NodeContext } from "../../context.ts";
import { Server as NetServer } from "../net/server.ts";
import type { Socket } from "../net/socket.ts";
import { type MessageClasses, ServerConnection } from "./server-connection.ts";

interface ServerOptions {
  readonly IncomingMessage?: MessageClasses["Incoming"];
  readonly ServerResponse?: MessageClasses["Response"];
  readonly keepAliveTimeout?: number;
  readonly requestTimeout?: number;
  readonly headersTimeout?: number;
}

/** What a server works with: its process and that process's classes. */
interface Parts {
  readonly node: NodeContext;
  readonly classes: MessageClasses;
}

/** `http.Server`. Node's default time-outs; those for slow clients are kept as numbers only. */
export class Server extends NetServer {
  keepAliveTimeout: number;
  requestTimeout: number;
  headersTimeout: number;
  timeout = 0;
  maxHeadersCount: number | null = null;
  maxRequestsPerSocket = 0;
  readonly _idle = new Set<Socket>();

  constructor(
    { node, classes }: Parts,
    options?: ServerOptions | (() => void),
    listener?: () => void,
  ) {
    super(node, { allowHalfOpen: true });
    const given = typeof options === "object" && options !== null ? options : {};
    const onRequest = typeof options === "function" ? options : listener;
    this.keepAliveTimeout = given.keepAliveTimeout ?? 5000;
    this.requestTimeout = given.requestTimeout ?? 300_000;
    this.headersTimeout = given.headersTimeout ?? 60_000;
    const own: MessageClasses = {
      Incoming: given.IncomingMessage ?? classes.Incoming,
      Response: given.ServerResponse ?? classes.Response,
    };
    if (onRequest !== undefined) this.on("request", onRequest);
    this.on("connection", (socket: Socket) => {
      ServerConnection.serve(this, socket, own);
    });
  }
  override close(callback?: (error?: Error) => void): this {
    super.close(callback);
    this.closeIdleConnections();
    return this;
  }
  closeAllConnections(): void {
    for (const socket of this._connections) socket.destroy();
  }
  closeIdleConnections(): void {
    for (const socket of this._idle) socket.destroy();
  }
  setTimeout(ms: number, callback?: () => void): this {
    this.timeout = ms;
    if (callback !== undefined) this.on("timeout", callback);
    return this;
  }
}

export function createHttpServerClass(node: NodeContext, classes: MessageClasses) {
  return boundClass(Server, { node, classes });
}
