import { fatal, GitFailure } from "../cli/failure.ts";
import { OptionTable, parseArguments } from "../cli/options.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";

const options = new OptionTable("cached f|force r n|dry-run q|quiet ignore-unmatch");

export const rm: GitCommand = async (context, words) => {
  const args = parseArguments(options, words);
  const { repository, worktree, output } = context;
  const { index } = repository;
  if (args.words.length === 0) throw fatal("No pathspec was given. Which files should I remove?");
  const pathspec = context.pathspec(args.words);
  const [missing] = pathspec.unmatched(index.paths);
  if (missing !== undefined && !args.has("ignore-unmatch"))
    throw fatal(`pathspec '${missing}' did not match any files`);
  const paths = index.paths.filter((path) => pathspec.matches(path));
  if (!args.has("r")) {
    const directory = args.words.find((word) => isDirectory(context, word));
    if (directory !== undefined) throw fatal(`not removing '${directory}' recursively without -r`);
  }
  if (!args.has("force")) await refuseLoss(context, paths, args.has("cached"));
  for (const path of paths) {
    if (!args.has("quiet")) output.line(`rm '${repository.quote(path)}'`);
    if (args.has("dry-run")) continue;
    if (!args.has("cached")) worktree.remove(path);
    index.remove(path);
  }
  if (!args.has("dry-run")) index.save();
  return 0;
};

function isDirectory({ repository }: GitContext, word: string): boolean {
  const path = `${repository.prefix}${word}`.replace(/^\.\/|\/+$/g, "");
  return word === "." || repository.index.isDirectory(path);
}

async function refuseLoss(
  context: GitContext,
  paths: readonly string[],
  isCached: boolean,
): Promise<void> {
  const { repository, worktree } = context;
  const head = await repository.headFiles();
  const both: string[] = [];
  const staged: string[] = [];
  const local: string[] = [];
  for (const path of paths) {
    const entry = repository.index.get(path);
    if (entry === undefined || worktree.status(path) === null) continue;
    const isLocal = worktree.isChanged(entry);
    const before = head.get(path);
    const isStaged = before?.oid !== entry.oid || before.mode !== entry.mode;
    if (isLocal && isStaged) both.push(path);
    else if (!isCached && isStaged) staged.push(path);
    else if (!isCached && isLocal) local.push(path);
  }
  const text = [
    complaint(
      both,
      "staged content different from both the\nfile and the HEAD",
      "use -f to force removal",
    ),
    complaint(
      staged,
      "changes staged in the index",
      "use --cached to keep the file, or -f to force removal",
    ),
    complaint(
      local,
      "local modifications",
      "use --cached to keep the file, or -f to force removal",
    ),
  ].filter((one) => one !== "");
  if (text.length > 0) throw new GitFailure(text.join("\n"), 1);
}

function complaint(paths: readonly string[], what: string, advice: string): string {
  if (paths.length === 0) return "";
  const files = paths.length === 1 ? "file has" : "files have";
  return `error: the following ${files} ${what}:\n${paths.map((path) => `    ${path}\n`).join("")}(${advice})`;
}
