import * as z from "zod";
import { type GitAccess, gitAccesses } from "#protocol/git-grant.ts";
import type { GitWish } from "../runtime/embedded/network/messages.ts";
import { askWorker } from "./worker-request.ts";

const GitAnswer = z.object({
  hosts: z.array(z.string()),
  repositories: z.array(
    z.object({
      repository: z.string(),
      access: z.enum(gitAccesses),
      branches: z.string().nullable(),
      since: z.number(),
    }),
  ),
  credentials: z.array(z.object({ scope: z.string(), username: z.string(), since: z.number() })),
});
type GitAnswer = z.infer<typeof GitAnswer>;

const GITHUB_PATH = "/auth/github/repositories";
const GithubAnswer = z.object({
  connected: z.boolean(),
  repositories: z.array(z.object({ clone_url: z.string() })),
});
const GithubTrip = z.object({ url: z.url({ protocol: /^https?$/ }) });

/** A repository that the container may use. */
export type GitRepository = Readonly<GitAnswer["repositories"][number]>;

/** A credential that the worker keeps; what is secret of it is never told. */
export type GitCredential = Readonly<GitAnswer["credentials"][number]>;

export interface GitState {
  /** Hosts that git may read without the person's word. */
  readonly hosts: readonly string[];
  readonly repositories: readonly GitRepository[];
  readonly credentials: readonly GitCredential[];
  /** What git asked for and did not get, as far as it is not allowed by now. */
  readonly wishes: readonly GitWish[];
}

/** What git may do with other hosts, as the page sees and changes it. Rejects with words for the person. */
export interface ContainerGit {
  /** Tells the state now, and each one after it. */
  on(listener: (state: GitState) => void): () => void;
  /** Asks again; another page may have changed it. */
  refresh(): Promise<void>;
  /** @param branches that may be pushed; null: all, and tags */
  allow(repository: string, access: GitAccess, branches: string | null): Promise<void>;
  revoke(repository: string): Promise<void>;
  addCredential(scope: string, username: string, token: string): Promise<void>;
  removeCredential(scope: string): Promise<void>;
  /** Addresses of the person's repositories at GitHub; null: not connected, or there is no GitHub here. */
  githubRepositories(): Promise<readonly string[] | null>;
  /** @returns where the person says yes to it at GitHub */
  connectGithub(): Promise<string>;
}

/** The person's say over git, kept by the worker. */
export class GitClient implements ContainerGit {
  readonly #path: string;
  readonly #listeners = new Set<(state: GitState) => void>();
  #told: readonly GitWish[] = [];
  #answer: GitAnswer = { hosts: [], repositories: [], credentials: [] };

  constructor(container: string) {
    this.#path = `/auth/git/${encodeURIComponent(container)}`;
  }

  /** What the kernel has told of refusals. */
  wished(wishes: readonly GitWish[]): void {
    this.#told = wishes;
    this.#tell();
  }

  on(listener: (state: GitState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#state);
    return () => this.#listeners.delete(listener);
  }

  refresh(): Promise<void> {
    return this.#ask("GET", "");
  }

  allow(repository: string, access: GitAccess, branches: string | null): Promise<void> {
    return this.#ask("POST", "/repositories", { repository, access, branches });
  }

  revoke(repository: string): Promise<void> {
    return this.#ask("DELETE", "/repositories", { repository });
  }

  addCredential(scope: string, username: string, token: string): Promise<void> {
    return this.#ask("POST", "/credentials", { scope, username, token });
  }

  removeCredential(scope: string): Promise<void> {
    return this.#ask("DELETE", "/credentials", { scope });
  }

  async githubRepositories(): Promise<readonly string[] | null> {
    const answer = GithubAnswer.parse(await askWorker(GITHUB_PATH, "GET"));
    return answer.connected ? answer.repositories.map(({ clone_url }) => clone_url) : null;
  }

  async connectGithub(): Promise<string> {
    return GithubTrip.parse(await askWorker(GITHUB_PATH, "POST")).url;
  }

  get #state(): GitState {
    const { repositories } = this.#answer;
    const wishes = this.#told.filter(({ repository, access }) => {
      const grant = repositories.find((one) => one.repository === repository);
      return grant === undefined || (access === "push" && grant.access === "read");
    });
    return { ...this.#answer, wishes };
  }

  async #ask(method: string, path: string, body?: object): Promise<void> {
    this.#answer = GitAnswer.parse(await askWorker(this.#path + path, method, body));
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.#state);
  }
}
