import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { EgressResponse, type HeaderList, readHead, writeHead } from "#protocol/egress-frame.ts";
import { mintToken, verifyToken } from "#worker/identity/tokens.ts";
import { EdgeRig, TEST_REALM } from "./edge-rig.ts";
import { passRequestsOn } from "./faithful-outgoing.ts";

export interface Asking {
  readonly method?: string;
  readonly headers?: HeaderList;
  readonly body?: string;
  /** Default: one that is valid for the user's container. */
  readonly token?: string | null;
  /** Of the request to the proxy; default: a fetch of the runtime's own page. */
  readonly from?: Record<string, string>;
  /** Another head than the rest says. */
  readonly head?: object;
}

export interface Answer {
  /** Of the proxy. */
  readonly status: number;
  readonly headers: Headers;
  /** Error code of the proxy; null when it passed an answer on. */
  readonly code: string | null;
  readonly detail: string;
  /** What the other host said. */
  readonly head: EgressResponse | null;
  readonly text: () => Promise<string>;
  readonly body: ReadableStream<Uint8Array> | null;
}

/** The worker, a real server on this machine's loopback, and a container that asks for it. */
export class EgressRig {
  readonly edge: EdgeRig;
  readonly requests: IncomingMessage[] = [];
  /** Answers what reaches the server. */
  respond: RequestListener = (_request, response) => response.end("hello");
  readonly #server: Server;
  readonly #cookie: string;
  readonly container: string;
  readonly #restore: () => void;

  private constructor(edge: EdgeRig, server: Server, cookie: string, container: string) {
    this.edge = edge;
    this.#server = server;
    this.#cookie = cookie;
    this.container = container;
    this.#restore = passRequestsOn();
    server.on("request", (request, response) => {
      this.requests.push(request);
      this.respond(request, response);
    });
  }

  static async start(edge?: EdgeRig): Promise<EgressRig> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
    const rig = edge ?? (await EdgeRig.start());
    return new EgressRig(rig, server, await rig.signIn(), await rig.container());
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The server as programs of the container name it. */
  get origin(): string {
    return `http://host.disco.internal:${this.port}`;
  }

  get runtime(): string {
    return `http://rt.disco.localhost:${this.edge.worker.url.port}`;
  }

  get fromRuntime(): Record<string, string> {
    const own = { "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "empty" };
    return { ...own, Origin: this.runtime };
  }

  /** A request of the page about the container's network, or about git, signed in. */
  page(
    method: string,
    body?: object,
    path = "",
    headers: Record<string, string> = {},
    about: "network" | "git" = "network",
  ) {
    return this.edge.fromPage(`/auth/${about}/${this.container}${path}`, {
      method,
      headers: { Cookie: this.#cookie, "Content-Type": "application/json", ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  async allow(host: string): Promise<number> {
    const answer = await this.page("POST", { host });
    await answer.text();
    return answer.status;
  }

  async revoke(host: string): Promise<void> {
    await (await this.page("DELETE", { host })).text();
  }

  /** What the person does who closes for the day; the page's routes are shut from then on. */
  async signOut(): Promise<void> {
    const headers = { Cookie: this.#cookie };
    await (await this.edge.postFromPage("/auth/sign-out", {}, headers)).text();
  }

  /** As the page gets it for its container. */
  async token(): Promise<string> {
    const answer = await this.page("POST", undefined, "/token");
    return ((await answer.json()) as { token: string }).token;
  }

  async tokenFor(container: string, options: { now?: number } = {}): Promise<string> {
    const cookie = this.#cookie.replace("__Host-disco=", "");
    const { sid } = await verifyToken(TEST_REALM, "browser", cookie);
    return mintToken(TEST_REALM, "egress", { sub: "local", container, sid }, options);
  }

  async ask(url: string, asking: Asking = {}, door: "egress" | "git" = "egress"): Promise<Answer> {
    const { method = "GET", headers = [], body = "", from = this.fromRuntime } = asking;
    const token = asking.token === undefined ? await this.token() : asking.token;
    const bodyBytes = new TextEncoder().encode(body);
    const request = { method, url, headers, bodyBytes: bodyBytes.length, ...asking.head };
    const answer = await this.edge.worker.fetch(`${this.runtime}/__disco/${door}/`, {
      method: "POST",
      headers: { ...from, ...(token !== null && { Authorization: `Bearer ${token}` }) },
      body: Buffer.concat([writeHead(request), bodyBytes]),
    });
    return await readAnswer(answer as unknown as Response);
  }

  async close(): Promise<void> {
    this.#restore();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.edge.close();
  }
}

async function readAnswer(answer: Response): Promise<Answer> {
  const { status, headers } = answer;
  if (status !== 200 || answer.body === null) {
    const problem = (await answer.json()) as { code: string; detail: string };
    const { code, detail } = problem;
    return { status, headers, code, detail, head: null, text: async () => "", body: null };
  }
  const { head, body } = await readHead(answer.body, EgressResponse);
  const text = (): Promise<string> => new Response(body).text();
  return { status, headers, code: null, detail: "", head, text, body };
}
