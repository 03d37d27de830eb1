import { EGRESS_NAME, type EgressResponse, type Framed } from "#protocol/egress-frame.ts";
import { type EgressTarget, parseTarget, ruleText } from "#protocol/egress-rule.ts";
import { GIT_NAME } from "#protocol/git-request.ts";
import { INIT } from "../kernel/process/process.ts";
import { connectSockets, type Socket } from "../kernel/open/socket.ts";
import { Waits } from "../kernel/open/waits.ts";
import { Turnstile } from "../npm/registry/turnstile.ts";
import { Access } from "./access.ts";
import { gitExchange } from "./git-exchange.ts";
import { type ConnectionEnd, type Exchange, serveHttp } from "./http-connection.ts";
import { type Asker, Ledger } from "./ledger.ts";
import { PARALLEL_MAX } from "./limits.ts";
import { NetworkOrder, type NetworkReport } from "./messages.ts";
import { type Door, type Fetch, ProxyRefusal, sendByProxy } from "./proxy-client.ts";
import { failureOf, neverReached, noNetwork, notGranted, revoked } from "./refusals.ts";
import type { OutgoingRequest } from "./request-reader.ts";

const CHUNK_BYTES = 65_536;

export interface NetworkOptions {
  /** Numbers of sockets. */
  readonly nextIno: () => number;
  /** Origin of the runtime, whose worker passes requests on. */
  readonly base?: string;
  readonly fetch?: Fetch;
  readonly now?: () => number;
}

/** A connection that stands. */
interface Standing {
  readonly target: EgressTarget;
  readonly ended: AbortController;
}

/**
 * The container's way to other hosts: connections on which programs speak HTTP/1.1, each request of
 * which goes through the worker's proxy. TLS ends there. The token that the proxy asks for stays in
 * the kernel.
 */
export class Network {
  readonly #access: Access;
  readonly #ledger: Ledger;
  readonly #nextIno: () => number;
  readonly #base: string;
  readonly #fetch: Fetch;
  readonly #turns: Turnstile;
  readonly #standing = new Set<Standing>();

  constructor(options: NetworkOptions) {
    const { nextIno, base = globalThis.location?.origin ?? "", now = Date.now } = options;
    this.#nextIno = nextIno;
    this.#base = base;
    this.#fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init));
    this.#access = new Access(now);
    this.#ledger = new Ledger(now);
    this.#turns = new Turnstile(PARALLEL_MAX[base.startsWith("https:") ? "https" : "http"]);
  }

  /** The page at the other end of the port says what is allowed, and hears what is asked for. */
  serve(port: MessagePort): void {
    const report = (message: NetworkReport): void => port.postMessage(message, []);
    this.#access.open(() => report({ type: "token_wanted" }));
    port.addEventListener("message", ({ data }) => {
      const order = NetworkOrder.safeParse(data);
      if (order.success) this.#obey(order.data);
    });
    port.start();
    this.#ledger.reportTo((state) => report({ type: "state", ...state }));
  }

  /**
   * A socket to another host, on which HTTP/1.1 is spoken.
   *
   * @param origin as `https://api.example.com:8443`
   * @throws FileError ENETUNREACH with words that say what to do
   */
  async connect(origin: string, asker: Asker): Promise<Socket> {
    const target = await this.#target(origin);
    if (!this.#access.allows(target)) {
      this.#ledger.wish(target, asker);
      throw notGranted(target);
    }
    const { client, server } = this.#sockets(target);
    const standing = { target, ended: new AbortController() };
    this.#standing.add(standing);
    void serveHttp(endOf(server), this.#exchange(target, asker), standing.ended.signal).finally(
      () => this.#standing.delete(standing),
    );
    return client;
  }

  /**
   * A socket to another host for git's own requests, which the worker judges one by one: it knows what
   * is allowed of which repository, and adds the person's credential.
   *
   * @throws FileError ENETUNREACH for what is never reached
   */
  async connectGit(origin: string, asker: Asker): Promise<Socket> {
    const target = await this.#target(origin);
    const { client, server } = this.#sockets(target);
    const exchange = gitExchange({
      target,
      asker,
      ledger: this.#ledger,
      local: this.#access.local,
      send: (request, signal) => this.#send(GIT_NAME, target, request, signal),
      inTurn: (task) => this.#turns.pass(task),
    });
    void serveHttp(endOf(server), exchange, new AbortController().signal);
    return client;
  }

  async #target(origin: string): Promise<EgressTarget> {
    await this.#access.ready().catch((reason: unknown) => {
      throw noNetwork(reason);
    });
    const parsed = parseTarget(origin, this.#access.local);
    if (parsed.ok) return parsed.value;
    throw neverReached(origin, parsed.problem);
  }

  #sockets({ port }: EgressTarget): { client: Socket; server: Socket } {
    return connectSockets({ client: 0, server: port }, this.#nextIno);
  }

  #obey(order: NetworkOrder): void {
    this.#access.obey(order);
    if (order.type !== "rules") return;
    for (const { target, ended } of this.#standing) {
      if (!this.#access.allows(target)) ended.abort(revoked(target));
    }
    this.#ledger.settle((host) => {
      const parsed = parseTarget(host, order.local);
      return parsed.ok && this.#access.allows(parsed.value);
    });
  }

  #exchange(target: EgressTarget, asker: Asker): Exchange {
    return {
      send: (request, signal) => this.#send(EGRESS_NAME, target, request, signal),
      received: (received) => this.#ledger.used(target, { received }),
      inTurn: (task) => this.#turns.pass(task),
      failure: (error) => {
        const isUngranted = error instanceof ProxyRefusal && error.code === "network_not_granted";
        if (isUngranted) this.#ledger.wish(target, asker);
        return failureOf(error, target);
      },
    };
  }

  async #send(
    door: Door,
    target: EgressTarget,
    { method, path, headers, body }: OutgoingRequest,
    signal: AbortSignal,
  ): Promise<Framed<EgressResponse>> {
    const token = await this.#access.token().catch((reason: unknown) => {
      throw noNetwork(reason);
    });
    const request = { method, url: ruleText(target) + path, headers };
    this.#ledger.used(target, { requests: 1, sent: body.byteLength });
    try {
      return await sendByProxy(this.#fetch, this.#base, { door, request, body, token, signal });
    } catch (error) {
      if (error instanceof ProxyRefusal && error.code === "unauthenticated") {
        this.#access.dropToken();
      }
      throw error;
    }
  }
}

function endOf(socket: Socket): ConnectionEnd {
  const caller = { pid: INIT, group: INIT, waits: new Waits() };
  return {
    read: async () => socket.read(CHUNK_BYTES, null, caller),
    write: async (bytes) => socket.write(bytes.slice(), null, caller),
    close: () => socket.close(),
    fail: (error) => socket.fail(error),
  };
}
