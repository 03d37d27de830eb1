import { compareIndex, compareWorktree } from "../diff/sources.ts";
import { type FileChange, pathOf } from "../diff/file-change.ts";
import { findRenames } from "../diff/renames.ts";
import { mergeBases, ancestorsOf } from "../history/merge-base.ts";
import type { GitContext } from "../repository/context.ts";
import { upstreamOf } from "../refs/revision.ts";
import { findUntracked, type UntrackedMode } from "./untracked.ts";
import type { Pathspec } from "./pathspec.ts";

export interface ConflictState {
  readonly path: string;
  /** `UU`, `AA`, …: which of the three versions there are. */
  readonly code: string;
}

export interface Tracking {
  /** Without `refs/remotes/` or `refs/heads/`. */
  readonly name: string;
  readonly isGone: boolean;
  readonly ahead: number;
  readonly behind: number;
}

export interface StatusModel {
  /** Null when HEAD is detached. */
  readonly branch: string | null;
  readonly head: string | null;
  readonly tracking: Tracking | null;
  readonly staged: readonly FileChange[];
  readonly unstaged: readonly FileChange[];
  readonly conflicts: readonly ConflictState[];
  readonly untracked: readonly string[];
  readonly ignored: readonly string[];
  readonly isMerging: boolean;
}

export interface StatusQuestion {
  readonly untracked: UntrackedMode | "no";
  readonly ignored: boolean;
  readonly pathspec: Pathspec;
}

/** What differs between HEAD, the index and the disk. */
export async function readStatus(
  context: GitContext,
  { untracked, ignored, pathspec }: StatusQuestion,
): Promise<StatusModel> {
  const { repository, worktree } = context;
  const { refs, index } = repository;
  const chosen = (changes: readonly FileChange[]): FileChange[] =>
    changes.filter((change) => change.status !== "U" && pathspec.matches(pathOf(change)));
  const head = compareIndex(repository, await repository.headFiles());
  const disk = compareWorktree(repository, worktree);
  const intents: FileChange[] = index.entries
    .filter(({ isIntent, path }) => isIntent && worktree.status(path) !== null)
    .map((entry) => ({ status: "A", before: null, after: entry, similarity: 0 }));
  const isIntent = new Set(intents.map(pathOf));
  const rest = disk.changes.filter((change) => !isIntent.has(pathOf(change)));
  const wanted = untracked !== "no" || ignored;
  const others = wanted
    ? findUntracked(
        repository,
        context.ignoreRules,
        untracked === "all" ? "all" : "normal",
        pathspec,
      )
    : { untracked: [], ignored: [] };
  return {
    branch: refs.branch,
    head: refs.head,
    tracking: await readTracking(context, refs.branch),
    staged: await findRenames(chosen(head.changes), head.read),
    unstaged: chosen([...rest, ...intents]),
    conflicts: index.unmerged
      .filter((path) => pathspec.matches(path))
      .map((path) => ({ path, code: conflictCode(index.stages(path).map(({ stage }) => stage)) })),
    untracked: untracked === "no" ? [] : others.untracked,
    ignored: ignored ? others.ignored : [],
    isMerging: repository.note("MERGE_HEAD") !== undefined,
  };
}

const conflictCodes: Readonly<Record<string, string>> = {
  "1": "DD",
  "2": "AU",
  "3": "UA",
  "12": "UD",
  "13": "DU",
  "23": "AA",
  "123": "UU",
};

function conflictCode(stages: readonly number[]): string {
  return conflictCodes[stages.join("")] ?? "UU";
}

/** How a branch stands to the one that it follows. */
export async function readTracking(
  { repository }: GitContext,
  branch: string | null,
): Promise<Tracking | null> {
  const upstream = upstreamOf(repository, branch);
  if (upstream === null || branch === null) return null;
  const name = upstream.replace(/^refs\/(?:remotes|heads)\//, "");
  const [own, other] = [
    repository.refs.resolve(`refs/heads/${branch}`),
    repository.refs.resolve(upstream),
  ];
  if (other === null || own === null) return { name, isGone: true, ahead: 0, behind: 0 };
  const bases = own === other ? [own] : await mergeBases(repository, own, other);
  const count = async (tip: string): Promise<number> => {
    if (bases.includes(tip)) return 0;
    const [all, common] = [
      await ancestorsOf(repository, [tip]),
      await ancestorsOf(repository, [tip === own ? other : own]),
    ];
    return [...all].filter((oid) => !common.has(oid)).length;
  };
  return { name, isGone: false, ahead: await count(own), behind: await count(other) };
}

/** The sentence about it in `status` and `checkout`; empty when there is nothing to follow. */
export function trackingText(tracking: Tracking | null): string {
  if (tracking === null) return "";
  const { name, isGone, ahead, behind } = tracking;
  const commits = (count: number): string => `${count} commit${count === 1 ? "" : "s"}`;
  if (isGone)
    return `Your branch is based on '${name}', but the upstream is gone.\n  (use "git branch --unset-upstream" to fixup)\n`;
  if (ahead === 0 && behind === 0) return `Your branch is up to date with '${name}'.\n`;
  if (behind === 0)
    return `Your branch is ahead of '${name}' by ${commits(ahead)}.\n  (use "git push" to publish your local commits)\n`;
  if (ahead === 0)
    return `Your branch is behind '${name}' by ${commits(behind)}, and can be fast-forwarded.\n  (use "git pull" to update your local branch)\n`;
  return (
    `Your branch and '${name}' have diverged,\nand have ${ahead} and ${behind} different commits each, respectively.\n` +
    '  (use "git pull" to merge the remote branch into yours)\n'
  );
}
