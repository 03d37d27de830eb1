import { execFile } from "node:child_process";
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gitMain } from "#sandbox/runtime/embedded/git/main.ts";
import { KernelInThread } from "./kernel-in-thread.ts";

export const ROOT = "/home/user/workspace";

export interface GitResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The same surroundings for both: nothing of this machine's, and times that stand still. */
const baseEnv = {
  GIT_AUTHOR_NAME: "Ada Author",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Carl Committer",
  GIT_COMMITTER_EMAIL: "carl@example.com",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  TZ: "UTC",
  LC_ALL: "C.UTF-8",
};

/** The first moment of a history; each step of the clock is a minute. */
const START_SECONDS = 1_700_000_000;

/** One project twice: with our git in the container, and with the machine's git on its disk. */
export class GitPair {
  readonly kernel = new KernelInThread({ node: (system) => gitMain(system) });
  readonly directory: string;
  #minutes = 0;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async make(): Promise<GitPair> {
    const pair = new GitPair(await mkdtemp(join(tmpdir(), "git-pair-")));
    await pair.both("init", "-q", "-b", "main");
    return pair;
  }

  async dispose(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Time goes on for both. */
  tick(): void {
    this.#minutes += 1;
  }

  get #env(): Record<string, string> {
    const date = `${START_SECONDS + this.#minutes * 60} +0130`;
    return { ...baseEnv, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  }

  async write(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
    await this.remove(path);
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await mkdir(dirname(join(this.directory, path)), { recursive: true });
    await writeFile(join(this.directory, path), bytes);
    await chmod(join(this.directory, path), mode);
    const absolute = `${ROOT}/${path}`;
    this.kernel.files.mkdirp(dirname(absolute));
    this.kernel.files.write(absolute, new Uint8Array(bytes));
    this.kernel.files.chmod(absolute, mode);
  }

  async link(path: string, target: string): Promise<void> {
    await this.remove(path);
    await mkdir(dirname(join(this.directory, path)), { recursive: true });
    await symlink(target, join(this.directory, path));
    this.kernel.files.mkdirp(dirname(`${ROOT}/${path}`));
    this.kernel.files.symlink(target, `${ROOT}/${path}`);
  }

  async remove(path: string): Promise<void> {
    await rm(join(this.directory, path), { recursive: true, force: true });
    const { files } = this.kernel;
    try {
      files.remove(`${ROOT}/${path}`, { recursive: true });
    } catch {
      // It was not there.
    }
  }

  async ours(
    args: readonly string[],
    options: { cwd?: string; input?: string } = {},
  ): Promise<GitResult> {
    const cwd = options.cwd === undefined ? ROOT : `${ROOT}/${options.cwd}`;
    // No file: a device cannot be read by processes that are functions.
    const env = { ...this.#env, GIT_CONFIG_GLOBAL: "/etc/no-gitconfig" };
    const input = options.input ?? "";
    const { code, stdout, stderr } = await this.kernel.run(["git", ...args], { cwd, env, input });
    return {
      code,
      stdout: stdout.replaceAll(ROOT, "<root>"),
      stderr: stderr.replaceAll(ROOT, "<root>"),
    };
  }

  async theirs(
    args: readonly string[],
    options: { cwd?: string; input?: string } = {},
  ): Promise<GitResult> {
    const cwd = join(this.directory, options.cwd ?? "");
    const { code, stdout, stderr } = await realGit(args, cwd, this.#env, options.input ?? "");
    const plain = (text: string): string => text.replaceAll(this.directory, "<root>");
    return { code, stdout: plain(stdout), stderr: plain(stderr) };
  }

  /** Runs the same command with both. */
  async both(...args: string[]): Promise<{ ours: GitResult; theirs: GitResult }> {
    return { ours: await this.ours(args), theirs: await this.theirs(args) };
  }

  /** Our whole project, git directory and all, on the disk. */
  async export(directory: string): Promise<void> {
    const { files } = this.kernel;
    const visit = async (path: string): Promise<void> => {
      for (const { name, type } of files.list(`${ROOT}${path}`)) {
        const [from, to] = [`${ROOT}${path}/${name}`, join(directory, path, name)];
        if (type === "directory") {
          await mkdir(to, { recursive: true });
          await visit(`${path}/${name}`);
        } else if (type === "symlink") {
          await symlink(files.readlink(from), to);
        } else {
          await writeFile(to, files.read(from));
          await chmod(to, files.stat(from).mode);
        }
      }
    };
    await visit("");
  }

  /** Their project into a second place of the container. */
  async import(place: string): Promise<void> {
    const { files } = this.kernel;
    const visit = async (path: string): Promise<void> => {
      for (const name of await readdir(join(this.directory, path))) {
        const [from, to] = [join(this.directory, path, name), `${place}${path}/${name}`];
        const status = await lstat(from);
        if (status.isDirectory()) {
          files.mkdirp(to);
          await visit(`${path}/${name}`);
        } else if (status.isSymbolicLink()) {
          files.symlink(await readlink(from), to);
        } else {
          files.write(to, new Uint8Array(await readFile(from)));
          files.chmod(to, status.mode & 0o777);
        }
      }
    };
    files.mkdirp(place);
    await visit("");
  }
}

export function realGit(
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
  input = "",
): Promise<GitResult> {
  return new Promise((resolve) => {
    const all = { ...baseEnv, ...env, HOME: cwd, PATH: process.env["PATH"] ?? "" };
    const child = execFile(
      "git",
      args,
      { cwd, env: all, maxBuffer: 1e8 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
        resolve({ code, stdout, stderr });
      },
    );
    // Most commands end without having read anything.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}
