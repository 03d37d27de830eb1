import { fatal, GitFailure } from "../cli/failure.ts";
import { type Arguments, OptionTable, parseArguments } from "../cli/options.ts";
import { statOf, summaryLines } from "../diff/patch.ts";
import { findRenames } from "../diff/renames.ts";
import { compareTrees } from "../diff/sources.ts";
import { formatStat } from "../diff/stat.ts";
import { mergeBases } from "../history/merge-base.ts";
import { writeTree } from "../index/write-tree.ts";
import { cleanMessage, type Commit, formatCommit } from "../objects/commit.ts";
import { applyMerge } from "../merge/apply-merge.ts";
import { mergeTrees } from "../merge/merge-trees.ts";
import { baseFiles } from "../merge/base-files.ts";
import { fullRefName, upstreamOf } from "../refs/revision.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";
import { switchFiles } from "../worktree/switch-files.ts";
import { commit } from "./commit.ts";
import { goTo } from "./switching.ts";

const options = new OptionTable(
  "ff no-ff ff-only abort continue quit m|message= squash no-squash commit no-commit q|quiet v|verbose n|no-stat stat " +
    "no-edit e|edit s|strategy= X|strategy-option= no-verify allow-unrelated-histories progress no-progress",
);

export const merge: GitCommand = async (context, words) => {
  const args = parseArguments(options, words);
  const { repository } = context;
  if (args.has("abort")) return abort(context);
  if (args.has("continue")) return commit(context, ["--no-edit"]);
  refuse(context, args);
  const { refs } = repository;
  const said = args.words[0] ?? upstreamOf(repository, refs.branch) ?? "@{upstream}";
  const found = await context.revisions.find(said);
  const theirs = found === null ? null : await context.revisions.peel(found, "commit");
  if (theirs === null) throw new GitFailure(`merge: ${said} - not something we can merge`, 1);
  const what = kindOf(context, said);
  const other = await repository.commit(theirs);
  return mergeCommit(context, args, { other, label: said, action: `merge ${said}`, what });
};

/** What is merged, and what it is called. */
export interface MergeGoal {
  readonly other: Commit;
  /** At the end of conflicts. */
  readonly label: string;
  /** In front of what the logs of references say. */
  readonly action: string;
  /** In the message, as `branch 'main'`. */
  readonly what: string;
}

/** Merges a commit into the branch that HEAD is on. @returns exit code */
export async function mergeCommit(
  context: GitContext,
  args: Arguments,
  goal: MergeGoal,
): Promise<number> {
  const { repository, output } = context;
  const { other } = goal;
  const { head } = repository.refs;
  if (head === null) return begin(context, other);
  const own = await repository.commit(head);
  const bases = await mergeBases(repository, own.oid, other.oid);
  if (bases.includes(other.oid)) {
    if (!args.has("quiet")) output.line("Already up to date.");
    return 0;
  }
  if (bases.includes(own.oid) && !args.has("no-ff") && !args.has("squash"))
    return fastForward(context, args, goal, own);
  if (args.has("ff-only")) throw fatal("Not possible to fast-forward, aborting.");
  if (bases.length === 0 && !args.has("allow-unrelated-histories"))
    throw fatal("refusing to merge unrelated histories");
  return realMerge(context, args, { ...goal, own, bases });
}

function refuse({ repository }: GitContext, args: Arguments): void {
  if (args.has("strategy") || args.has("strategy-option"))
    throw fatal(
      "choosing a strategy is not supported here; git checkout --ours|--theirs <file> takes a side",
    );
  if (repository.note("MERGE_HEAD") !== undefined)
    throw fatal(
      "You have not concluded your merge (MERGE_HEAD exists).\nPlease, commit your changes before you merge.",
    );
  if (repository.index.unmerged.length > 0)
    throw new GitFailure(
      "error: Merging is not possible because you have unmerged files.\nfatal: Exiting because of an unresolved conflict.",
      128,
    );
  if (args.words.length > 1)
    throw fatal(
      "merging several branches at once is not supported here; merge one after the other",
    );
}

/** Before the first commit, a merge is the other side's commit. */
async function begin(context: GitContext, other: Commit): Promise<number> {
  const { repository, worktree, ignoreRules } = context;
  const sides = { from: new Map(), to: await repository.files(other.tree) };
  await switchFiles(repository, worktree, ignoreRules, sides, "merge");
  repository.index.save();
  repository.refs.write("HEAD", other.oid, "initial pull");
  return 0;
}

async function abort(context: GitContext): Promise<number> {
  const { repository } = context;
  if (repository.note("MERGE_HEAD") === undefined)
    throw fatal("There is no merge to abort (MERGE_HEAD missing).");
  return goTo(context, {
    said: "HEAD",
    branch: repository.refs.branch,
    isNew: false,
    isForced: true,
    isQuiet: true,
  });
}

