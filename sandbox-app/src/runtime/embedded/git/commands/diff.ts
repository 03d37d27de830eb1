import { fatal } from "../cli/failure.ts";
import { type Arguments, OptionTable, parseArguments } from "../cli/options.ts";
import { chosenChanges, diffOptions, diffViewOf, showChanges } from "../diff/show-diff.ts";
import {
  type Comparison,
  compareIndex,
  compareTrees,
  compareWorktree,
  compareWorktreeWith,
} from "../diff/sources.ts";
import { mergeBases } from "../history/merge-base.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";
import { splitWords } from "./words.ts";

const options = new OptionTable(
  `${diffOptions} cached staged no-index merge-base w|ignore-all-space b|ignore-space-change relative R word-diff=?`,
);

export const diff: GitCommand = async (context, words) => {
  const args = parseArguments(options, words);
  for (const name of [
    "no-index",
    "ignore-all-space",
    "ignore-space-change",
    "word-diff",
    "R",
    "relative",
  ])
    if (args.has(name)) throw fatal(`diff --${name} is not supported here; use the command diff`);
  const { repository, output } = context;
  const { revisions, paths } = await splitWords(context, args);
  const comparison = await comparisonOf(context, args, revisions);
  const view = diffViewOf(args, repository, ["patch"]);
  const changes = await chosenChanges(comparison, view, context.pathspec(paths));
  if (!args.has("quiet")) await showChanges(repository, output, changes, comparison, view);
  if (repository.config.isOn("diff.autorefreshindex", true)) repository.index.save();
  const tells = args.has("exit-code") || args.has("quiet");
  return tells && changes.length > 0 ? 1 : 0;
};

async function comparisonOf(
  context: GitContext,
  args: Arguments,
  revisions: readonly string[],
): Promise<Comparison> {
  const { repository, worktree, revisions: find } = context;
  const isCached = args.has("cached") || args.has("staged");
  const [first, second, third] = revisions;
  if (third !== undefined) throw fatal("diff takes at most two revisions here");
  if (first === undefined)
    return isCached
      ? compareIndex(repository, await repository.headFiles())
      : compareWorktree(repository, worktree);
  const [, left, dots, right] = /^(.*?)(\.{2,3})(.*)$/.exec(first) ?? [];
  if (dots !== undefined) {
    const [from, to] = [left || "HEAD", right || "HEAD"];
    if (dots === "..") return compareTrees(repository, await find.tree(from), await find.tree(to));
    const one = (await find.commit(from)).oid;
    const other = await find.commit(to);
    const [base] = await mergeBases(repository, one, other.oid);
    if (base === undefined) throw fatal(`${first}: no merge base`);
    return compareTrees(repository, (await repository.commit(base)).tree, other.tree);
  }
  const tree = await find.tree(first);
  if (second !== undefined) return compareTrees(repository, tree, await find.tree(second));
  const files = await repository.files(tree);
  return isCached
    ? compareIndex(repository, files)
    : compareWorktreeWith(repository, worktree, files);
}
