import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { Runtime } from "#sandbox/runtime/runtime.ts";
import { GitCalls } from "./git-calls.ts";
import type { GitServer } from "./git-server.ts";

/** A git, and how it reaches the server. */
export interface GitRemotes {
  readonly server: GitServer;
  /** An empty workspace. */
  boot(): Promise<Runtime>;
  /** Of a repository of the server, as this git names it. */
  url(name: string): string;
  /** Lets this git read a repository, and push to it. */
  allow(name: string): Promise<void>;
  /** A repository that it may reach, on a host where nobody answers. */
  unreachable(): Promise<string>;
  close(): Promise<void>;
}

/** One repository on the server, with one commit and two branches; and an empty workspace. */
export class GitScene {
  readonly git: GitCalls;
  readonly name: string;
  readonly server: GitServer;
  readonly remotes: GitRemotes;

  private constructor(remotes: GitRemotes, name: string, git: GitCalls) {
    this.remotes = remotes;
    this.server = remotes.server;
    this.name = name;
    this.git = git;
  }

  static async set(remotes: GitRemotes): Promise<GitScene> {
    const name = `${randomBytes(4).toString("hex")}.git`;
    await remotes.server.create(name);
    await remotes.allow(name);
    const scene = new GitScene(remotes, name, new GitCalls(await remotes.boot()));
    await remotes.server.git("", "clone", "-q", name, scene.#work);
    await scene.seed("a.txt", "one\n", "First");
    await remotes.server.git(name, "branch", "topic");
    return scene;
  }

  get url(): string {
    return this.remotes.url(this.name);
  }

  get #work(): string {
    return `work-${this.name}`;
  }

  /** Somebody else's commit, on the server. */
  async seed(path: string, text: string, message: string, branch = "main"): Promise<void> {
    const { server } = this;
    const work = this.#work;
    await server.git(work, "fetch", "-q", "origin");
    const isThere = (await server.git(work, "branch", "-r")).includes(`origin/${branch}\n`);
    await server.git(work, "checkout", "-qB", branch, ...(isThere ? [`origin/${branch}`] : []));
    const file = join(server.directory, work, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    await server.git(work, "add", "-A");
    await server.git(work, "commit", "-qm", message);
    await server.git(work, "push", "-q", "origin", branch);
  }

  /** The commit of a branch on the server. */
  async head(revision = "main"): Promise<string> {
    return (await this.server.git(this.name, "rev-parse", revision)).trim();
  }

  clone(given: { directory?: string; branch?: string; depth?: number } = {}) {
    return this.git.call("git_clone", { url: this.url, directory: "x", ...given });
  }

  async clear(): Promise<void> {
    this.server.credential = null;
    this.server.intercept = () => false;
    await this.git.dispose();
  }
}

/** What a test of a suite works with; a new scene for each. */
export interface StagedGit {
  remotes: GitRemotes;
  server: GitServer;
  scene: GitScene;
  git: GitCalls;
}

/** Sets a scene before each test of the suite that calls it. */
export function stageGit(start: () => Promise<GitRemotes>): StagedGit {
  const at = {} as StagedGit;
  beforeAll(async () => {
    at.remotes = await start();
    at.server = at.remotes.server;
  });
  afterAll(() => at.remotes.close());
  beforeEach(async () => {
    at.scene = await GitScene.set(at.remotes);
    at.git = at.scene.git;
  });
  afterEach(() => at.scene.clear());
  return at;
}
