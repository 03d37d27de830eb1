import { GitFailure, fatal } from "../cli/failure.ts";
import { Index } from "../index/staging-area.ts";
import { type Commit, parseCommit } from "../objects/commit.ts";
import { ObjectStore } from "../objects/object-store.ts";
import { Mode, parseTree, type TreeEntry } from "../objects/tree.ts";
import type { FileMap } from "../diff/file-change.ts";
import { Refs } from "../refs/refs.ts";
import { Config } from "./config.ts";
import type { Disk } from "./disk.ts";
import { Identities } from "./identity.ts";
import { quotePath } from "./quote.ts";

export interface Places {
  readonly gitdir: string;
  /** Root of the files; null when the repository is bare. */
  readonly top: string | null;
  /** Where the command was started, below the top, with a slash at its end; else empty. */
  readonly prefix: string;
}

/** One repository, as all commands see it. */
export class Repository {
  readonly disk: Disk;
  readonly gitdir: string;
  readonly prefix: string;
  readonly config: Config;
  readonly objects: ObjectStore;
  readonly refs: Refs;
  readonly identities: Identities;
  readonly #top: string | null;
  readonly #trees = new Map<string, readonly TreeEntry[]>();
  readonly #commits = new Map<string, Commit>();
  #index: Index | null = null;
  #shallow: ReadonlySet<string> | null = null;

  constructor(disk: Disk, places: Places, config: Config, env: Readonly<Record<string, string>>) {
    this.disk = disk;
    this.gitdir = places.gitdir;
    this.prefix = places.prefix;
    this.#top = places.top;
    this.config = config;
    this.objects = new ObjectStore(disk, places.gitdir);
    this.identities = new Identities(env, config);
    this.refs = new Refs(disk, places.gitdir, () => this.identities.forLog());
  }

  get isBare(): boolean {
    return this.#top === null;
  }

  /** @throws GitFailure in a bare repository */
  get top(): string {
    if (this.#top === null) throw fatal("this operation must be run in a work tree");
    return this.#top;
  }

  get index(): Index {
    this.#index ??= new Index(this.disk, `${this.gitdir}/index`);
    return this.#index;
  }

  async commit(oid: string): Promise<Commit> {
    const known = this.#commits.get(oid);
    if (known !== undefined) return known;
    const content = await this.objects.readAs(oid, "commit");
    const parsed = parseCommit(oid, content);
    const commit = this.isShallow(oid) ? { ...parsed, parents: [] } : parsed;
    this.#commits.set(oid, commit);
    return commit;
  }

  async tree(oid: string): Promise<readonly TreeEntry[]> {
    const known = this.#trees.get(oid);
    if (known !== undefined) return known;
    const entries = parseTree(await this.objects.readAs(oid, "tree"));
    this.#trees.set(oid, entries);
    return entries;
  }

  /** All files of a tree by path. */
  async files(tree: string | null, below = ""): Promise<FileMap> {
    const found = new Map<string, { mode: number; oid: string }>();
    if (tree === null) return found;
    for (const { name, mode, oid } of await this.tree(tree)) {
      if (mode === Mode.directory) {
        for (const [path, file] of await this.files(oid, `${below}${name}/`)) found.set(path, file);
      } else {
        found.set(`${below}${name}`, { mode, oid });
      }
    }
    return found;
  }

  /** Files of the commit that HEAD is on; none before the first. */
  async headFiles(): Promise<FileMap> {
    const { head } = this.refs;
    return this.files(head === null ? null : (await this.commit(head)).tree);
  }

  /** Where history was cut off by a shallow clone. */
  isShallow(oid: string): boolean {
    return this.shallow.has(oid);
  }

  /** All commits whose parents were left out. */
  get shallow(): ReadonlySet<string> {
    this.#shallow ??= new Set(this.note("shallow")?.match(/[0-9a-f]{40}/g) ?? []);
    return this.#shallow;
  }

  setShallow(oids: ReadonlySet<string>): void {
    const lines = [...oids].toSorted().map((oid) => `${oid}\n`);
    if (lines.length > 0) this.disk.replace(`${this.gitdir}/shallow`, lines.join(""));
    else this.setNote("shallow", null);
    this.#shallow = null;
    // Commits that were read know parents that were left out, or none that are here now.
    this.#commits.clear();
  }

  quote(path: string): string {
    return quotePath(path, this.config.isOn("core.quotepath", true));
  }

  /** A small file of the git directory, such as MERGE_HEAD; undefined when it is not there. */
  note(name: string): string | undefined {
    return this.disk.readText(`${this.gitdir}/${name}`);
  }

  setNote(name: string, text: string | null): void {
    if (text === null) this.disk.remove(`${this.gitdir}/${name}`);
    else this.disk.write(`${this.gitdir}/${name}`, text);
  }

  /** A path as it was said, from where the command was started. */
  relative(path: string): string {
    if (this.prefix === "") return path;
    const [from, to] = [this.prefix.split("/").slice(0, -1), path.split("/")];
    let same = 0;
    while (same < from.length && same < to.length && from[same] === to[same]) same += 1;
    return [...from.slice(same).map(() => ".."), ...to.slice(same)].join("/") || "./";
  }
}

export interface OpenOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** `-c name=value`. */
  readonly said: readonly string[];
}

