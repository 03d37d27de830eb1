import type { GitContext } from "../repository/context.ts";
import type { FileMap } from "../diff/file-change.ts";
import { switchFiles } from "../worktree/switch-files.ts";
import type { TreeMerge } from "./merge-trees.ts";

/**
 * Takes the files to what a merge came to, and the conflicts into the index.
 *
 * @throws GitFailure, with nothing done, when a change of the person's would be lost
 */
export async function applyMerge(
  context: GitContext,
  from: FileMap,
  result: TreeMerge,
): Promise<void> {
  const { repository, worktree, ignoreRules } = context;
  await switchFiles(repository, worktree, ignoreRules, { from, to: result.files }, "merge");
  for (const { path, base, ours, theirs } of result.conflicts) {
    const stages = [base, ours, theirs].flatMap((file, at) =>
      file ? [{ mode: file.mode, oid: file.oid, stage: at + 1 }] : [],
    );
    repository.index.setConflict(path, stages);
  }
  repository.index.save();
}
