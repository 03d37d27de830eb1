import { compareTrees } from "../diff/sources.ts";
import { pathOf } from "../diff/file-change.ts";
import type { Commit } from "../objects/commit.ts";
import type { Repository } from "../repository/repository.ts";
import type { Pathspec } from "../worktree/pathspec.ts";
import { ancestorsOf } from "./merge-base.ts";

export interface WalkOptions {
  readonly starts: readonly string[];
  readonly excluded: readonly string[];
  readonly onlyFirstParent: boolean;
  /** Parents come after all of their children. */
  readonly isTopological: boolean;
  /** Only commits that change one of these. */
  readonly pathspec: Pathspec | null;
}

/** Commits backwards from the starts, the newest first. */
export async function* walkHistory(
  repository: Repository,
  options: WalkOptions,
): AsyncGenerator<Commit> {
  const excluded = await ancestorsOf(repository, options.excluded);
  if (options.isTopological) yield* topological(repository, options, excluded);
  else yield* byDate(repository, options, excluded);
}

async function* byDate(
  repository: Repository,
  options: WalkOptions,
  excluded: ReadonlySet<string>,
): AsyncGenerator<Commit> {
  const queue: Commit[] = [];
  const seen = new Set<string>();
  const add = async (oid: string): Promise<void> => {
    if (seen.has(oid) || excluded.has(oid)) return;
    seen.add(oid);
    const commit = await repository.commit(oid);
    const at = queue.findIndex((one) => one.committer.seconds < commit.committer.seconds);
    queue.splice(at === -1 ? queue.length : at, 0, commit);
  };
  for (const start of options.starts) await add(start);
  for (let commit = queue.shift(); commit !== undefined; commit = queue.shift()) {
    const { isShown, parents } = await look(repository, commit, options);
    for (const parent of parents) await add(parent);
    if (isShown) yield commit;
  }
}

/** By date among those whose children have all been shown. */
async function* topological(
  repository: Repository,
  options: WalkOptions,
  excluded: ReadonlySet<string>,
): AsyncGenerator<Commit> {
  const commits: { commit: Commit; isShown: boolean; parents: readonly string[] }[] = [];
  const all = { ...options, pathspec: null, isTopological: false };
  const children = new Map<string, number>();
  for await (const commit of byDate(repository, all, excluded)) {
    const looked = await look(repository, commit, options);
    commits.push({ commit, ...looked });
    for (const parent of looked.parents) children.set(parent, (children.get(parent) ?? 0) + 1);
  }
  const byOid = new Map(commits.map((one) => [one.commit.oid, one]));
  const ready = commits.filter(({ commit }) => !children.has(commit.oid)).toReversed();
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    if (next.isShown) yield next.commit;
    for (const parent of next.parents) {
      const left = (children.get(parent) ?? 1) - 1;
      children.set(parent, left);
      const one = byOid.get(parent);
      if (left === 0 && one !== undefined) ready.push(one);
    }
  }
}

/** With paths, a merge that equals a parent in them follows only that one (git-log(1), "History Simplification"). */
async function look(
  repository: Repository,
  commit: Commit,
  { pathspec, onlyFirstParent }: WalkOptions,
): Promise<{ isShown: boolean; parents: readonly string[] }> {
  const parents = onlyFirstParent ? commit.parents.slice(0, 1) : commit.parents;
  if (pathspec === null) return { isShown: true, parents };
  const differs = async (tree: string | null): Promise<boolean> => {
    const { changes } = await compareTrees(repository, tree, commit.tree);
    return changes.some((change) => pathspec.matches(pathOf(change)));
  };
  if (parents.length === 0) return { isShown: await differs(null), parents };
  for (const parent of parents) {
    if (!(await differs((await repository.commit(parent)).tree)))
      return { isShown: false, parents: [parent] };
  }
  return { isShown: true, parents };
}
