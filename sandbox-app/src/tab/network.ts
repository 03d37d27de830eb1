import * as z from "zod";
import { parseRule } from "#protocol/egress-rule.ts";
import { type ContainerGit, GitClient } from "./git-access.ts";
import { askWorker } from "./worker-request.ts";
import {
  type HostUse,
  NetworkReport,
  type NetworkOrder,
  type Wish,
} from "../runtime/embedded/network/messages.ts";

/** Milliseconds until what is allowed is asked for again, when it could not be asked. */
const RETRY_MS = 10_000;

const GrantList = z.object({ grants: z.array(z.object({ host: z.string(), since: z.number() })) });
const Token = z.object({ token: z.string(), expires_in_s: z.number() });

/** A host that the container may reach. */
export interface Grant {
  /** As `ruleText` writes it. */
  readonly host: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

export interface NetworkState {
  /** Null until the worker has said it. */
  readonly grants: readonly Grant[] | null;
  /** What programs asked for and did not get, the last one last. */
  readonly wishes: readonly Wish[];
  /** What programs did with hosts that are allowed, in this visit. */
  readonly uses: readonly HostUse[];
}

/** What the container may reach of other hosts, as the page sees and changes it. */
export interface ContainerNetwork {
  /** Whether this machine's own programs may be allowed, as `host.disco.internal:PORT`. */
  readonly local: boolean;
  /** What git may do with repositories. */
  readonly git: ContainerGit;
  /** Tells the state now, and each one after it. */
  on(listener: (state: NetworkState) => void): () => void;
  /** Asks again what is allowed; another page may have changed it. */
  refresh(): Promise<void>;
  /** @throws Error with words for the person */
  allow(host: string): Promise<void>;
  /** @throws Error with words for the person */
  revoke(host: string): Promise<void>;
}

export interface NetworkClientOptions {
  readonly container: string;
  readonly local: boolean;
  /** Ends the retries. */
  readonly signal: AbortSignal;
}

/**
 * The person's say over the container's network. What is allowed is kept by the worker; the kernel at
 * the other end of the port is told it, and gets the token of its requests from here.
 */
export class NetworkClient implements ContainerNetwork {
  readonly local: boolean;
  readonly git: GitClient;
  readonly #port: MessagePort;
  readonly #path: string;
  readonly #signal: AbortSignal;
  readonly #listeners = new Set<(state: NetworkState) => void>();
  #state: NetworkState = { grants: null, wishes: [], uses: [] };

  constructor(port: MessagePort, { container, local, signal }: NetworkClientOptions) {
    this.local = local;
    this.git = new GitClient(container);
    this.#port = port;
    this.#path = `/auth/network/${encodeURIComponent(container)}`;
    this.#signal = signal;
    port.addEventListener("message", ({ data }) => this.#hear(data));
    port.start();
    void this.#load();
  }

  on(listener: (state: NetworkState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#state);
    return () => this.#listeners.delete(listener);
  }

  async refresh(): Promise<void> {
    this.#granted(await this.#ask("GET"));
  }

  async allow(host: string): Promise<void> {
    this.#granted(await this.#ask("POST", "", { host }));
  }

  async revoke(host: string): Promise<void> {
    this.#granted(await this.#ask("DELETE", "", { host }));
  }

  async #load(): Promise<void> {
    try {
      await this.refresh();
    } catch (error) {
      this.#failed(error);
      if (!this.#signal.aborted) setTimeout(() => void this.#load(), RETRY_MS);
    }
  }

  #granted(answer: unknown): void {
    const { grants } = GrantList.parse(answer);
    this.#become({ grants });
    const parsed = grants.map(({ host }) => parseRule(host, this.local));
    this.#order({
      type: "rules",
      rules: parsed.flatMap((rule) => (rule.ok ? [rule.value] : [])),
      local: this.local,
    });
  }

  #hear(data: unknown): void {
    const report = NetworkReport.safeParse(data);
    if (!report.success) return;
    if (report.data.type === "token_wanted") void this.#bringToken();
    else {
      const { wishes, uses, gitWishes } = report.data;
      this.#become({ wishes, uses });
      this.git.wished(gitWishes);
    }
  }

  async #bringToken(): Promise<void> {
    try {
      const { token, expires_in_s: seconds } = Token.parse(await this.#ask("POST", "/token"));
      this.#order({ type: "token", token, expiresAt: Date.now() + seconds * 1_000 });
    } catch (error) {
      this.#failed(error);
    }
  }

  #ask(method: string, path = "", body?: object): Promise<unknown> {
    return askWorker(this.#path + path, method, body);
  }

  #failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#order({ type: "failed", message: `No network access: ${message}` });
  }

  #order(order: NetworkOrder): void {
    this.#port.postMessage(order, []);
  }

  #become(change: Partial<NetworkState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener(this.#state);
  }
}
