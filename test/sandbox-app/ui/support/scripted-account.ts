import { scopes } from "#protocol/operation.ts";
import type { AccountState, NewKey, PersonAccount } from "#sandbox/tab/page-api.ts";

const AT = Date.now() - 3_600_000;

/** Two clients, two containers, no key. */
const first: AccountState = {
  user: { id: "u_1", name: "Ada Lovelace", login: "ada" },
  clients: [
    {
      session: "s_1",
      name: "ChatGPT",
      type: "web",
      container: "c_1",
      created_at: AT,
      used_at: AT,
      came_by: "oauth",
      host: "chatgpt.com",
      scopes: ["files:read"],
    },
    {
      session: "s_2",
      name: "Claude\u202e",
      type: "web",
      container: "c_2",
      created_at: AT,
      used_at: null,
      came_by: "oauth",
      host: "claude.ai",
      scopes: ["files:read"],
    },
  ],
  containers: [
    { id: "c_1", name: "website", state: "ready" },
    { id: "c_2", name: "Claude", state: "waiting_for_tab" },
  ],
  api_keys: [],
  scopes: scopes.map((scope) => ({ scope, words: `Use ${scope}` })),
};

/** An account that remembers what the page asked of it. */
export class ScriptedAccount implements PersonAccount {
  readonly asked: string[] = [];
  /** What the next change fails with. */
  failure: Error | null = null;
  state: AccountState = first;

  read(): Promise<AccountState> {
    return this.#done("read");
  }

  bind(session: string, container: string): Promise<AccountState> {
    const clients = this.state.clients.map((client) =>
      client.session === session ? Object.assign({}, client, { container }) : client,
    );
    return this.#done(`bind ${session} ${container}`, { clients });
  }

  endClient(session: string): Promise<AccountState> {
    const clients = this.state.clients.filter((client) => client.session !== session);
    return this.#done(`end ${session}`, { clients });
  }

  async createKey({ name, scopes: allowed, container }: NewKey) {
    const made = { id: "key_1", name, prefix: "disco_key_01234567", session: "s_3" };
    const api_keys = [{ ...made, scopes: [...allowed], created_at: Date.now() }];
    const asked = `create ${name} ${allowed.join(" ")} ${container}`;
    return { key: "disco_key_the-whole-of-it", account: await this.#done(asked, { api_keys }) };
  }

  revokeKey(id: string): Promise<AccountState> {
    return this.#done(`revoke ${id}`, { api_keys: [] });
  }

  /** These end the page, so a test lets them fail. */
  signOut = (): Promise<void> => this.#leave("sign out");
  signOutEverywhere = (): Promise<void> => this.#leave("sign out everywhere");
  deleteMyData = (): Promise<void> => this.#leave("delete");

  #leave(what: string): Promise<void> {
    this.asked.push(what);
    return Promise.reject(new Error("The test goes on."));
  }

  async #done(what: string, change: Partial<AccountState> = {}): Promise<AccountState> {
    this.asked.push(what);
    if (this.failure !== null) throw this.failure;
    this.state = { ...this.state, ...change };
    return this.state;
  }
}
