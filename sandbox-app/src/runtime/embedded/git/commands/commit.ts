import { fatal, GitFailure } from "../cli/failure.ts";
import { type Arguments, OptionTable, parseArguments } from "../cli/options.ts";
import { compareTrees } from "../diff/sources.ts";
import { findRenames } from "../diff/renames.ts";
import { statOf, summaryLines } from "../diff/patch.ts";
import { formatShortStat } from "../diff/stat.ts";
import { type Staged, writeTree } from "../index/write-tree.ts";
import { decode } from "../objects/bytes.ts";
import {
  cleanMessage,
  type Commit,
  formatCommit,
  type Signature,
  subjectOf,
} from "../objects/commit.ts";
import { formatDate } from "../repository/dates.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";
import { absolute } from "../repository/repository.ts";
import { readStatus } from "../worktree/status-model.ts";
import { longStatus } from "./status-long.ts";

const options = new OptionTable(
  "a|all m|message= F|file= C|reuse-message= c|reedit-message= amend allow-empty allow-empty-message " +
    "no-edit e|edit author= date= n|no-verify verify q|quiet s|signoff v|verbose reset-author cleanup= " +
    "o|only i|include no-gpg-sign S|gpg-sign=? dry-run p|patch fixup= squash= no-status status no-post-rewrite",
);

export const commit: GitCommand = async (context, words) => {
  const args = parseArguments(options, words);
  refuse(args);
  const { repository, output } = context;
  const { refs, index } = repository;
  const held = await stageFor(context, args);
  const plan = await planOf(context, args.has("amend"), held);
  if (await isEmpty(context, plan, args)) {
    index.save();
    return plan.amended === null ? nothingToCommit(context) : emptyAmend(context);
  }
  const draft = {
    tree: plan.tree,
    parents: plan.parents,
    message: await readMessage(context, args, plan.amended),
    author: await authorOf(context, args, plan.amended),
    committer: repository.identities.committer(),
  };
  const oid = repository.objects.write("commit", formatCommit(draft));
  index.save();
  refs.write("HEAD", oid, `commit${plan.kind}: ${subjectOf(draft.message)}`);
  for (const note of ["MERGE_HEAD", "MERGE_MSG", "MERGE_MODE", "CHERRY_PICK_HEAD", "REVERT_HEAD"])
    repository.setNote(note, null);
  if (args.has("quiet")) return 0;
  const isDated = plan.amended !== null || args.has("date") || args.has("reuse-message");
  output.text(await commitSummary(context, { oid, ...draft }, isDated));
  return 0;
};

/** @returns what the commit will hold */
async function stageFor(context: GitContext, args: Arguments): Promise<Staged> {
  const { repository, output } = context;
  const { index } = repository;
  if (args.has("all") && args.words.length > 0)
    throw fatal(`paths '${args.words[0]} ...' with -a does not make sense`);
  if (args.has("all")) stageTracked(context);
  const only = args.words.length > 0 ? await stageOnly(context, args) : index;
  for (const path of index.unmerged) output.line(`U\t${repository.quote(path)}`);
  if (index.unmerged.length > 0) throw unmerged();
  return only;
}

/** What the new commit will stand on. */
interface Plan {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly amended: Commit | null;
  /** For the log of HEAD: ` (amend)`, ` (initial)`, ` (merge)` or nothing. */
  readonly kind: string;
}

async function planOf({ repository }: GitContext, isAmend: boolean, held: Staged): Promise<Plan> {
  const { refs, objects } = repository;
  const before = refs.head === null ? null : await repository.commit(refs.head);
  const merged = repository.note("MERGE_HEAD")?.trim();
  if (isAmend && before === null) throw fatal("You have nothing to amend.");
  if (isAmend && merged !== undefined)
    throw fatal("You are in the middle of a merge -- cannot amend.");
  const tree = writeTree(held, objects);
  if (isAmend && before !== null)
    return { tree, parents: before.parents, amended: before, kind: " (amend)" };
  if (before === null) return { tree, parents: [], amended: null, kind: " (initial)" };
  const parents = [before.oid, ...(merged?.split("\n") ?? [])];
  return { tree, parents, amended: null, kind: merged === undefined ? "" : " (merge)" };
}

/** Whether the commit would change nothing; a merge may. */
async function isEmpty({ repository }: GitContext, plan: Plan, args: Arguments): Promise<boolean> {
  const { parents, tree, amended } = plan;
  if (args.has("allow-empty") || parents.length > 1) return false;
  const [parent] = parents;
  if (parent !== undefined) return (await repository.commit(parent)).tree === tree;
  return repository.index.paths.length === 0 && amended === null;
}

function refuse(args: Arguments): void {
  if (args.has("patch")) throw fatal("commit -p is not supported here; use git add and git commit");
  if (args.has("gpg-sign")) throw fatal("signing commits is not supported here");
  if (args.has("fixup") || args.has("squash"))
    throw fatal("--fixup and --squash need rebase, which is not supported here; use --amend");
}

function unmerged(): GitFailure {
  return new GitFailure(
    "error: Committing is not possible because you have unmerged files.\n" +
      "hint: Fix them up in the work tree, and then use 'git add/rm <file>'\n" +
      "hint: as appropriate to mark resolution and make a commit.\n" +
      "fatal: Exiting because of an unresolved conflict.",
    128,
  );
}

function stageTracked({ repository, worktree }: GitContext): void {
  for (const path of repository.index.paths) {
    const entry = repository.index.get(path);
    if (entry === undefined || entry.isIntent || worktree.isChanged(entry)) worktree.stage(path);
  }
}

