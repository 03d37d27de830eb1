import { fatal, GitFailure } from "../cli/failure.ts";
import { OptionTable, parseArguments } from "../cli/options.ts";
import { compareWorktree } from "../diff/sources.ts";
import { pathOf } from "../diff/file-change.ts";
import { NO_STAMP } from "../index/index-file.ts";
import { subjectOf } from "../objects/commit.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";
import { putFiles, sameFile } from "../worktree/switch-files.ts";
import { splitWords } from "./words.ts";

const options = new OptionTable(
  "soft mixed hard keep merge q|quiet p|patch N|intent-to-add no-refresh refresh",
);

export const reset: GitCommand = async (context, words) => {
  const args = parseArguments(options, words);
  if (args.has("patch") || args.has("keep") || args.has("merge"))
    throw fatal(
      "reset -p, --keep and --merge are not supported here; use --soft, --mixed or --hard",
    );
  const { repository, output } = context;
  const { refs } = repository;
  const { revisions, paths } = await splitWords(context, args);
  const said = revisions[0] ?? "HEAD";
  const isUnborn = said === "HEAD" && refs.head === null;
  const hasMode = args.has("soft") || args.has("hard");
  if (paths.length > 0 || (args.dashesAt !== null && args.after.length > 0)) {
    if (hasMode) throw fatal(`Cannot do ${args.has("hard") ? "hard" : "soft"} reset with paths.`);
    await resetIndex(context, isUnborn ? null : await context.revisions.tree(said), paths);
    if (!args.has("quiet")) tellUnstaged(context);
    return 0;
  }
  if (isUnborn) {
    if (args.has("hard")) await resetHard(context, null);
    else if (!args.has("soft")) await resetIndex(context, null, []);
    return 0;
  }
  const commit = await context.revisions.commit(said);
  if (args.has("soft") && repository.note("MERGE_HEAD") !== undefined)
    throw new GitFailure("fatal: Cannot do a soft reset in the middle of a merge.", 128);
  if (args.has("hard")) await resetHard(context, commit.tree);
  else if (!args.has("soft")) await resetIndex(context, commit.tree, []);
  if (refs.head !== null) repository.setNote("ORIG_HEAD", `${refs.head}\n`);
  refs.write("HEAD", commit.oid, `reset: moving to ${said}`);
  if (!args.has("soft"))
    for (const note of ["MERGE_HEAD", "MERGE_MSG", "MERGE_MODE", "CHERRY_PICK_HEAD", "REVERT_HEAD"])
      repository.setNote(note, null);
  if (args.has("quiet")) return 0;
  if (args.has("hard"))
    output.line(
      `HEAD is now at ${repository.objects.short(commit.oid)} ${subjectOf(commit.message)}`,
    );
  else if (!args.has("soft")) tellUnstaged(context);
  return 0;
};

async function resetIndex(
  context: GitContext,
  tree: string | null,
  paths: readonly string[],
): Promise<void> {
  const { repository } = context;
  const { index } = repository;
  const files = await repository.files(tree);
  const pathspec = context.pathspec(paths);
  for (const path of new Set([...index.paths, ...files.keys()])) {
    if (!pathspec.matches(path)) continue;
    const file = files.get(path);
    if (file === undefined) index.remove(path);
    else if (!sameFile(index.get(path), file)) index.set(path, file.mode, file.oid, NO_STAMP);
  }
  index.save();
}

export async function resetHard(context: GitContext, tree: string | null): Promise<void> {
  const { repository, worktree } = context;
  const files = await repository.files(tree);
  const changed = [...new Set([...repository.index.paths, ...files.keys()])].filter((path) => {
    const entry = repository.index.get(path);
    return entry === undefined || !sameFile(entry, files.get(path)) || worktree.isChanged(entry);
  });
  await putFiles(repository, worktree, changed, files);
  repository.index.save();
}

function tellUnstaged({ repository, worktree, output }: GitContext): void {
  const { changes } = compareWorktree(repository, worktree);
  repository.index.save();
  if (changes.length === 0) return;
  output.line("Unstaged changes after reset:");
  for (const change of changes)
    output.line(`${change.status}\t${repository.quote(pathOf(change))}`);
}