export function globalConfigPath(env: Readonly<Record<string, string>>): string {
  return env["GIT_CONFIG_GLOBAL"] ?? `${env["HOME"] ?? "/root"}/.gitconfig`;
}

/**
 * Finds the repository around a directory.
 *
 * @throws GitFailure when there is none
 */
export function openRepository(disk: Disk, options: OpenOptions): Repository {
  const { cwd, env, said } = options;
  const places = findPlaces(disk, cwd, env);
  if (places === null) throw fatal("not a git repository (or any of the parent directories): .git");
  const paths = { global: globalConfigPath(env), local: `${places.gitdir}/config` };
  const config = new Config(disk, paths, said);
  const format = config.get("core.repositoryformatversion") ?? "0";
  if (format !== "0" && config.all().some(({ key }) => key === "extensions.objectformat"))
    throw new GitFailure("fatal: repositories with sha256 objects are not supported here", 128);
  return new Repository(disk, places, config, env);
}

function findPlaces(disk: Disk, cwd: string, env: OpenOptions["env"]): Places | null {
  const said = env["GIT_DIR"];
  if (said !== undefined) {
    const gitdir = absolute(cwd, said);
    if (!isGitDirectory(disk, gitdir)) throw fatal(`not a git repository: '${said}'`);
    const top = absolute(cwd, env["GIT_WORK_TREE"] ?? ".");
    return { gitdir, top, prefix: prefixOf(top, cwd) };
  }
  for (let top = cwd; ; top = top.slice(0, top.lastIndexOf("/"))) {
    const gitdir = gitDirectoryOf(disk, top);
    if (gitdir !== null) return { gitdir, top: top || "/", prefix: prefixOf(top, cwd) };
    if (isGitDirectory(disk, top)) return { gitdir: top, top: null, prefix: "" };
    if (top === "" || top === "/") return null;
  }
}

function gitDirectoryOf(disk: Disk, top: string): string | null {
  const path = `${top}/.git`;
  if (isGitDirectory(disk, path)) return path;
  if (disk.status(path)?.type !== "file") return null;
  const [, target] = /^gitdir: (.+)/.exec(disk.readText(path) ?? "") ?? [];
  if (target === undefined) throw fatal(`invalid gitfile format: ${path}`);
  return absolute(top, target.trim());
}

function isGitDirectory(disk: Disk, path: string): boolean {
  return (
    disk.isDirectory(`${path}/objects`) &&
    disk.isDirectory(`${path}/refs`) &&
    disk.status(`${path}/HEAD`) !== undefined
  );
}

function prefixOf(top: string, cwd: string): string {
  return cwd.startsWith(`${top}/`) ? `${cwd.slice(top.length + 1)}/` : "";
}

/** A path from a directory, without `.` and `..`. */
export function absolute(cwd: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${cwd}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
