import { fatal, GitFailure } from "../cli/failure.ts";
import { OptionTable, parseArguments } from "../cli/options.ts";
import type { GitCommand } from "../repository/context.ts";
import { restorePaths } from "./restore-paths.ts";

const options = new OptionTable(
  "S|staged W|worktree s|source= q|quiet ours theirs overlay no-overlay p|patch m|merge ignore-unmerged progress no-progress",
);

export const restore: GitCommand = async (context, words) => {
  const args = parseArguments(options, words);
  if (args.has("patch") || args.has("merge"))
    throw fatal("restore -p and -m are not supported here; restore the whole file");
  if (args.words.length === 0) throw fatal("you must specify path(s) to restore");
  const isStaged = args.has("staged");
  const said = args.value("source") ?? (isStaged ? "HEAD" : undefined);
  const isUnborn = said === "HEAD" && context.repository.refs.head === null;
  if (isUnborn) throw fatal("could not resolve HEAD");
  const count = await restorePaths(context, args.words, {
    source: said === undefined ? null : await context.revisions.tree(said),
    isStaged,
    isWorktree: args.has("worktree") || !isStaged,
    isOverlay: args.has("overlay"),
    side: args.has("ours") ? 2 : args.has("theirs") ? 3 : null,
  });
  if (count === null) throw new GitFailure("", 1);
  return 0;
};
