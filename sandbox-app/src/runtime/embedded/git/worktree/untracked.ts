import { comparePaths } from "../objects/bytes.ts";
import type { Repository } from "../repository/repository.ts";
import { IgnoreRules } from "./ignore.ts";
import { Pathspec } from "./pathspec.ts";
import { parentOf } from "../../../../parent-of.ts";

/** `normal` shows a directory with nothing tracked in it as one, with a slash at its end. */
export type UntrackedMode = "normal" | "all";

export interface Untracked {
  readonly untracked: readonly string[];
  readonly ignored: readonly string[];
}

export function ignoreRulesOf(repository: Repository, home: string): IgnoreRules {
  const { disk, top, gitdir, config } = repository;
  const said = config.get("core.excludesfile")?.replace(/^~(?=\/)/, home);
  return new IgnoreRules(disk, top, [
    said ?? `${home}/.config/git/ignore`,
    `${gitdir}/info/exclude`,
  ]);
}

/** Finds what is on disk and not in the index. */
export function findUntracked(
  repository: Repository,
  rules: IgnoreRules,
  mode: UntrackedMode,
  pathspec: Pathspec = new Pathspec([], { prefix: "", top: repository.top }),
): Untracked {
  const search = new Search(repository, rules, mode, pathspec);
  search.visit("");
  const sorted = (paths: string[]): string[] => paths.toSorted(comparePaths);
  return { untracked: sorted(search.untracked), ignored: sorted(search.ignored) };
}

class Search {
  readonly untracked: string[] = [];
  readonly ignored: string[] = [];
  readonly #repository: Repository;
  readonly #rules: IgnoreRules;
  readonly #mode: UntrackedMode;
  readonly #pathspec: Pathspec;
  /** Directories with something tracked in them. */
  readonly #tracked = new Set<string>();

  constructor(repository: Repository, rules: IgnoreRules, mode: UntrackedMode, pathspec: Pathspec) {
    this.#repository = repository;
    this.#rules = rules;
    this.#mode = mode;
    this.#pathspec = pathspec;
    for (const path of repository.index.paths) {
      for (let above = parentOf(path); above !== ""; above = parentOf(above)) {
        if (this.#tracked.has(above)) break;
        this.#tracked.add(above);
      }
    }
  }

  visit(directory: string): void {
    const { disk, top } = this.#repository;
    for (const { name, type } of disk.list(directory === "" ? top : `${top}/${directory}`)) {
      if (name === ".git") continue;
      const path = directory === "" ? name : `${directory}/${name}`;
      if (type === "directory") this.#visitDirectory(path);
      else this.#visitFile(path);
    }
  }

  #visitFile(path: string): void {
    if (this.#repository.index.has(path) || !this.#pathspec.matches(path)) return;
    if (this.#rules.ignores(path, false)) this.ignored.push(path);
    else this.untracked.push(path);
  }

  #visitDirectory(path: string): void {
    if (!this.#pathspec.mayMatchBelow(path)) return;
    if (this.#tracked.has(path)) return this.visit(path);
    // A submodule is one entry, whatever is in it.
    if (this.#repository.index.has(path)) return undefined;
    if (this.#rules.ignores(path, true)) {
      if (this.#holdsFile(path)) this.ignored.push(`${path}/`);
      return undefined;
    }
    const { disk, top } = this.#repository;
    if (disk.status(`${top}/${path}/.git`) !== undefined) {
      if (this.#pathspec.matches(path)) this.untracked.push(`${path}/`);
      return undefined;
    }
    if (this.#mode === "all" || !this.#pathspec.matches(path)) return this.visit(path);
    return this.#collapse(path);
  }

  /** One line for all of it, unless everything in it is ignored. */
  #collapse(path: string): void {
    const inside = new Search(this.#repository, this.#rules, "normal", this.#pathspec);
    inside.visit(path);
    if (inside.untracked.length > 0) {
      this.untracked.push(`${path}/`);
      this.ignored.push(...inside.ignored);
    } else if (inside.ignored.length > 0) {
      // With nothing but ignored files in it, the directory itself counts as ignored.
      this.ignored.push(`${path}/`);
    }
  }

  #holdsFile(path: string): boolean {
    const { disk, top } = this.#repository;
    return disk
      .list(`${top}/${path}`)
      .some(({ name, type }) => type !== "directory" || this.#holdsFile(`${path}/${name}`));
  }
}
