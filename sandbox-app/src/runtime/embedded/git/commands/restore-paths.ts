import type { GitContext } from "../repository/context.ts";
import { NO_STAMP } from "../index/index-file.ts";

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
  const { repository, worktree, output } = context;
  const { index } = repository;
  const pathspec = context.pathspec(words);
  const files = options.source === null ? null : await repository.files(options.source);
  const known = [
    ...new Set([
      ...(files?.keys() ?? []),
      ...(files === null || !options.isOverlay ? index.paths : []),
    ]),
  ];
  const missing = pathspec.unmatched(known);
  for (const word of missing)
    output.error(`error: pathspec '${word}' did not match any file(s) known to git`);
  if (missing.length > 0) return null;
  let count = 0;
  for (const path of known.filter((one) => pathspec.matches(one))) {
    const sided =
      options.side === null
        ? undefined
        : index.stages(path).find(({ stage }) => stage === options.side);
    const wanted = files === null ? (sided ?? index.get(path)) : files.get(path);
    if (wanted === undefined) {
      if (files === null) {
        output.error(`error: path '${path}' is unmerged`);
        return null;
      }
      if (options.isStaged) index.remove(path);
      if (options.isWorktree) worktree.remove(path);
      count += 1;
      continue;
    }
    const now = options.isWorktree ? worktree.read(path, wanted.mode) : null;
    const isSame = now !== null && now.oid === wanted.oid && now.mode === wanted.mode;
    if (options.isWorktree && !isSame) await worktree.write(path, wanted.mode, wanted.oid);
    if (options.isWorktree && !isSame) count += 1;
    const isStamped = options.isStaged || (options.isWorktree && sided === undefined);
    const before = index.get(path);
    const keeps = !options.isWorktree && before?.oid === wanted.oid && before.mode === wanted.mode;
    if (isStamped && !keeps)
      index.set(
        path,
        wanted.mode,
        wanted.oid,
        options.isWorktree ? (worktree.stamp(path) ?? NO_STAMP) : NO_STAMP,
      );
  }
  index.save();
  return count;
}
