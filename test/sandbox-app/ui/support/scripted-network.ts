import { ScriptedGit } from "./scripted-git.ts";
import type {
  ContainerNetwork,
  Grant,
  HostUse,
  NetworkState,
  Wish,
} from "#sandbox/tab/page-api.ts";

/** A network that says what the test says, and remembers what the page asked of it. */
export class ScriptedNetwork implements ContainerNetwork {
  local = true;
  readonly git = new ScriptedGit();
  readonly asked: string[] = [];
  /** What the next change fails with. */
  failure: Error | null = null;
  readonly #listeners = new Set<(state: NetworkState) => void>();
  #state: NetworkState = { grants: [], wishes: [], uses: [] };

  on(listener: (state: NetworkState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#state);
    return () => this.#listeners.delete(listener);
  }

  say(change: Partial<NetworkState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener(this.#state);
  }

  wish(...hosts: string[]): void {
    const told = hosts.map((host): Wish => ({
      host,
      pid: 12,
      program: "node client.js",
      count: 1,
    }));
    this.say({ wishes: [...this.#state.wishes, ...told] });
  }

  used(host: string): void {
    const use: HostUse = {
      host,
      requests: 3,
      bytesSent: 2_048,
      bytesReceived: 10,
      lastAt: Date.now(),
    };
    this.say({ uses: [use] });
  }

  async refresh(): Promise<void> {
    this.asked.push("refresh");
  }

  async allow(host: string): Promise<void> {
    this.asked.push(`allow ${host}`);
    if (this.failure !== null) throw this.failure;
    const grant: Grant = { host, since: Date.now() };
    this.say({
      grants: [...(this.#state.grants ?? []), grant],
      wishes: this.#state.wishes.filter((wish) => wish.host !== host),
    });
  }

  async revoke(host: string): Promise<void> {
    this.asked.push(`revoke ${host}`);
    this.say({ grants: this.#state.grants?.filter((grant) => grant.host !== host) ?? null });
  }
}
