import { TICKET_SUBPROTOCOL_PREFIX, type Outcome, type WorkFrame } from "#protocol/frames.ts";
import { localRealm } from "#worker/identity/realm.ts";
import { mintLocalClaim, mintLocalToken } from "#worker/identity/tokens.ts";
import { ScriptedTab } from "./scripted-tab.ts";
import { type RunningWorker, startWorker } from "./worker-harness.ts";

/** Any 32 bytes will do; every worker of a test has its own storage. */
export const TEST_SECRET = "a-secret-of-the-tests-with-more-than-32-bytes";
export const TEST_REALM = localRealm(TEST_SECRET);

type Init = Omit<NonNullable<Parameters<RunningWorker["fetch"]>[1]>, "headers"> & {
  headers?: Record<string, string>;
};

/** What the scripted tab does with the work that it gets. */
export type TabScript = (work: WorkFrame) => Outcome | Promise<Outcome>;

/** The `Cookie` header of a browser that got this answer. */
export function cookieOf(answer: { headers: { get(name: string): string | null } }): string {
  return (answer.headers.get("Set-Cookie") ?? "").split(";")[0] ?? "";
}

/** A worker in local mode, with everything that its one user has. */
export class EdgeRig {
  readonly worker: RunningWorker;
  readonly token: string;
  readonly #tabs: ScriptedTab[] = [];

  private constructor(worker: RunningWorker, token: string) {
    this.worker = worker;
    this.token = token;
  }

  /**
   * @param main another entry module than the product's, relative to the repository
   * @param more variables on top of those of local mode
   */
  static async start(main?: string, more: Record<string, string> = {}): Promise<EdgeRig> {
    const vars = { DISCO_LOCAL_SECRET: TEST_SECRET, ...more };
    const worker = await startWorker({ vars, ...(main !== undefined && { main }) });
    return new EdgeRig(worker, await mintLocalToken(TEST_SECRET, "the test's token"));
  }

  /** Origin of the sandbox page. */
  get page(): string {
    return `http://disco.localhost:${this.worker.url.port}`;
  }

  get auth(): Record<string, string> {
    return { Authorization: `Bearer ${this.token}` };
  }

  /** A request with the user's token. */
  api(path: string, init: Init = {}) {
    return this.worker.fetch(path, { ...init, headers: { ...this.auth, ...init.headers } });
  }

  /** A request as the sandbox page would send it. */
  fromPage(path: string, init: Init = {}) {
    return this.worker.fetch(path, { ...init, headers: { Origin: this.page, ...init.headers } });
  }

  postFromPage(path: string, body: object, headers: Record<string, string> = {}) {
    return this.fromPage(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  }

  /** Signs in with a claim; returns the `Cookie` header of the browser. */
  async signIn(): Promise<string> {
    const claim = await mintLocalClaim(TEST_SECRET);
    const answer = await this.postFromPage("/auth/sign-in", { claim });
    await answer.text();
    return cookieOf(answer);
  }

  /** Id of the user's default container. */
  async container(): Promise<string> {
    const answer = await this.api("/api/v1/containers/current");
    return ((await answer.json()) as { container: string }).container;
  }

  async ticket(container: string): Promise<string> {
    const Cookie = await this.signIn();
    const answer = await this.postFromPage("/auth/tickets", { container }, { Cookie });
    return ((await answer.json()) as { ticket: string }).ticket;
  }

  openTab(container: string, ticket: string, origin = this.page): Promise<ScriptedTab> {
    const headers = { Origin: origin };
    const subprotocols = [TICKET_SUBPROTOCOL_PREFIX + ticket];
    return ScriptedTab.open(this.worker.url, container, subprotocols, headers);
  }

  /**
   * Attaches a tab the way a browser does, and lets the script do its work.
   *
   * @param named another container than the user's default
   */
  async attach(script: TabScript, named?: string): Promise<ScriptedTab> {
    const container = named ?? (await this.container());
    const tab = await this.openTab(container, await this.ticket(container));
    this.#tabs.push(tab);
    runScript(tab, script);
    tab.hello();
    await tab.welcome();
    return tab;
  }

  async close(): Promise<void> {
    for (const tab of this.#tabs) await tab.close();
    await this.worker.close();
  }
}

/** Answers calls at once, and offers after their `go`. */
function runScript(tab: ScriptedTab, script: TabScript): void {
  const offers = new Map<string, WorkFrame>();
  const run = async (work: WorkFrame) => {
    const outcome = await script(work);
    tab.send({ type: "outcome", call: work.call, epoch: work.epoch, outcome });
  };
  tab.onFrame = (frame) => {
    if (frame.type === "call") void run(frame);
    if (frame.type === "offer") {
      offers.set(frame.call, frame);
      tab.claim(frame.call, frame.epoch);
    }
    const offer = frame.type === "go" ? offers.get(frame.call) : undefined;
    if (offer !== undefined) void run(offer);
  };
}
