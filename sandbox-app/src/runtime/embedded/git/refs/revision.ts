import { fatal } from "../cli/failure.ts";
import { parseTag, type Commit } from "../objects/commit.ts";
import type { ObjectType } from "../objects/object-store.ts";
import { Mode } from "../objects/tree.ts";
import type { Repository } from "../repository/repository.ts";
import { fromTop } from "../worktree/pathspec.ts";

/** Where a short name is looked for, in this order (gitrevisions(7)). */
const PLACES = [
  (name: string) => name,
  (name: string) => `refs/${name}`,
  (name: string) => `refs/tags/${name}`,
  (name: string) => `refs/heads/${name}`,
  (name: string) => `refs/remotes/${name}`,
  (name: string) => `refs/remotes/${name}/HEAD`,
];

/** The full name that a short one stands for; null when there is none. */
export function fullRefName(repository: Repository, name: string): string | null {
  for (const place of PLACES) {
    const full = place(name);
    const isRef = full.startsWith("refs/") || /^[A-Z_]+$/.test(full);
    if (isRef && repository.refs.resolve(full) !== null) return full;
  }
  return null;
}

/** Turns what was said into the name of an object (gitrevisions(7), "SPECIFYING REVISIONS"). */
export class Revisions {
  readonly #repository: Repository;

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  /** Null when it names nothing. */
  async find(said: string): Promise<string | null> {
    const colon = /^((?:[^:{]|\{[^}]*\})*):(.*)$/s.exec(said);
    if (colon !== null) return this.#file(colon[1] ?? "", colon[2] ?? "");
    const [, base = "", steps = ""] = /^(.*?)((?:\^\{[^}]*\}|\^\d*|~\d*)*)$/s.exec(said) ?? [];
    let oid = await this.#base(base);
    for (const [step] of steps.matchAll(/\^\{[^}]*\}|\^\d*|~\d*/g)) {
      if (oid === null) return null;
      oid = await this.#step(oid, step);
    }
    return oid;
  }

  /** @throws GitFailure in git's words when it names nothing */
  async get(said: string): Promise<string> {
    const oid = await this.find(said);
    if (oid === null) throw unknownRevision(said);
    return oid;
  }

  async commit(said: string): Promise<Commit> {
    const oid = await this.peel(await this.get(said), "commit");
    if (oid === null) throw fatal(`bad revision '${said}'`);
    return this.#repository.commit(oid);
  }

  async tree(said: string): Promise<string> {
    const tree = await this.peel(await this.get(said), "tree");
    if (tree === null) throw fatal("not a tree object");
    return tree;
  }

  /** Follows tags, and commits to their trees, until there is an object of the type. */
  async peel(oid: string, type: ObjectType | ""): Promise<string | null> {
    const object = await this.#repository.objects.read(oid);
    if (object.type === type || (type === "" && object.type !== "tag")) return oid;
    if (object.type === "tag") return this.peel(parseTag(object.content).object, type);
    if (object.type === "commit" && type === "tree")
      return (await this.#repository.commit(oid)).tree;
    return null;
  }

  async #base(said: string): Promise<string | null> {
    const { refs, objects } = this.#repository;
    const name = said === "@" || said === "" ? "HEAD" : said;
    const logged = /^(.*)@\{(.*)\}$/.exec(name);
    if (logged !== null) return this.#fromLog(logged[1] ?? "", logged[2] ?? "");
    if (/^[0-9a-f]{40}$/.test(name)) return objects.has(name) ? name : null;
    const full = fullRefName(this.#repository, name);
    if (full !== null) return refs.resolve(full);
    const hex = /^(?:.*-\d+-g)?([0-9a-f]{4,40})$/.exec(name)?.[1];
    if (hex === undefined) return null;
    const found = objects.withPrefix(hex);
    return found.length > 1 ? this.#onlyCommit(found) : (found[0] ?? null);
  }

  /** Among several objects the only commit is meant. */
  async #onlyCommit(oids: readonly string[]): Promise<string | null> {
    const commits: string[] = [];
    for (const oid of oids) {
      if ((await this.#repository.objects.read(oid)).type === "commit") commits.push(oid);
    }
    return commits.length === 1 ? (commits[0] ?? null) : null;
  }

  async #fromLog(name: string, said: string): Promise<string | null> {
    const { refs } = this.#repository;
    if (said === "u" || said === "upstream") {
      const upstream = upstreamOf(this.#repository, name === "" ? refs.branch : name);
      return upstream === null ? null : refs.resolve(upstream);
    }
    const past = /^-(\d+)$/.exec(said);
    if (past !== null) {
      const branch = previousBranch(this.#repository, Number(past[1]));
      return branch === null ? null : this.find(branch);
    }
    const full =
      name === "" ? (refs.target("HEAD") ?? "HEAD") : fullRefName(this.#repository, name);
    return full === null || !/^\d+$/.test(said) ? null : this.#earlier(full, Number(said));
  }

  /** What a reference was so many changes ago. */
  #earlier(full: string, count: number): string | null {
    const { refs } = this.#repository;
    if (count === 0) return refs.resolve(full);
    const entries = refs.log(full);
    if (count === entries.length) return entries[0]?.from ?? null;
    return entries[entries.length - 1 - count]?.to ?? null;
  }

  async #step(oid: string, step: string): Promise<string | null> {
    const type = /^\^\{(.*)\}$/.exec(step)?.[1];
    if (type !== undefined) return this.peel(oid, type as ObjectType);
    const at = await this.peel(oid, "commit");
    if (at === null) return null;
    const number = step.length === 1 ? 1 : Number(step.slice(1));
    if (step.startsWith("^")) {
      if (number === 0) return at;
      return (await this.#repository.commit(at)).parents[number - 1] ?? null;
    }
    let commit: string | undefined = at;
    for (let left = number; left > 0 && commit !== undefined; left -= 1) {
      commit = (await this.#repository.commit(commit)).parents[0];
    }
    return commit ?? null;
  }

  /** `rev:path`, and `:path` out of the index. */
  async #file(revision: string, said: string): Promise<string | null> {
    const { index, prefix } = this.#repository;
    const isRelative = /^\.\.?(\/|$)/.test(said);
    const path = isRelative ? fromTop(said, prefix, this.#repository.top) : said;
    if (revision === "") {
      const [, stage, name = ""] = /^(?:([0-3]):)?(.*)$/s.exec(path) ?? [];
      const wanted = Number(stage ?? 0);
      return index.stages(name).find((entry) => entry.stage === wanted)?.oid ?? null;
    }
    const start = await this.find(revision);
    const tree = start === null ? null : await this.peel(start, "tree");
    return tree === null ? null : ((await this.entry(tree, path))?.oid ?? null);
  }

  /** What stands at a path of a tree. */
  async entry(tree: string, path: string): Promise<{ mode: number; oid: string } | null> {
    let at: { mode: number; oid: string } = { mode: Mode.directory, oid: tree };
    for (const part of path.split("/").filter((name) => name !== "")) {
      if (at.mode !== Mode.directory) return null;
      const entries = await this.#repository.tree(at.oid);
      const entry = entries.find(({ name }) => name === part);
      if (entry === undefined) return null;
      at = entry;
    }
    return at;
  }
}

function unknownRevision(said: string): Error {
  return fatal(
    `ambiguous argument '${said}': unknown revision or path not in the working tree.\n` +
      "Use '--' to separate paths from revisions, like this:\n" +
      "'git <command> [<revision>...] -- [<file>...]'",
  );
}

/** Full name of the branch that another one follows; null when it follows none. */
export function upstreamOf(repository: Repository, branch: string | null): string | null {
  if (branch === null) return null;
  const { config } = repository;
  const [remote, merge] = [
    config.get(`branch.${branch}.remote`),
    config.get(`branch.${branch}.merge`),
  ];
  if (remote === undefined || merge === undefined) return null;
  if (remote === ".") return merge;
  return merge.replace(/^refs\/heads\//, `refs/remotes/${remote}/`);
}

/** Branch, or commit, that was checked out before; `count` switches ago. */
export function previousBranch(repository: Repository, count: number): string | null {
  const moves = repository.refs
    .log("HEAD")
    .flatMap(({ message }) => /^checkout: moving from (\S+) to /.exec(message)?.[1] ?? []);
  return moves[moves.length - count] ?? null;
}
