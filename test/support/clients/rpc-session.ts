import { ServerEvents } from "#test/support/server-events.ts";
import type { Credentials, Service } from "./any-client.ts";

interface Manner {
  readonly clientInfo: { readonly name: string; readonly version: string };
  readonly protocolVersion: string;
  /** Milliseconds that a request may take. */
  readonly maxMs: number;
}

/** A session of 2025 over Streamable HTTP, message by message: what a host does without an SDK. */
export class RpcSession {
  readonly #url: URL;
  readonly #headers: Record<string, string>;
  readonly #maxMs: number;
  #lastId = 0;

  private constructor(url: URL, headers: Record<string, string>, maxMs: number) {
    this.#url = url;
    this.#headers = headers;
    this.#maxMs = maxMs;
  }

  static async begin(
    service: Service,
    { authorization }: Credentials,
    { clientInfo, protocolVersion, maxMs }: Manner,
  ): Promise<RpcSession> {
    const headers: Record<string, string> = {
      Authorization: authorization,
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
    };
    const session = new RpcSession(new URL(service.mcp), headers, maxMs);
    const params = { protocolVersion, capabilities: {}, clientInfo };
    const { response, result } = await session.#exchange("initialize", params);
    headers["Mcp-Session-Id"] = response.headers.get("Mcp-Session-Id") ?? "";
    headers["Mcp-Protocol-Version"] = (result as typeof params).protocolVersion;
    await session.#notify("notifications/initialized");
    return session;
  }

  async request(method: string, params: object = {}): Promise<unknown> {
    return (await this.#exchange(method, params)).result;
  }

  /** A server without a stream of notices says so by 405, and must not fail otherwise. */
  async lookForNotices(): Promise<void> {
    const headers = { ...this.#headers, Accept: "text/event-stream" };
    const answer = await fetch(this.#url, { headers });
    await answer.body?.cancel();
    if (answer.status !== 405 && !answer.ok) throw new Error(`GET answered ${answer.status}.`);
  }

  async end(): Promise<void> {
    const answer = await fetch(this.#url, { method: "DELETE", headers: this.#headers });
    await answer.text();
  }

  async #exchange(method: string, params: object) {
    const id = (this.#lastId += 1);
    const stream = await ServerEvents.open(this.#url, this.#post({ id, method, params }));
    const { response } = stream;
    const message = await this.#answerOf(stream, id);
    if (message.error !== undefined) throw new Error(JSON.stringify(message.error));
    return { response, result: message.result };
  }

  async #answerOf(stream: ServerEvents, id: number) {
    type Message = { id?: number; result?: unknown; error?: unknown };
    const timer = setTimeout(() => stream.cut(), this.#maxMs);
    try {
      const type = stream.response.headers.get("Content-Type") ?? "";
      if (!type.startsWith("text/event-stream")) return (await stream.response.json()) as Message;
      const answer = (await stream.rest()).find(({ data }) => data["id"] === id);
      if (answer === undefined) throw new Error(`The stream of request ${id} has no answer.`);
      return answer.data as Message;
    } finally {
      clearTimeout(timer);
    }
  }

  async #notify(method: string): Promise<void> {
    const answer = await fetch(this.#url, this.#post({ method }));
    await answer.text();
    if (answer.status !== 202) throw new Error(`${method} answered ${answer.status}.`);
  }

  #post(message: object): RequestInit {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    return { method: "POST", headers: this.#headers, body };
  }
}
