import { failure } from "../cli/failure.ts";
import { OptionTable, parseArguments } from "../cli/options.ts";
import { modeText } from "../objects/tree.ts";
import type { GitCommand } from "../repository/context.ts";
import { findUntracked } from "../worktree/untracked.ts";

const options = new OptionTable(
  "c|cached d|deleted m|modified o|others i|ignored s|stage u|unmerged exclude-standard z full-name error-unmatch t directory",
);

export const lsFiles: GitCommand = (context, words) => {
  const args = parseArguments(options, words);
  const { repository, worktree, output } = context;
  const { index } = repository;
  const pathspec = context.pathspec(args.words);
  const isWhole = args.has("full-name");
  const end = args.has("z") ? "\0" : "\n";
  const isHere = (path: string): boolean =>
    isWhole || args.words.length > 0 || path.startsWith(repository.prefix);
  const say = (path: string, before = ""): void => {
    if (!pathspec.matches(path.replace(/\/$/, "")) || !isHere(path)) return;
    const shown = isWhole ? path : repository.relative(path);
    output.text(`${before}${args.has("z") ? shown : repository.quote(shown)}${end}`);
  };
  const [missing] = pathspec.unmatched(index.paths);
  if (args.has("error-unmatch") && missing !== undefined)
    throw failure(
      `pathspec '${missing}' did not match any file(s) known to git\nDid you forget to 'git add'?`,
    );
  if (args.has("others")) {
    const found = findUntracked(
      repository,
      context.ignoreRules,
      args.has("directory") ? "normal" : "all",
      pathspec,
    );
    const all = args.has("exclude-standard")
      ? found.untracked
      : [...found.untracked, ...found.ignored].toSorted();
    for (const path of args.has("ignored") ? found.ignored : all) say(path);
  }
  if (args.has("stage") || args.has("unmerged")) {
    for (const { path, mode, oid, stage } of index.entries)
      if (stage > 0 || args.has("stage")) say(path, `${modeText(mode)} ${oid} ${stage}\t`);
    return 0;
  }
  const isDefault = !["deleted", "modified", "others"].some((name) => args.has(name));
  for (const path of index.paths) {
    if (args.has("cached") || isDefault) say(path);
    const entry = index.get(path);
    const isGone = worktree.status(path) === null;
    if (args.has("deleted") && isGone) say(path);
    if (args.has("modified") && (isGone || entry === undefined || worktree.isChanged(entry)))
      say(path);
  }
  return 0;
};
