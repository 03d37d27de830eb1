import { fatal } from "../cli/failure.ts";
import { type Arguments, OptionTable, parseArguments } from "../cli/options.ts";
import { comparePaths } from "../objects/bytes.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";
import { findUntracked } from "../worktree/untracked.ts";

const options = new OptionTable("f|force d n|dry-run q|quiet x X i|interactive e|exclude=");

export const clean: GitCommand = (context, words) => {
  const args = parseArguments(options, words);
  if (args.has("interactive") || args.has("exclude"))
    throw fatal("clean -i and -e are not supported here; name the paths");
  const { repository, disk, output } = context;
  if (
    !args.has("force") &&
    !args.has("dry-run") &&
    repository.config.isOn("clean.requireforce", true)
  )
    throw fatal(
      "clean.requireForce defaults to true and neither -i, -n, nor -f given; refusing to clean",
    );
  const verb = args.has("dry-run") ? "Would remove" : "Removing";
  for (const path of pathsToClean(context, args)) {
    if (!args.has("quiet")) output.line(`${verb} ${repository.quote(repository.relative(path))}`);
    if (!args.has("dry-run")) disk.remove(`${repository.top}/${path.replace(/\/$/, "")}`);
  }
  return 0;
};

function pathsToClean(context: GitContext, args: Arguments): string[] {
  const { repository, disk } = context;
  const pathspec = context.pathspec(args.words);
  const found = findUntracked(repository, context.ignoreRules, "normal", pathspec);
  const goesInto = args.has("d") || args.words.length > 0;
  const keepsIgnored = !args.has("x") && !args.has("X");
  const paths = [...(args.has("X") ? [] : found.untracked), ...(keepsIgnored ? [] : found.ignored)];
  return paths.toSorted(comparePaths).filter((path) => {
    if (!path.endsWith("/")) return true;
    if (!goesInto || disk.status(`${repository.top}/${path}.git`) !== undefined) return false;
    return !keepsIgnored || !found.ignored.some((one) => one.startsWith(path));
  });
}
