import type { GitAccess } from "#protocol/git-grant.ts";
import type { ContainerGit, GitState, GitWish } from "#sandbox/tab/page-api.ts";

/** Git's permissions as the test says them, and what the page asked of them. */
export class ScriptedGit implements ContainerGit {
  readonly asked: string[] = [];
  /** What GitHub lends. */
  github: readonly string[] | null = null;
  /** What the next change fails with. */
  failure: Error | null = null;
  readonly #listeners = new Set<(state: GitState) => void>();
  #state: GitState = { hosts: ["github.com"], repositories: [], credentials: [], wishes: [] };

  on(listener: (state: GitState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#state);
    return () => this.#listeners.delete(listener);
  }

  say(change: Partial<GitState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener(this.#state);
  }

  wish(repository: string, access: GitAccess, program = "git push"): void {
    const wish: GitWish = { repository, access, pid: 7, program, count: 1 };
    this.say({ wishes: [...this.#state.wishes, wish] });
  }

  async refresh(): Promise<void> {}

  async allow(repository: string, access: GitAccess, branches: string | null): Promise<void> {
    this.asked.push(`allow ${access} ${repository} ${branches}`);
    this.#failOnce();
    const repositories = [
      ...this.#state.repositories,
      { repository, access, branches, since: Date.now() },
    ];
    const wishes = this.#state.wishes.filter((wish) => wish.repository !== repository);
    this.say({ repositories, wishes });
  }

  async revoke(repository: string): Promise<void> {
    this.asked.push(`revoke ${repository}`);
    const left = this.#state.repositories.filter((one) => one.repository !== repository);
    this.say({ repositories: left });
  }

  async addCredential(scope: string, username: string, token: string): Promise<void> {
    this.asked.push(`credential ${scope} ${username} ${token}`);
    this.#failOnce();
    const credentials = [...this.#state.credentials, { scope, username, since: Date.now() }];
    this.say({ credentials });
  }

  async removeCredential(scope: string): Promise<void> {
    this.asked.push(`remove ${scope}`);
    this.say({ credentials: this.#state.credentials.filter((one) => one.scope !== scope) });
  }

  async githubRepositories(): Promise<readonly string[] | null> {
    return this.github;
  }

  async connectGithub(): Promise<string> {
    this.asked.push("connect github");
    this.#failOnce();
    return "https://github.example/authorize";
  }

  #failOnce(): void {
    const { failure } = this;
    this.failure = null;
    if (failure !== null) throw failure;
  }
}
