import { failure, fatal, GitFailure } from "../cli/failure.ts";
import { type Arguments, OptionTable, parseArguments } from "../cli/options.ts";
import { chosenChanges, diffOptions, diffViewOf, showChanges } from "../diff/show-diff.ts";
import { compareTrees } from "../diff/sources.ts";
import { NO_STAMP } from "../index/index-file.ts";
import { writeTree } from "../index/write-tree.ts";
import { type Commit, formatCommit, subjectOf } from "../objects/commit.ts";
import { formatTree, Mode } from "../objects/tree.ts";
import { applyMerge } from "../merge/apply-merge.ts";
import type { FileMap } from "../diff/file-change.ts";
import { mergeTrees } from "../merge/merge-trees.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";
import { sameFile } from "../worktree/switch-files.ts";
import { findUntracked } from "../worktree/untracked.ts";
import { resetHard } from "./reset.ts";
import { status } from "./status.ts";

const STASH = "refs/stash";
const pushOptions = new OptionTable(
  "m|message= u|include-untracked k|keep-index no-keep-index q|quiet a|all p|patch S|staged",
);
const otherOptions = new OptionTable(`index quiet include-untracked only-untracked ${diffOptions}`);

export const stash: GitCommand = async (context, words) => {
  const [first = "push", ...rest] = words;
  switch (first) {
    case "push":
    case "save":
      return push(context, rest, first === "save");
    case "list":
      return list(context);
    case "show":
      return show(context, rest);
    case "apply":
    case "pop":
      return apply(context, rest, first === "pop");
    case "drop":
      return drop(context, rest);
    case "clear":
      context.repository.refs.delete(STASH);
      return 0;
    case "branch":
    case "create":
    case "store":
      throw fatal(`stash ${first} is not supported here; use git stash push and pop`);
    default:
      if (first.startsWith("-")) return push(context, words, false);
      throw failure(`unknown subcommand: \`${first}'`, 129);
  }
};

async function push(
  context: GitContext,
  words: readonly string[],
  isSave: boolean,
): Promise<number> {
  const args = parseArguments(pushOptions, words);
  refuse(args, isSave);
  const { repository, output } = context;
  const { refs, index, objects, identities } = repository;
  if (refs.head === null) throw new GitFailure("You do not have the initial commit yet", 1);
  if (index.unmerged.length > 0)
    throw new GitFailure(index.unmerged.map((path) => `${path}: needs merge`).join("\n"), 1);
  const head = await repository.commit(refs.head);
  const others = args.has("include-untracked") ? untrackedFiles(context) : [];
  const trees = stashTrees(context, others);
  if (trees.work === head.tree && trees.index === head.tree && trees.untracked === null) {
    output.line("No local changes to save");
    return 0;
  }
  const branch = refs.branch ?? "(no branch)";
  const subject = `${branch}: ${objects.short(head.oid)} ${subjectOf(head.message)}`;
  const who = { author: identities.author(), committer: identities.committer() };
  const make = (tree: string, parents: string[], text: string): string =>
    objects.write("commit", formatCommit({ tree, parents, ...who, message: text }));
  const parents = [head.oid, make(trees.index, [head.oid], `index on ${subject}\n`)];
  if (trees.untracked !== null)
    parents.push(make(trees.untracked, [], `untracked files on ${subject}\n`));
  const said = isSave ? args.words.join(" ") : (args.value("message") ?? "");
  const message = said === "" ? `WIP on ${subject}` : `On ${branch}: ${said}`;
  refs.write(STASH, make(trees.work, parents, message), message);
  for (const path of others) context.worktree.remove(path);
  await resetHard(context, args.has("keep-index") ? trees.index : head.tree);
  if (!args.has("quiet")) output.line(`Saved working directory and index state ${message}`);
  return 0;
}

function refuse(args: Arguments, isSave: boolean): void {
  if (args.has("patch") || args.has("all") || args.has("staged"))
    throw fatal("stash -p, -a and -S are not supported here; use git stash push");
  if (args.words.length > 0 && !isSave)
    throw fatal(
      "stashing some paths only is not supported here; commit or restore the others first",
    );
}

/** Without repositories inside this one. */
function untrackedFiles({ repository, ignoreRules }: GitContext): string[] {
  const { untracked } = findUntracked(repository, ignoreRules, "all");
  return untracked.filter((path) => !path.endsWith("/"));
}

/** What is staged, what is on disk, and what is not tracked. */
function stashTrees(context: GitContext, others: readonly string[]) {
  const { repository, worktree } = context;
  const { index: staged, objects } = repository;
  const index = writeTree(staged, objects);
  const untracked = others.length === 0 ? null : treeOfUntracked(context, others);
  for (const path of staged.paths) {
    const entry = staged.get(path);
    if (entry !== undefined && worktree.isChanged(entry)) worktree.stage(path);
  }
  return { index, untracked, work: writeTree(staged, objects) };
}

function treeOfUntracked({ repository, worktree }: GitContext, paths: readonly string[]): string {
  type Folder = Map<string, Folder | { mode: number; oid: string }>;
  const top: Folder = new Map();
  for (const path of paths) {
    const file = worktree.read(path);
    if (file === null) continue;
    const oid = repository.objects.write("blob", file.content);
    const parts = path.split("/");
    const name = parts.pop() ?? "";
    let at = top;
    for (const part of parts) {
      const next = at.get(part);
      const folder: Folder = next instanceof Map ? next : new Map();
      at.set(part, folder);
      at = folder;
    }
    at.set(name, { mode: file.mode, oid });
  }
  const write = (folder: Folder): string => {
    const entries = [...folder].map(([name, one]) =>
      one instanceof Map
        ? { name, mode: Mode.directory, oid: write(one) }
        : { name, mode: one.mode, oid: one.oid },
    );
    return repository.objects.write("tree", formatTree(entries));
  };
  return write(top);
}

