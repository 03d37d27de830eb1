import { Buffer } from "buffer/index.js";
import type { Socket } from "../net/socket.ts";
import type { EmitterLike } from "../stream/stream-types.ts";
import type { IncomingMessage, IncomingMessageClass } from "./incoming-message.ts";
import { type Head, MessageParser } from "./parser.ts";
import type { ServerResponse, ServerResponseClass } from "./server-response.ts";

export interface HttpServer extends EmitterLike {
  keepAliveTimeout: number;
  timeout: number;
  readonly _idle: Set<Socket>;
  readonly listening: boolean;
}

export interface MessageClasses {
  readonly Incoming: IncomingMessageClass;
  readonly Response: ServerResponseClass;
}

const REFUSAL = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";

/** One connection of an http server: requests in, responses out in the same order (RFC 9112, 9.3.2). */
export class ServerConnection {
  readonly #server: HttpServer;
  readonly #socket: Socket;
  readonly #classes: MessageClasses;
  readonly #parser: MessageParser;
  readonly #responses: ServerResponse[] = [];
  #request: IncomingMessage | null = null;
  #upgraded: IncomingMessage | null = null;

  /** Serves a connection until it is closed; its listeners on the socket keep it. */
  static serve(server: HttpServer, socket: Socket, classes: MessageClasses): void {
    Reflect.construct(ServerConnection, [server, socket, classes]);
  }

  constructor(server: HttpServer, socket: Socket, classes: MessageClasses) {
    this.#server = server;
    this.#socket = socket;
    this.#classes = classes;
    this.#parser = new MessageParser("REQUEST", {
      head: (head) => this.#head(head),
      body: (bytes) => {
        if (this.#request?.push(Buffer.from(bytes)) === false) socket.pause();
      },
      trailers: (headers) => this.#request?.rawTrailers.push(...headers),
      end: () => this.#end(),
    });
    const receive = (bytes: Uint8Array) => this.#receive(bytes, receive);
    socket.on("data", receive);
    socket.on("end", () => this.#ended());
    socket.on("close", () => this.#closed());
    socket.on("error", (error: Error) => this.#failed(error));
    socket.on("timeout", () => this.#timedOut());
    if (server.timeout > 0) socket.setTimeout(server.timeout);
    server._idle.add(socket);
  }

  #receive(bytes: Uint8Array, listener: (bytes: Uint8Array) => void): void {
    try {
      const rest = this.#parser.execute(bytes);
      if (rest === null || this.#upgraded === null) return;
      const request = this.#upgraded;
      this.#socket.off("data", listener);
      this.#socket.removeAllListeners("end");
      this.#socket.removeAllListeners("error");
      this.#socket.setTimeout(0);
      this.#server.emit(
        request.method === "CONNECT" ? "connect" : "upgrade",
        request,
        this.#socket,
        rest,
      );
    } catch (error) {
      if (!("rawPacket" in (error as object))) throw error;
      if (this.#server.listenerCount("clientError") > 0) {
        this.#server.emit("clientError", error, this.#socket);
      } else this.#socket.end(REFUSAL);
    }
  }

  #head(head: Head): "body" | "none" | "stop" {
    const request = new this.#classes.Incoming(this.#socket)._fill(head, true);
    this.#request = request;
    this.#server._idle.delete(this.#socket);
    const event = request.method === "CONNECT" ? "connect" : "upgrade";
    if (head.upgrade && this.#server.listenerCount(event) > 0) {
      request.complete = true;
      request.push(null);
      this.#upgraded = request;
      return "stop";
    }
    if (event === "connect") {
      this.#socket.destroy();
      return "stop";
    }
    request.upgrade = false;
    const response = new this.#classes.Response(request, {
      keepAliveSeconds: Math.floor(this.#server.keepAliveTimeout / 1000),
    });
    if (!head.shouldKeepAlive && !/keep-alive/i.test(String(request.headers["connection"] ?? "")))
      response.shouldKeepAlive = false;
    if (/close/i.test(String(request.headers["connection"] ?? "")))
      response.shouldKeepAlive = false;
    this.#responses.push(response);
    if (this.#responses.length === 1) response.assignSocket(this.#socket);
    response.once("_sent", () => this.#responseSent(response));
    this.#announce(request, response);
    return "body";
  }

  #announce(request: IncomingMessage, response: ServerResponse): void {
    const expect = request.headers["expect"];
    if (expect === undefined) {
      this.#server.emit("request", request, response);
    } else if (/^100-continue$/i.test(String(expect))) {
      if (this.#server.emit("checkContinue", request, response)) return;
      response.writeContinue();
      this.#server.emit("request", request, response);
    } else if (!this.#server.emit("checkExpectation", request, response)) {
      response.writeHead(417);
      response.end();
    }
  }

  #end(): void {
    const request = this.#request;
    this.#request = null;
    if (request === null) return;
    request.complete = true;
    request.push(null);
  }

  #responseSent(response: ServerResponse): void {
    this.#responses.shift();
    // A body that nobody reads would stand in the next request's way.
    response.req._dump();
    response.detachSocket();
    if (!response.shouldKeepAlive) {
      this.#socket.destroySoon();
      return;
    }
    const next = this.#responses[0];
    if (next !== undefined) {
      next.assignSocket(this.#socket);
      return;
    }
    if (!this.#server.listening) {
      this.#socket.destroySoon();
      return;
    }
    this.#server._idle.add(this.#socket);
    const idle = this.#server.keepAliveTimeout;
    if (idle > 0) this.#socket.setTimeout(idle);
  }

  #ended(): void {
    const failed = this.#parser.finish();
    if (failed !== null && this.#request !== null) this.#request._cutOff();
    // A client that has ended its direction has gone, for Node too: what it asked for is given up.
    this.#socket.end();
  }

  #closed(): void {
    this.#server._idle.delete(this.#socket);
    this.#request?._cutOff();
    for (const response of this.#responses.splice(0)) {
      response.req._giveUp();
      response.destroy();
    }
  }

  #failed(error: Error): void {
    if (!this.#server.emit("clientError", error, this.#socket)) this.#socket.destroy();
  }

  #timedOut(): void {
    if (this.#server._idle.has(this.#socket)) {
      this.#socket.destroy();
      return;
    }
    const request = this.#request?.emit("timeout", this.#socket) === true;
    const response = this.#responses[0]?.emit("timeout", this.#socket) === true;
    const server = this.#server.emit("timeout", this.#socket);
    if (!request && !response && !server) this.#socket.destroy();
  }
}
