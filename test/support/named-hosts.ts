import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Hosts of the internet, for a worker under test: https requests to them reach a server of this
 * machine, because nobody has a certificate for their names. The harness passes a worker's requests on
 * through Node's fetch, which is replaced here; redirects stay answers, as in workerd.
 */
export class NamedHosts {
  readonly #server: Server;
  readonly #names: ReadonlySet<string>;
  readonly #original = globalThis.fetch;
  readonly requests: IncomingMessage[] = [];
  respond: RequestListener = (_request, response) => response.writeHead(404).end();

  private constructor(names: readonly string[]) {
    this.#names = new Set(names);
    this.#server = createServer((request, response) => {
      this.requests.push(request);
      this.respond(request, response);
    });
  }

  static async start(...names: string[]): Promise<NamedHosts> {
    const hosts = new NamedHosts(names);
    await new Promise<void>((resolve) => hosts.#server.listen(0, "127.0.0.1", resolve));
    globalThis.fetch = (input, init) => hosts.#fetch(input, init);
    return hosts;
  }

  #fetch(input: string | URL | Request, init: RequestInit | undefined): Promise<Response> {
    const url = new URL(input instanceof Request ? input.url : input);
    if (!this.#names.has(url.host)) return this.#original(input, init);
    const { port } = this.#server.address() as AddressInfo;
    const target = `http://127.0.0.1:${port}${url.pathname}${url.search}`;
    const { method = "GET", headers, signal } = init ?? {};
    return this.#original(target, {
      method,
      redirect: "manual",
      headers: [...((headers ?? []) as Headers), ["X-Asked-Host", url.host]],
      ...(signal && { signal }),
    });
  }

  /** Answers each path with a JSON document. */
  serve(documents: Record<string, object | string>): void {
    this.respond = (request, response) => {
      const document = documents[request.url ?? ""];
      if (document === undefined) return void response.writeHead(404).end();
      const text = typeof document === "string" ? document : JSON.stringify(document);
      response.writeHead(200, { "Content-Type": "application/json" }).end(text);
    };
  }

  async close(): Promise<void> {
    globalThis.fetch = this.#original;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
