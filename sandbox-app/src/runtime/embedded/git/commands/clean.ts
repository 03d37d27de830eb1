import { fatal } from "../cli/failure.ts";
import { OptionTable, parseArguments } from "../cli/options.ts";
import type { GitCommand } from "../repository/context.ts";
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
  const pathspec = context.pathspec(args.words);
  const found = findUntracked(repository, context.ignoreRules, "normal", pathspec);
  const paths = [
    ...(args.has("X") ? [] : found.untracked),
    ...(args.has("x") || args.has("X") ? found.ignored : []),
  ].toSorted();
  const verb = args.has("dry-run") ? "Would remove" : "Removing";
  for (const path of paths) {
    const isDirectory = path.endsWith("/");
    if (isDirectory && !args.has("d") && args.words.length === 0) continue;
    const absolute = `${repository.top}/${path.replace(/\/$/, "")}`;
    if (isDirectory && disk.status(`${absolute}/.git`) !== undefined) continue;
    if (
      isDirectory &&
      !args.has("x") &&
      !args.has("X") &&
      found.ignored.some((one) => one.startsWith(path))
    )
      continue;
    if (!args.has("quiet")) output.line(`${verb} ${repository.quote(repository.relative(path))}`);
    if (!args.has("dry-run")) disk.remove(absolute);
  }
  return 0;
};
