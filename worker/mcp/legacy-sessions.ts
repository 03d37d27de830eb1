import {
  type AuthInfo,
  type Server,
  WebStandardStreamableHTTPServerTransport,
  isInitializeRequest,
} from "@modelcontextprotocol/server";
import { type McpCaller, type SessionClient, authInfoOf } from "./caller.ts";
import type { EventRows } from "./event-rows.ts";
import type { SessionEvents } from "./event-store.ts";
import { idOf, rpcError } from "./rpc-error.ts";
import { saidAt } from "./session-client.ts";
import type { SessionRow, SessionRows } from "./session-rows.ts";

/** Sessions in memory at one time; beyond it the one unused for longest is put to sleep. */
const SESSIONS_MAX = 64;

/** Milliseconds without a request after which a session leaves the memory; its row stays. */
const SESSION_IDLE_MS = 10 * 60 * 1_000;

/**
 * Milliseconds after which a client whose stream was closed comes back for the rest, unless it waits
 * longer by itself.
 */
const RETRY_MS = 1_000;

interface LiveSession {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly server: Server;
  readonly user: string;
  readonly client: string;
  /** What the client said of itself at `initialize`. */
  readonly said: SessionClient;
  readonly events: SessionEvents;
  /** Resolves when `initialize` was replayed; at once where it need not be. */
  ready: Promise<void>;
  lastUsedAt: number;
}

interface Dependencies {
  readonly createServer: () => Server;
  readonly rows: SessionRows;
  readonly events: EventRows;
  readonly now: () => number;
  readonly keepAliveMs: number;
}

/**
 * The sessionful legs of 2025 (Streamable HTTP with `Mcp-Session-Id`). A session is only the
 * client's connection: what matters hangs on the container. It is bound to user and client, and
 * survives the object by replaying its `initialize`. A stream that broke goes on where it ended, when
 * its client asks with `Last-Event-ID`; its calls run on meanwhile.
 */
export class LegacySessions {
  readonly #live = new Map<string, LiveSession>();
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  async handle(request: Request, body: unknown, caller: McpCaller): Promise<Response> {
    this.#dropIdle();
    const id = request.headers.get("Mcp-Session-Id");
    const refusal = refusalOf(request, body);
    if (refusal !== undefined) return refusal;
    const session = id === null ? await this.#begin(body, caller) : await this.#find(id, caller);
    if (session === undefined) {
      const message = "Session not found. Next: send initialize without Mcp-Session-Id.";
      return rpcError(404, -32_001, message, idOf(body));
    }
    session.lastUsedAt = this.#deps.now();
    await session.ready;
    const lost = lostStream(session.events, request);
    if (lost !== undefined) return lost;
    const options = {
      authInfo: authInfoOf(caller, session.said),
      ...(body !== undefined && { parsedBody: body }),
    };
    return session.transport.handleRequest(request, options);
  }

  async #begin(body: unknown, caller: McpCaller): Promise<LiveSession> {
    const id = crypto.randomUUID();
    const row: SessionRow = {
      user: caller.principal.user,
      client: caller.principal.client.id,
      initialize: body,
    };
    const session = await this.#connect(id, row);
    this.#live.set(id, session);
    this.#deps.rows.put(id, row);
    return session;
  }

  async #find(id: string, caller: McpCaller): Promise<LiveSession | undefined> {
    const { user, client } = caller.principal;
    const live = this.#live.get(id);
    const row = live ?? this.#deps.rows.get(id);
    // A session of somebody else looks exactly like one that never was.
    if (row === undefined || row.user !== user || row.client !== client.id) return undefined;
    if (live !== undefined) return live;
    const session = await this.#connect(id, row as SessionRow);
    // Whichever of several requests comes first revives it, for all of them.
    const revived = this.#live.get(id);
    if (revived !== undefined) return revived;
    session.ready = this.#replay(id, session, row as SessionRow, authInfoOf(caller));
    this.#live.set(id, session);
    return session;
  }

  async #replay(
    id: string,
    session: LiveSession,
    row: SessionRow,
    authInfo: AuthInfo,
  ): Promise<void> {
    const replay = async (parsedBody: unknown): Promise<void> => {
      const answer = await session.transport.handleRequest(replayRequest(id), {
        authInfo,
        parsedBody,
      });
      await answer.text();
    };
    await replay(row.initialize);
    await replay({ jsonrpc: "2.0", method: "notifications/initialized" });
  }

  async #connect(id: string, { user, client, initialize }: SessionRow): Promise<LiveSession> {
    const events = this.#deps.events.of(id);
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      keepAliveMs: this.#deps.keepAliveMs,
      eventStore: events,
      retryInterval: RETRY_MS,
      onsessionclosed: () => {
        this.#live.delete(id);
        this.#deps.rows.delete(id);
        this.#deps.events.forget(id);
      },
    });
    const server = this.#deps.createServer();
    await server.connect(transport);
    const said = saidAt(initialize);
    return {
      transport,
      server,
      user,
      client,
      said,
      events,
      ready: Promise.resolve(),
      lastUsedAt: this.#deps.now(),
    };
  }

  #dropIdle(): void {
    const byAge = [...this.#live].toSorted(([, a], [, b]) => a.lastUsedAt - b.lastUsedAt);
    const surplus = this.#live.size - SESSIONS_MAX + 1;
    const oldest = this.#deps.now() - SESSION_IDLE_MS;
    for (const [index, [id, session]] of byAge.entries()) {
      if (index >= surplus && session.lastUsedAt > oldest) break;
      this.#live.delete(id);
      void session.server.close();
    }
  }
}

/** The replay never leaves the object; its URL is only there because a request has one. */
function replayRequest(session: string): Request {
  return new Request("http://relay.invalid/mcp", {
    method: "POST",
    headers: {
      Accept: "application/json, text/event-stream",
      "Content-Type": "application/json",
      "Mcp-Session-Id": session,
    },
  });
}

/** A stream that died with its object, before its answer was there. */
function lostStream(events: SessionEvents, request: Request): Response | undefined {
  const last = request.headers.get("Last-Event-ID");
  if (request.method !== "GET" || last === null) return undefined;
  if (events.knows(last)) return undefined;
  const message =
    "The rest of this stream is not known any more. Next: look with container_status what the call " +
    "did, then ask again.";
  return rpcError(400, -32_000, message);
}

/** What the transport would refuse in its own words, refused with the next step instead. */
function refusalOf(request: Request, body: unknown): Response | undefined {
  const accept = request.headers.get("Accept") ?? "";
  const types = ["application/json", "text/event-stream"];
  if (request.method === "POST" && !types.every((type) => accept.includes(type))) {
    const message = `The request does not accept both types of answers. Next: send \`Accept: ${types.join(", ")}\`.`;
    return rpcError(406, -32_000, message, idOf(body));
  }
  if (request.headers.has("Mcp-Session-Id") || isInitializeRequest(body)) return undefined;
  const what = Array.isArray(body) ? "A batch" : "Every request but initialize";
  const next = "send initialize by itself, then this with the Mcp-Session-Id of its answer";
  return rpcError(400, -32_000, `${what} needs a session. Next: ${next}.`, idOf(body));
}
