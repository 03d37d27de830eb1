import {
  isInitializeRequest,
  isJSONRPCNotification,
  isJSONRPCRequest,
  parseJSONRPCMessage,
  type JSONRPCMessage,
  type Server,
} from "@modelcontextprotocol/server";
import { type McpCaller, type SessionClient, authInfoOf } from "./caller.ts";
import { idOf, rpcError } from "./rpc-error.ts";
import { saidAt } from "./session-client.ts";
import { SseTransport } from "./sse-transport.ts";

/** The two addresses of 2024-11-05 (basic/transports, "HTTP with SSE"). */
export const SSE_PATH = "/sse";
export const MESSAGES_PATH = "/messages";

/** Streams open at one time; each keeps the relay awake, so the one unused for longest is ended. */
const STREAMS_MAX = 16;

/** Milliseconds without a message after which a stream ends; its client opens another one by itself. */
const STREAM_IDLE_MS = 15 * 60 * 1_000;

interface OpenStream {
  readonly transport: SseTransport;
  readonly server: Server;
  /** Who opened it; nobody else may post to it. */
  readonly opener: McpCaller;
  said: SessionClient;
  lastUsedAt: number;
}

interface Dependencies {
  readonly createServer: () => Server;
  readonly now: () => number;
}

/**
 * The leg of 2024-11-05: answers come on one stream, which is the session; requests are posted beside
 * it. The stream dies with its object. Its client then opens another one, and carries on.
 */
export class SseSessions {
  readonly #open = new Map<string, OpenStream>();
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  async open(opener: McpCaller): Promise<Response> {
    this.#makeRoom();
    const id = crypto.randomUUID();
    const transport = new SseTransport(`${MESSAGES_PATH}?sessionId=${id}`, {
      isIdle: () => this.#isIdle(this.#open.get(id)),
      onEnd: () => void this.#open.delete(id),
    });
    const server = this.#deps.createServer();
    await server.connect(transport);
    this.#open.set(id, { transport, server, opener, said: {}, lastUsedAt: this.#deps.now() });
    return new Response(transport.body, {
      headers: { "Content-Type": "text/event-stream", "Cache-Control": "no-cache, no-transform" },
    });
  }

  post(request: Request, body: unknown, caller: McpCaller): Response {
    const id = new URL(request.url).searchParams.get("sessionId") ?? "";
    const stream = this.#open.get(id);
    // The stream of somebody else looks exactly like one that never was.
    if (stream === undefined || !isSame(stream.opener, caller)) {
      const message = "There is no such stream. Next: open one with GET /sse.";
      return rpcError(404, -32_001, message, idOf(body));
    }
    const message = messageOf(body);
    if (message === undefined) {
      const text = "The body is no JSON-RPC message. Next: send one message, not a batch.";
      return rpcError(400, -32_600, text, idOf(body));
    }
    stream.lastUsedAt = this.#deps.now();
    if (isInitializeRequest(message)) stream.said = saidAt(message);
    // What was selected with the stream holds for all of it.
    const as = { ...caller, tools: stream.opener.tools };
    stream.transport.receive(message, authInfoOf(as, stream.said));
    return new Response("Accepted", { status: 202 });
  }

  #isIdle(stream: OpenStream | undefined): boolean {
    return (stream?.lastUsedAt ?? 0) <= this.#deps.now() - STREAM_IDLE_MS;
  }

  #makeRoom(): void {
    const byAge = [...this.#open.values()].toSorted((a, b) => a.lastUsedAt - b.lastUsedAt);
    const surplus = byAge.length - STREAMS_MAX + 1;
    for (const { server } of byAge.slice(0, Math.max(0, surplus))) void server.close();
  }
}

function isSame({ principal: a }: McpCaller, { principal: b }: McpCaller): boolean {
  return a.user === b.user && a.client.id === b.client.id;
}

function messageOf(body: unknown): JSONRPCMessage | undefined {
  try {
    const message = parseJSONRPCMessage(body);
    return isJSONRPCRequest(message) || isJSONRPCNotification(message) ? message : undefined;
  } catch {
    return undefined;
  }
}
