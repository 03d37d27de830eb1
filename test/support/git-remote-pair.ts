import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type GitResult, realGit, ROOT } from "./git-pair.ts";
import type { GitRig } from "./git-rig.ts";

const identity = {
  GIT_AUTHOR_NAME: "Ada Author",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Carl Committer",
  GIT_COMMITTER_EMAIL: "carl@example.com",
  GIT_TERMINAL_PROMPT: "0",
};

/** The first moment of a history, after everything that the remotes begin with. */
const START_SECONDS = 1_700_100_000;

/** Two remotes with one history, one worked with by our git, the other by this machine's. */
export class GitRemotePair {
  readonly rig: GitRig;
  /** Where the real git works. */
  readonly directory: string;
  readonly #name: string;
  #minutes = 0;

  private constructor(rig: GitRig, directory: string, name: string) {
    this.rig = rig;
    this.directory = directory;
    this.#name = name;
  }

  static async make(rig: GitRig, name: string): Promise<GitRemotePair> {
    const pair = new GitRemotePair(rig, await mkdtemp(join(tmpdir(), "git-remote-")), name);
    rig.kernel.files.mkdirp(`${ROOT}/${name}`);
    for (const side of ["ours", "theirs"]) {
      await rig.server.create(`${side}/${name}.git`);
      await rig.server.git("", "clone", "-q", `${side}/${name}.git`, `${side}/${name}-work`);
    }
    await rig.allow(`${name}.git`, "push");
    return pair;
  }

  async dispose(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  tick(): void {
    this.#minutes += 1;
  }

  /** Somebody else changes a file of both remotes. */
  async elsewhere(path: string, content: string, branch = "main"): Promise<void> {
    for (const side of ["ours", "theirs"]) {
      const work = `${side}/${this.#name}-work`;
      const { server } = this.rig;
      await server.at(1_700_000_000 + this.#minutes * 60, async () => {
        await server.git(work, "fetch", "-q");
        const known = await server.git(work, "branch", "-r", "--list", `origin/${branch}`);
        const start = known.trim() === "" ? [] : [`origin/${branch}`];
        await server.git(work, "checkout", "-q", "-B", branch, ...start);
        const file = join(server.directory, work, path);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, content);
        await server.git(work, "add", ".");
        await server.git(work, "commit", "-qm", `Elsewhere: ${path}`);
        await server.git(work, "push", "-q", "-f", "origin", branch);
      });
    }
  }

  /** The real git on both remotes. */
  async remotely(...args: string[]): Promise<string[]> {
    const said: string[] = [];
    for (const side of ["ours", "theirs"]) {
      const { server } = this.rig;
      await server.at(1_700_000_000 + this.#minutes * 60, async () => {
        said.push(await server.git(`${side}/${this.#name}-work`, ...args));
      });
    }
    return said;
  }

  async write(path: string, content: string): Promise<void> {
    await mkdir(dirname(join(this.directory, path)), { recursive: true });
    await writeFile(join(this.directory, path), content);
    this.rig.kernel.write(`${ROOT}/${this.#name}/${path}`, content);
  }

  /** Runs a command with both; URL stands for the remote. */
  async both(command: string, cwd = ""): Promise<{ ours: GitResult; theirs: GitResult }> {
    const { rig } = this;
    const date = `${START_SECONDS + this.#minutes * 60} +0130`;
    const dates = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    const words = command.split(" ").map((word) => word.replaceAll("URL", this.url));
    const place = join(this.#name, cwd);
    const ours = await rig.ours(words, place, { ...identity, ...dates });
    // By its proxy, so that both name the remote alike.
    const env = { ...identity, ...dates, http_proxy: rig.server.local("") };
    const theirs = await realGit(words, join(this.directory, cwd), env);
    const plain = (text: string): string =>
      text
        .replaceAll(rig.server.url(""), "<host>/")
        .replaceAll(/^POST git-.*\n/gm, "")
        .replaceAll(`<root>/${this.#name}`, "<root>")
        .replaceAll(this.directory, "<root>");
    const clean = ({ code, stdout, stderr }: GitResult): GitResult => ({
      code,
      stdout: plain(stdout),
      stderr: plain(stderr),
    });
    return { ours: clean(ours), theirs: clean(theirs) };
  }

  get url(): string {
    return this.rig.server.url(`${this.#name}.git`);
  }

  /** Everything but objects and index of both repositories, and what their remotes have. */
  async states(cwd: string): Promise<{ ours: object; theirs: object }> {
    const own = new Map<string, string>();
    const { files } = this.rig.kernel;
    const visit = (path: string): void => {
      for (const { name, type } of files.list(`${ROOT}/${this.#name}/${cwd}/.git${path}`)) {
        if (type === "directory") visit(`${path}/${name}`);
        else
          own.set(
            `${path}/${name}`,
            this.rig.kernel.read(`${ROOT}/${this.#name}/${cwd}/.git${path}/${name}`),
          );
      }
    };
    visit("");
    const other = new Map<string, string>();
    const gitdir = join(this.directory, cwd, ".git");
    for (const entry of await readdir(gitdir, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      other.set(path.slice(gitdir.length), await readFile(path, "utf8"));
    }
    // An empty repository has no references to show, which git calls a failure.
    const list = (side: string): Promise<string> =>
      this.rig.server.git(`${side}/${this.#name}.git`, "show-ref").catch(() => "");
    return {
      ours: this.#shown(own, await list("ours")),
      theirs: this.#shown(other, await list("theirs")),
    };
  }

  #shown(files: ReadonlyMap<string, string>, remote: string): object {
    const kept = [...files].filter(([path]) => KEPT.test(path));
    const packed = files.get("/packed-refs") ?? "";
    const refs = packed.split("\n").filter((line) => /^\w{40} /.test(line));
    return {
      files: Object.fromEntries(kept.toSorted(([a], [b]) => (a < b ? -1 : 1))),
      refs,
      remote,
    };
  }
}

/** What has to be the same, byte for byte. */
const KEPT =
  /^\/(?:HEAD|FETCH_HEAD|ORIG_HEAD|MERGE_HEAD|MERGE_MSG|shallow|config|refs\/.*|logs\/.*)$/;