async function fastForward(
  context: GitContext,
  args: Arguments,
  { other, action }: MergeGoal,
  own: Commit,
): Promise<number> {
  const { repository, output } = context;
  const [from, to] = [await repository.files(own.tree), await repository.files(other.tree)];
  const short = (oid: string): string => repository.objects.short(oid);
  if (!args.has("quiet")) output.line(`Updating ${short(own.oid)}..${short(other.oid)}`);
  await switchFiles(repository, context.worktree, context.ignoreRules, { from, to }, "merge");
  repository.index.save();
  repository.setNote("ORIG_HEAD", `${own.oid}\n`);
  repository.refs.write("HEAD", other.oid, `${action}: Fast-forward`);
  if (args.has("quiet")) return 0;
  output.line("Fast-forward");
  if (!args.has("no-stat")) output.text(await changesText(context, own.tree, other.tree));
  return 0;
}

interface Sides extends MergeGoal {
  readonly own: Commit;
  readonly bases: readonly string[];
}

async function realMerge(context: GitContext, args: Arguments, sides: Sides): Promise<number> {
  const { repository, output } = context;
  const { label, own, other, bases } = sides;
  const ours = await repository.files(own.tree);
  refuseStaged(context, ours);
  const theirs = await repository.files(other.tree);
  const base = await baseFiles(repository, bases);
  const labels = { ours: "HEAD", theirs: label };
  const result = await mergeTrees(repository, { base, ours, theirs }, labels);
  await applyMerge(context, ours, result);
  for (const message of result.messages) output.line(message);
  const text = messageOf(context, args, sides.what);
  const paths = result.conflicts.map(({ path }) => path);
  if (args.has("squash")) {
    repository.setNote("SQUASH_MSG", text);
    output.line("Squash commit -- not updating HEAD");
    if (paths.length === 0) return 0;
  } else if (paths.length > 0 || args.has("no-commit")) {
    repository.setNote("MERGE_HEAD", `${other.oid}\n`);
    repository.setNote("MERGE_MODE", args.has("no-ff") ? "no-ff" : "");
    repository.setNote("MERGE_MSG", withConflicts(text, paths));
  }
  repository.setNote("ORIG_HEAD", `${own.oid}\n`);
  if (paths.length > 0) {
    output.line("Automatic merge failed; fix conflicts and then commit the result.");
    return 1;
  }
  if (args.has("no-commit")) {
    output.line("Automatic merge went well; stopped before committing as requested");
    return 0;
  }
  return conclude(context, args, sides, text);
}

async function conclude(
  context: GitContext,
  args: Arguments,
  { own, other, action }: Sides,
  message: string,
): Promise<number> {
  const { repository, output } = context;
  const tree = writeTree(repository.index, repository.objects);
  const author = repository.identities.author();
  const committer = repository.identities.committer();
  const draft = { tree, parents: [own.oid, other.oid], author, committer, message };
  const oid = repository.objects.write("commit", formatCommit(draft));
  repository.refs.write("HEAD", oid, `${action}: Merge made by the 'ort' strategy.`);
  if (args.has("quiet")) return 0;
  output.line("Merge made by the 'ort' strategy.");
  if (!args.has("no-stat")) output.text(await changesText(context, own.tree, tree));
  return 0;
}

/** What is staged would become part of the merge. */
function refuseStaged(
  { repository }: GitContext,
  head: ReadonlyMap<string, { mode: number; oid: string }>,
): void {
  const { index } = repository;
  const staged = [...new Set([...index.paths, ...head.keys()])].filter((path) => {
    const [entry, before] = [index.get(path), head.get(path)];
    return entry?.oid !== before?.oid || entry?.mode !== before?.mode;
  });
  if (staged.length === 0) return;
  throw new GitFailure(
    `error: Your local changes to the following files would be overwritten by merge:\n  ${staged.join("\n  ")}\nMerge with strategy ort failed.`,
    2,
  );
}

function messageOf({ repository }: GitContext, args: Arguments, what: string): string {
  if (args.has("message")) return cleanMessage(args.values("message").join("\n\n"), false);
  const { branch } = repository.refs;
  const into = branch === "master" || branch === "main" ? "" : ` into ${branch ?? "HEAD"}`;
  return `Merge ${what}${into}\n`;
}

function kindOf({ repository }: GitContext, said: string): string {
  const full = fullRefName(repository, said);
  if (full?.startsWith("refs/heads/")) return `branch '${said}'`;
  if (full?.startsWith("refs/tags/")) return `tag '${said}'`;
  if (full?.startsWith("refs/remotes/")) {
    const short = said.replace(/^refs\/remotes\//, "");
    return `remote-tracking branch '${short}'`;
  }
  return `commit '${said}'`;
}

function withConflicts(text: string, paths: readonly string[]): string {
  if (paths.length === 0) return text;
  return `${text}\n# Conflicts:\n${paths.map((path) => `#\t${path}\n`).join("")}`;
}

/** The table of changes that a merge ends with. */
async function changesText(
  { repository }: GitContext,
  before: string,
  after: string,
): Promise<string> {
  const comparison = await compareTrees(repository, before, after);
  const changes = await findRenames(comparison.changes, comparison.read);
  const stats = [];
  for (const change of changes) stats.push(await statOf(repository, change, comparison.read));
  return `${formatStat(stats)}${summaryLines(repository, changes)}`;
}
