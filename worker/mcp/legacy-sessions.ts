import {
  type AuthInfo,
  type Server,
  WebStandardStreamableHTTPServerTransport,
  isInitializeRequest,
} from "@modelcontextprotocol/server";
import { type McpCaller, type SessionClient, authInfoOf } from "./caller.ts";
import { rpcError } from "./rpc-error.ts";
import type { SessionRow, SessionRows } from "./session-rows.ts";

/** Sessions in memory at one time; beyond it the one unused for longest is put to sleep. */
const SESSIONS_MAX = 64;

/** Milliseconds without a request after which a session leaves the memory; its row stays. */
const SESSION_IDLE_MS = 10 * 60 * 1_000;

interface LiveSession {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly server: Server;
  readonly user: string;
  readonly client: string;
  /** What the client said of itself at `initialize`. */
  readonly said: SessionClient;
  lastUsedAt: number;
}

interface Dependencies {
  readonly createServer: () => Server;
  readonly rows: SessionRows;
  readonly now: () => number;
  readonly keepAliveMs: number;
}

/**
 * The sessionful legs of 2025 (Streamable HTTP with `Mcp-Session-Id`). A session is only the
 * client's connection: what matters hangs on the container. It is bound to user and client, and
 * survives the object by replaying its `initialize`.
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
    return live ?? this.#revive(id, row as SessionRow, authInfoOf(caller));
  }

  async #revive(id: string, row: SessionRow, authInfo: AuthInfo): Promise<LiveSession> {
    const session = await this.#connect(id, row);
    this.#live.set(id, session);
    const replay = async (parsedBody: unknown): Promise<void> => {
      const answer = await session.transport.handleRequest(replayRequest(id), {
        authInfo,
        parsedBody,
      });
      await answer.text();
    };
    await replay(row.initialize);
    await replay({ jsonrpc: "2.0", method: "notifications/initialized" });
    return session;
  }

  async #connect(id: string, { user, client, initialize }: SessionRow): Promise<LiveSession> {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      keepAliveMs: this.#deps.keepAliveMs,
      onsessionclosed: () => {
        this.#live.delete(id);
        this.#deps.rows.delete(id);
      },
    });
    const server = this.#deps.createServer();
    await server.connect(transport);
    const said = saidAt(initialize);
    return { transport, server, user, client, said, lastUsedAt: this.#deps.now() };
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

function saidAt(initialize: unknown): SessionClient {
  if (!isInitializeRequest(initialize)) return {};
  const { clientInfo, protocolVersion } = initialize.params;
  return { name: clientInfo.name, protocolVersion };
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

function idOf(body: unknown): string | number | null {
  const id = typeof body === "object" && body !== null && "id" in body ? body.id : null;
  return typeof id === "string" || typeof id === "number" ? id : null;
}
