import { failure } from "../cli/failure.ts";
import { type Arguments, OptionTable, parseArguments } from "../cli/options.ts";
import { comparePaths } from "../objects/bytes.ts";
import { modeText } from "../objects/tree.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";
import type { Pathspec } from "../worktree/pathspec.ts";
import { findUntracked } from "../worktree/untracked.ts";

const options = new OptionTable(
  "c|cached d|deleted m|modified o|others i|ignored s|stage u|unmerged exclude-standard z full-name error-unmatch t directory",
);

export const lsFiles: GitCommand = (context, words) => {
  const args = parseArguments(options, words);
  const { index } = context.repository;
  const pathspec = context.pathspec(args.words);
  const [missing] = pathspec.unmatched(index.paths);
  if (args.has("error-unmatch") && missing !== undefined)
    throw failure(
      `pathspec '${missing}' did not match any file(s) known to git\nDid you forget to 'git add'?`,
    );
  const say = speaker(context, args, pathspec);
  if (args.has("others")) for (const path of others(context, args, pathspec)) say(path);
  if (args.has("stage") || args.has("unmerged")) {
    for (const { path, mode, oid, stage } of index.entries)
      if (stage > 0 || args.has("stage")) say(path, `${modeText(mode)} ${oid} ${stage}\t`);
    return 0;
  }
  for (const path of index.paths) for (const shown of shownAs(context, args, path)) say(shown);
  return 0;
};

type Say = (path: string, before?: string) => void;

function speaker({ repository, output }: GitContext, args: Arguments, pathspec: Pathspec): Say {
  const isWhole = args.has("full-name");
  const end = args.has("z") ? "\0" : "\n";
  return (path, before = "") => {
    const isHere = isWhole || args.words.length > 0 || path.startsWith(repository.prefix);
    if (!isHere || !pathspec.matches(path.replace(/\/$/, ""))) return;
    const shown = isWhole ? path : repository.relative(path);
    output.text(`${before}${args.has("z") ? shown : repository.quote(shown)}${end}`);
  };
}

function others(context: GitContext, args: Arguments, pathspec: Pathspec): readonly string[] {
  const mode = args.has("directory") ? "normal" : "all";
  const found = findUntracked(context.repository, context.ignoreRules, mode, pathspec);
  if (args.has("ignored")) return found.ignored;
  return args.has("exclude-standard")
    ? found.untracked
    : [...found.untracked, ...found.ignored].toSorted(comparePaths);
}

/** A tracked path, as often as the options ask for it. */
function shownAs({ repository, worktree }: GitContext, args: Arguments, path: string): string[] {
  const isDefault = !["deleted", "modified", "others"].some((name) => args.has(name));
  const entry = repository.index.get(path);
  const isGone = worktree.status(path) === null;
  const isChanged = isGone || entry === undefined || worktree.isChanged(entry);
  return [
    ...(args.has("cached") || isDefault ? [path] : []),
    ...(args.has("deleted") && isGone ? [path] : []),
    ...(args.has("modified") && isChanged ? [path] : []),
  ];
}