function list({ repository, output }: GitContext): number {
  const entries = repository.refs.log(STASH).toReversed();
  for (const [at, { message }] of entries.entries()) output.line(`stash@{${at}}: ${message}`);
  return 0;
}

interface Found {
  readonly oid: string;
  readonly number: number;
  readonly isSaid: boolean;
}

/** `stash@{1}`, `1`, or the last one. */
function find({ repository }: GitContext, said: string | undefined): Found {
  const entries = repository.refs.log(STASH);
  if (entries.length === 0) throw new GitFailure("No stash entries found.", 1);
  const number = said === undefined ? "0" : /^(?:stash@\{)?(\d+)\}?$/.exec(said)?.[1];
  const entry = number === undefined ? undefined : entries[entries.length - 1 - Number(number)];
  if (entry === undefined) throw failure(`${said} is not a valid reference`);
  return { oid: entry.to, number: Number(number), isSaid: said !== undefined };
}

async function show(context: GitContext, words: readonly string[]): Promise<number> {
  const args = parseArguments(otherOptions, words);
  const { repository, output } = context;
  const commit = await repository.commit(find(context, args.words[0]).oid);
  const base = await repository.commit(commit.parents[0] ?? "");
  const comparison = await compareTrees(repository, base.tree, commit.tree);
  const view = diffViewOf(args, repository, ["stat"]);
  const changes = await chosenChanges(comparison, view, null);
  await showChanges(repository, output, changes, comparison, view);
  return 0;
}

async function apply(
  context: GitContext,
  words: readonly string[],
  drops: boolean,
): Promise<number> {
  const args = parseArguments(otherOptions, words);
  const { repository, output } = context;
  const found = find(context, args.words[0]);
  const commit = await repository.commit(found.oid);
  const [baseOid = "", , untracked] = commit.parents;
  if (args.has("index") && repository.refs.head !== baseOid)
    throw fatal(
      "stash --index is supported here only on the commit where it was made; try without --index",
    );
  if (untracked !== undefined) await refuseExisting(context, untracked);
  const hasConflicts = await bringBack(context, commit, args.has("index"));
  if (!args.has("quiet")) {
    context.forgetIgnoreRules();
    await status(context, []);
  }
  if (!hasConflicts) return drops ? remove(context, found, args.has("quiet")) : 0;
  if (drops) output.line("The stash entry is kept in case you need it again.");
  return 1;
}

/** @returns whether there are conflicts */
async function bringBack(
  context: GitContext,
  stashed: Commit,
  withIndex: boolean,
): Promise<boolean> {
  const { repository, worktree, output } = context;
  const [baseOid = "", indexOid = "", untracked] = stashed.parents;
  const tree = async (oid: string): Promise<FileMap> =>
    repository.files((await repository.commit(oid)).tree);
  const ours = await repository.files(writeTree(repository.index, repository.objects));
  const sides = { base: await tree(baseOid), ours, theirs: await repository.files(stashed.tree) };
  const labels = { ours: "Updated upstream", theirs: "Stashed changes" };
  const result = await mergeTrees(repository, sides, labels);
  await applyMerge(context, ours, result);
  if (stashed.tree === (await repository.commit(baseOid)).tree) output.line("Already up to date.");
  for (const message of result.messages) output.line(message);
  const hasConflicts = result.conflicts.length > 0;
  if (!hasConflicts) unstage(context, withIndex ? await tree(indexOid) : ours);
  for (const [path, file] of untracked === undefined ? [] : await tree(untracked))
    await worktree.write(path, file.mode, file.oid);
  repository.index.save();
  return hasConflicts;
}

/** Untracked files of a stash never take the place of others. */
async function refuseExisting({ repository, worktree }: GitContext, oid: string): Promise<void> {
  const files = await repository.files((await repository.commit(oid)).tree);
  const existing = [...files.keys()].filter((path) => worktree.status(path) !== null);
  if (existing.length === 0) return;
  const lines = existing.map((path) => `${path} already exists, no checkout`);
  throw new GitFailure(
    `${lines.join("\n")}\nerror: could not restore untracked files from stash`,
    1,
  );
}

/** The index is as it was before, but new files stay in it. */
function unstage({ repository }: GitContext, before: FileMap): void {
  const { index } = repository;
  for (const [path, file] of before) {
    if (!sameFile(index.get(path), file)) index.set(path, file.mode, file.oid, NO_STAMP);
  }
}

function drop(context: GitContext, words: readonly string[]): number {
  const args = parseArguments(otherOptions, words);
  return remove(context, find(context, args.words[0]), args.has("quiet"));
}

function remove(
  { repository, output }: GitContext,
  { oid, number, isSaid }: Found,
  isQuiet: boolean,
): number {
  const { refs } = repository;
  const entries = refs.log(STASH);
  const at = entries.length - 1 - number;
  const next = entries[at + 1];
  const left = entries.toSpliced(at, 1);
  // Each line begins where the one before ended.
  if (next !== undefined) left[at] = { ...next, from: entries[at]?.from ?? next.from };
  const last = left.at(-1);
  refs.delete(STASH);
  if (last !== undefined) {
    refs.write(STASH, last.to, "");
    refs.writeLog(STASH, left);
  }
  if (!isQuiet) output.line(`Dropped ${isSaid ? "" : "refs/"}stash@{${number}} (${oid})`);
  return 0;
}
