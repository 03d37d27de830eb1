import { GitFailure, fatal } from "../cli/failure.ts";
import { type Arguments, OptionTable, parseArguments } from "../cli/options.ts";
import { ObjectStore } from "../objects/object-store.ts";
import { NO_STAMP } from "../index/index-file.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";
import { fromTop, type Pathspec } from "../worktree/pathspec.ts";
import { findUntracked } from "../worktree/untracked.ts";
import { parentOf } from "../../../../parent-of.ts";

const options = new OptionTable(
  "A|all no-ignore-removal u|update f|force n|dry-run v|verbose N|intent-to-add p|patch i|interactive e|edit refresh chmod= ignore-errors renormalize",
);

export const add: GitCommand = (context, words) => {
  const args = parseArguments(options, words);
  if (args.has("patch") || args.has("interactive") || args.has("edit"))
    throw fatal("interactive adding is not supported here; name the files, or edit them first");
  const { repository } = context;
  const isAll = ["all", "no-ignore-removal", "update"].some((name) => args.has(name));
  if (args.words.length === 0 && !isAll) return nothingSaid(context);
  const pathspec = context.pathspec(args.words);
  const [changed, fresh] = chosen(context, args, pathspec);
  const ignored = args.has("force") || args.has("update") ? [] : ignoredWords(context, args.words);
  const known = [...repository.index.paths, ...fresh];
  const missing = pathspec.unmatched(known).filter((word) => !ignored.includes(word));
  const [first] = missing;
  if (first !== undefined && args.words.length === 1) warnOfDirectory(context, first);
  if (first !== undefined && !isEmptyDirectory(context, first))
    throw fatal(`pathspec '${first}' did not match any files`);
  if (ignored.length > 0 && missing.length === 0) stageAll(context, args, [...changed, ...fresh]);
  if (ignored.length > 0) throw ignoredFailure(ignored);
  stageAll(context, args, [...changed, ...fresh]);
  return 0;
};

function nothingSaid({ output }: GitContext): number {
  output.error("Nothing specified, nothing added.");
  output.error("hint: Maybe you wanted to say 'git add .'?");
  output.error("hint: Turn this message off by running");
  output.error('hint: "git config advice.addEmptyPathspec false"');
  return 0;
}

/** Tracked files that changed, and files that are new. */
function chosen(
  context: GitContext,
  args: Arguments,
  pathspec: Pathspec,
): [readonly string[], readonly string[]] {
  const { repository, worktree } = context;
  const changed = repository.index.paths.filter((path) => {
    if (!pathspec.matches(path)) return false;
    const entry = repository.index.get(path);
    return entry === undefined || entry.isIntent || worktree.isChanged(entry);
  });
  if (args.has("update")) return [changed, []];
  const { untracked, ignored } = findUntracked(repository, context.ignoreRules, "all", pathspec);
  const all = args.has("force") ? [...untracked, ...expanded(context, ignored)] : untracked;
  return [changed, all.filter((path) => !path.endsWith("/"))];
}

/** Files in ignored directories, which are told of as a whole. */
function expanded(context: GitContext, ignored: readonly string[]): string[] {
  const { disk, repository } = context;
  const below = (directory: string): string[] =>
    disk.list(`${repository.top}/${directory}`).flatMap(({ name, type }) => {
      const path = `${directory}/${name}`;
      return type === "directory" ? below(path) : [path];
    });
  return ignored.flatMap((path) => (path.endsWith("/") ? below(path.slice(0, -1)) : [path]));
}

function stageAll(context: GitContext, args: Arguments, paths: readonly string[]): void {
  const { repository, worktree, output } = context;
  for (const path of paths) {
    const isThere = worktree.status(path) !== null;
    if (args.has("verbose") || args.has("dry-run"))
      output.line(`${isThere ? "add" : "remove"} '${repository.quote(path)}'`);
    if (args.has("dry-run")) continue;
    if (args.has("intent-to-add")) intend(context, path);
    else worktree.stage(path);
  }
  const mode = args.value("chmod");
  for (const path of mode === undefined ? [] : repository.index.paths) {
    const entry = repository.index.get(path);
    if (entry === undefined || !context.pathspec(args.words).matches(path)) continue;
    repository.index.set(path, mode === "+x" ? 0o100755 : 0o100644, entry.oid, entry.stamp);
  }
  if (!args.has("dry-run")) repository.index.save();
}

function intend({ repository, worktree }: GitContext, path: string): void {
  const status = worktree.status(path);
  if (status === null || repository.index.has(path)) return;
  const empty = ObjectStore.nameOf("blob", new Uint8Array(0));
  repository.index.set(path, worktree.modeOf(status), empty, NO_STAMP, true);
}

/** Paths that were named, and that a rule leaves out. */
function ignoredWords(context: GitContext, words: readonly string[]): string[] {
  const { repository, disk, ignoreRules } = context;
  return words.filter((word) => {
    const path = fromTop(word, repository.prefix, repository.top);
    const status = disk.status(`${repository.top}/${path}`);
    if (path === "" || status === undefined || repository.index.has(path)) return false;
    if (repository.index.isDirectory(path)) return false;
    return ignoreRules.ignores(path, status.type === "directory");
  });
}

function ignoredFailure(paths: readonly string[]): GitFailure {
  return new GitFailure(
    `The following paths are ignored by one of your .gitignore files:\n${paths.join("\n")}\n` +
      "hint: Use -f if you really want to add them.\nhint: Turn this message off by running\n" +
      'hint: "git config advice.addIgnoredFile false"',
    1,
  );
}

/** A path is looked for in its directory, which may be missing itself. */
function warnOfDirectory({ repository, disk, output }: GitContext, word: string): void {
  const directory = parentOf(fromTop(word, repository.prefix, repository.top));
  const above = parentOf(directory);
  // git looks at the directories from the top, and tells of the last one only.
  if (above === "" || !disk.isDirectory(`${repository.top}/${above}`)) return;
  if (disk.isDirectory(`${repository.top}/${directory}`)) return;
  const type = disk.status(`${repository.top}/${directory}`)?.type;
  const reason = type === undefined ? "No such file or directory" : "Not a directory";
  output.error(`warning: could not open directory '${directory}/': ${reason}`);
}

function isEmptyDirectory({ repository, disk }: GitContext, word: string): boolean {
  const path = fromTop(word, repository.prefix, repository.top);
  return disk.status(`${repository.top}/${path}`)?.type === "directory";
}
