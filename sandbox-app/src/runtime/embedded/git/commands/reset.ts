import { fatal } from "../cli/failure.ts";
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
  const { revisions, paths } = await splitWords(context, args);
  const said = revisions[0] ?? "HEAD";
  const mode = args.has("hard") ? "hard" : args.has("soft") ? "soft" : "mixed";
  const isUnborn = said === "HEAD" && context.repository.refs.head === null;
  if (paths.length > 0) {
    if (mode !== "mixed") throw fatal(`Cannot do ${mode} reset with paths.`);
    await resetIndex(context, isUnborn ? null : await context.revisions.tree(said), paths);
    if (!args.has("quiet")) tellUnstaged(context);
    return 0;
  }
  if (isUnborn) await resetFiles(context, mode, null);
  else await resetTo(context, mode, said, args.has("quiet"));
  return 0;
};

type ResetMode = "hard" | "mixed" | "soft";

async function resetTo(
  context: GitContext,
  mode: ResetMode,
  said: string,
  isQuiet: boolean,
): Promise<void> {
  const { repository, output } = context;
  const { refs } = repository;
  const { oid, tree, message } = await context.revisions.commit(said);
  if (mode === "soft" && repository.note("MERGE_HEAD") !== undefined)
    throw fatal("Cannot do a soft reset in the middle of a merge.");
  await resetFiles(context, mode, tree);
  if (refs.head !== null) repository.setNote("ORIG_HEAD", `${refs.head}\n`);
  refs.write("HEAD", oid, `reset: moving to ${said}`);
  for (const note of mode === "soft" ? [] : unfinished) repository.setNote(note, null);
  if (isQuiet) return;
  if (mode === "hard")
    output.line(`HEAD is now at ${repository.objects.short(oid)} ${subjectOf(message)}`);
  if (mode === "mixed") tellUnstaged(context);
}

/** What tells of something begun. */
const unfinished = ["MERGE_HEAD", "MERGE_MSG", "MERGE_MODE", "CHERRY_PICK_HEAD", "REVERT_HEAD"];

async function resetFiles(
  context: GitContext,
  mode: ResetMode,
  tree: string | null,
): Promise<void> {
  if (mode === "hard") await resetHard(context, tree);
  if (mode === "mixed") await resetIndex(context, tree, []);
}

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
