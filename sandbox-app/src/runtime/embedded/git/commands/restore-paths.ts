import type { GitContext } from "../repository/context.ts";
import { NO_STAMP } from "../index/index-file.ts";
import type { Index } from "../index/staging-area.ts";
import { sameFile } from "../worktree/switch-files.ts";

export interface RestoreOptions {
  /** Tree to take the files from; null for the index. */
  readonly source: string | null;
  readonly isStaged: boolean;
  readonly isWorktree: boolean;
  /** Files that the source does not have stay. */
  readonly isOverlay: boolean;
  /** Of a conflict: 2 ours, 3 theirs. */
  readonly side: 2 | 3 | null;
}

/**
 * Puts files back from a tree or the index.
 *
 * @returns how many; null when a path names nothing, which has been said
 */
export async function restorePaths(
  context: GitContext,
  words: readonly string[],
  options: RestoreOptions,
): Promise<number | null> {
  const { repository, output } = context;
  const { index } = repository;
  const pathspec = context.pathspec(words);
  const files = options.source === null ? null : await repository.files(options.source);
  const tracked = files === null || !options.isOverlay ? index.paths : [];
  const known = [...new Set([...(files?.keys() ?? []), ...tracked])];
  const missing = pathspec.unmatched(known);
  for (const word of missing)
    output.error(`error: pathspec '${word}' did not match any file(s) known to git`);
  if (missing.length > 0) return null;
  let count = 0;
  for (const path of known.filter((one) => pathspec.matches(one))) {
    const wanted = files === null ? fromIndex(index, path, options.side) : files.get(path);
    if (wanted === undefined && files === null) {
      output.error(`error: path '${path}' is unmerged`);
      return null;
    }
    const isDone =
      wanted === undefined
        ? takeAway(context, path, options)
        : await putBack(context, path, wanted, options);
    if (isDone) count += 1;
  }
  index.save();
  return count;
}

type Wanted = { readonly mode: number; readonly oid: string };

function fromIndex(index: Index, path: string, side: 2 | 3 | null): Wanted | undefined {
  return index.stages(path).find(({ stage }) => stage === side) ?? index.get(path);
}

function takeAway({ repository, worktree }: GitContext, path: string, options: RestoreOptions) {
  if (options.isStaged) repository.index.remove(path);
  if (options.isWorktree) worktree.remove(path);
  return true;
}

/** @returns whether the file on disk was another one */
async function putBack(
  { repository, worktree }: GitContext,
  path: string,
  wanted: Wanted,
  { isStaged, isWorktree }: RestoreOptions,
): Promise<boolean> {
  const { index } = repository;
  const now = isWorktree ? worktree.read(path, wanted.mode) : null;
  const isOther = isWorktree && !sameFile(now ?? undefined, wanted);
  if (isOther) await worktree.write(path, wanted.mode, wanted.oid);
  const before = index.get(path);
  const keeps = !isWorktree && sameFile(before, wanted);
  // A side of a conflict leaves the conflict in the index.
  const isStamped = isStaged || (isWorktree && before !== undefined);
  if (isStamped && !keeps) {
    const stamp = isWorktree ? worktree.stamp(path) : undefined;
    index.set(path, wanted.mode, wanted.oid, stamp ?? NO_STAMP);
  }
  return isOther;
}