/** With paths, what is staged of other files stays staged, and out of the commit. */
async function stageOnly(context: GitContext, args: Arguments): Promise<Staged> {
  const { repository, worktree } = context;
  const { index } = repository;
  const pathspec = context.pathspec(args.words);
  if (repository.note("MERGE_HEAD") !== undefined && !args.has("include"))
    throw fatal("cannot do a partial commit during a merge.");
  const head = await repository.headFiles();
  const known = [...new Set([...index.paths, ...head.keys()])];
  const [missing] = pathspec.unmatched(known);
  if (missing !== undefined)
    throw new GitFailure(`error: pathspec '${missing}' did not match any file(s) known to git`, 1);
  for (const path of known) if (pathspec.matches(path)) worktree.stage(path);
  if (args.has("include")) return index;
  const named = index.entries.filter(({ path }) => pathspec.matches(path));
  const others = [...head].filter(([path]) => !pathspec.matches(path));
  return {
    unmerged: [],
    entries: [...named, ...others.map(([path, { mode, oid }]) => ({ path, mode, oid }))],
  };
}

async function nothingToCommit(context: GitContext): Promise<number> {
  const { repository, output } = context;
  const question = { untracked: "normal", ignored: false, pathspec: context.pathspec([]) } as const;
  const model = await readStatus(context, question);
  output.text(longStatus(repository, model, { untracked: true, ignored: false, isCommit: true }));
  return 1;
}

function emptyAmend({ output }: GitContext): number {
  output.line(
    "You asked to amend the most recent commit, but doing so would make\n" +
      "it empty. You can repeat your command with --allow-empty, or you can\n" +
      'remove the commit entirely with "git reset HEAD^".',
  );
  return 1;
}

async function readMessage(
  context: GitContext,
  args: Arguments,
  amended: Commit | null,
): Promise<string> {
  const { repository } = context;
  const raw = await rawMessage(context, args, amended);
  const cleanup = args.value("cleanup");
  let message = cleanup === "verbatim" ? raw : cleanMessage(raw, cleanup === "strip");
  if (args.has("signoff")) {
    const { name, email } = repository.identities.committer();
    const line = `Signed-off-by: ${name} <${email}>\n`;
    const hasTrailer = /\n\n(?:[\w-]+: .*\n)+$/.test(message);
    if (!message.endsWith(line)) message += `${hasTrailer ? "" : "\n"}${line}`;
  }
  if (message.trim() === "" && !args.has("allow-empty-message"))
    throw new GitFailure("Aborting commit due to empty commit message.", 1);
  return message;
}

async function rawMessage(
  context: GitContext,
  args: Arguments,
  amended: Commit | null,
): Promise<string> {
  const { repository, disk, cwd } = context;
  if (args.has("message"))
    return args
      .values("message")
      .map((one) => `${one}\n`)
      .join("\n");
  const file = args.value("file");
  if (file === "-") return decode(await context.readInput());
  if (file !== undefined) {
    const text = disk.readText(absolute(cwd, file));
    if (text === undefined)
      throw fatal(`could not read log file '${file}': No such file or directory`);
    return text;
  }
  const reused = args.value("reuse-message");
  if (reused !== undefined) return (await context.revisions.commit(reused)).message;
  const prepared = repository.note("MERGE_MSG");
  if (prepared !== undefined) return args.has("no-edit") ? prepared : cleanMessage(prepared, true);
  if (amended !== null && args.has("no-edit")) return amended.message;
  throw new GitFailure(
    "error: there is no editor here; give the message by -m or -F" +
      (amended === null ? "" : ", or keep it by --no-edit"),
    1,
  );
}

async function authorOf(
  context: GitContext,
  args: Arguments,
  amended: Commit | null,
): Promise<Signature> {
  const { identities } = context.repository;
  const [said, date] = [args.value("author"), args.value("date")];
  if (said !== undefined) {
    const parsed = identities.parse(said, date);
    return amended === null || date !== undefined
      ? parsed
      : { ...amended.author, name: parsed.name, email: parsed.email };
  }
  const reused = args.value("reuse-message");
  const from = reused === undefined ? amended : await context.revisions.commit(reused);
  const picked = context.repository.note("CHERRY_PICK_HEAD")?.trim();
  const original = from ?? (picked ? await context.repository.commit(picked) : null);
  const author =
    original === null || args.has("reset-author") ? identities.author() : original.author;
  return date === undefined ? author : { ...author, ...identities.date(date) };
}

/** What a commit says when it is done: `[main abc1234] Subject` and the files. */
async function commitSummary(
  { repository }: GitContext,
  made: Commit,
  isDated: boolean,
): Promise<string> {
  const { branch } = repository.refs;
  const root = made.parents.length === 0 ? " (root-commit)" : "";
  const short = repository.objects.short(made.oid);
  let text = `[${branch ?? "detached HEAD"}${root} ${short}] ${subjectOf(made.message)}\n`;
  const { author, committer } = made;
  if (author.name !== committer.name || author.email !== committer.email)
    text += ` Author: ${author.name} <${author.email}>\n`;
  if (isDated) text += ` Date: ${formatDate(author, "default")}\n`;
  const [parent] = made.parents;
  if (made.parents.length > 1) return text;
  const parentTree = parent === undefined ? null : (await repository.commit(parent)).tree;
  const comparison = await compareTrees(repository, parentTree, made.tree);
  const changes = await findRenames(comparison.changes, comparison.read);
  const stats = [];
  for (const change of changes) stats.push(await statOf(repository, change, comparison.read));
  return `${text}${formatShortStat(stats)}${summaryLines(repository, changes)}`;
}
