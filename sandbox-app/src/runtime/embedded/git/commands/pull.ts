import { fatal, GitFailure } from "../cli/failure.ts";
import { type Arguments, OptionTable, parseArguments } from "../cli/options.ts";
import { isAncestor } from "../history/merge-base.ts";
import { defaultRemote } from "../remote/remote-settings.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";
import type { Repository } from "../repository/repository.ts";
import { fetchFrom } from "./fetch.ts";
import { mergeCommit } from "./merge.ts";

const options = new OptionTable(
  "q|quiet v|verbose progress no-progress depth= unshallow t|tags no-tags p|prune f|force dry-run a|append ff no-ff ff-only " +
    "r|rebase=? no-rebase squash no-squash commit no-commit edit no-edit e n|no-stat stat autostash no-autostash " +
    "allow-unrelated-histories s|strategy= X|strategy-option= recurse-submodules=? no-recurse-submodules no-verify",
);

export const pull: GitCommand = async (context, words) => {
  const args = parseArguments(options, words);
  if (["strategy", "strategy-option", "autostash"].some((name) => args.has(name)))
    throw fatal("strategies and autostash are not supported here; use git fetch and git merge");
  refuseUnfinished(context);
  const [name, ...specs] = args.words;
  const action = ["pull", ...words].join(" ");
  const isComplete = await fetchFrom(context, args, { name, specs, action });
  if (!isComplete) return 1;
  if (args.has("dry-run")) return 0;
  const heads = readFetchHead(context);
  const [first, second] = heads;
  if (first === undefined) throw nothingToMerge(context, name, specs.length > 0);
  if (second !== undefined)
    throw fatal("merging several branches at once is not supported here; pull one after the other");
  const { revisions, repository } = context;
  const oid = await revisions.peel(first.oid, "commit");
  if (oid === null) throw fatal(`${first.what} is no commit`);
  const other = await repository.commit(oid);
  const merging = await reconciled(context, args, other.oid);
  return mergeCommit(context, merging, { other, label: first.oid, action, what: first.what });
};

function refuseUnfinished({ repository }: GitContext): void {
  if (repository.index.unmerged.length > 0)
    throw new GitFailure(
      "error: Pulling is not possible because you have unmerged files.\n" +
        "hint: Fix them up in the work tree, and then use 'git add/rm <file>'\n" +
        "hint: as appropriate to mark resolution and make a commit.\n" +
        "fatal: Exiting because of an unresolved conflict.",
      128,
    );
  if (repository.note("MERGE_HEAD") !== undefined)
    throw new GitFailure(
      "error: You have not concluded your merge (MERGE_HEAD exists).\n" +
        "hint: Please, commit your changes before merging.\n" +
        "fatal: Exiting because of unfinished merge.",
      128,
    );
}

interface Head {
  readonly oid: string;
  /** As messages name it: `branch 'main' of https://host/name`. */
  readonly what: string;
}

function readFetchHead({ repository }: GitContext): Head[] {
  return (repository.note("FETCH_HEAD") ?? "").split("\n").flatMap((line) => {
    const [, oid, what] = /^([0-9a-f]{40})\t\t(.*)$/.exec(line) ?? [];
    return oid !== undefined && what !== undefined ? [{ oid, what }] : [];
  });
}

/** How the two histories are brought together. @throws GitFailure when nobody has said it */
async function reconciled(
  { repository }: GitContext,
  args: Arguments,
  theirs: string,
): Promise<Arguments> {
  const { config, refs } = repository;
  const { head } = refs;
  const setting = config.get("pull.ff");
  const isOnly = args.has("ff-only") || (setting === "only" && !saysHow(args));
  if (head === null) return args;
  if (await isStraight(repository, head, theirs)) {
    if (setting === "false" && !args.has("ff") && !isOnly) args.add("no-ff", "");
    return args;
  }
  if (isOnly) throw fatal("Not possible to fast-forward, aborting.");
  const configured = config.get(`branch.${refs.branch ?? ""}.rebase`) ?? config.get("pull.rebase");
  if (isRebase(args, configured))
    throw fatal("rebasing is not supported here; git pull --no-rebase merges the two histories");
  if (!saysHow(args) && configured === undefined && setting === undefined) throw divergent();
  return args;
}

/** Whether one of the two histories holds the other. */
async function isStraight(repository: Repository, own: string, theirs: string): Promise<boolean> {
  return (await isAncestor(repository, own, theirs)) || (await isAncestor(repository, theirs, own));
}

function isRebase(args: Arguments, configured: string | undefined): boolean {
  if (args.has("rebase")) return args.value("rebase") !== "false";
  return !args.has("no-rebase") && configured !== undefined && configured !== "false";
}

function saysHow(args: Arguments): boolean {
  return ["no-rebase", "rebase", "ff", "no-ff", "squash"].some((name) => args.has(name));
}

function divergent(): GitFailure {
  const lines = [
    "You have divergent branches and need to specify how to reconcile them.",
    "You can do so by running one of the following commands sometime before",
    "your next pull:",
    "",
    "  git config pull.rebase false  # merge",
    "  git config pull.rebase true   # rebase",
    "  git config pull.ff only       # fast-forward only",
    "",
    'You can replace "git config" with "git config --global" to set a default',
    "preference for all repositories. You can also pass --rebase, --no-rebase,",
    "or --ff-only on the command line to override the configured default per",
    "invocation.",
  ];
  const hint = lines.map((line) => `hint: ${line}\n`).join("");
  return new GitFailure(`${hint}fatal: Need to specify how to reconcile divergent branches.`, 128);
}

/** Git's words when nothing of what was fetched is for the branch that HEAD is on. */
function nothingToMerge(
  { repository }: GitContext,
  name: string | undefined,
  isNamed: boolean,
): GitFailure {
  const { config, refs } = repository;
  const { branch } = refs;
  if (isNamed)
    return new GitFailure(
      "There are no candidates for merging among the refs that you just fetched.\n" +
        "Generally this means that you provided a wildcard refspec which had no\n" +
        "matches on the remote end.",
      1,
    );
  if (branch === null)
    return new GitFailure(
      "You are not currently on a branch.\n" +
        "Please specify which branch you want to merge with.\n" +
        "See git-pull(1) for details.\n\n    git pull <remote> <branch>\n",
      1,
    );
  const merge = config.get(`branch.${branch}.merge`);
  if (
    merge !== undefined &&
    config.get(`branch.${branch}.remote`) === (name ?? defaultRemote(repository))
  )
    return new GitFailure(
      `Your configuration specifies to merge with the ref '${merge}'\n` +
        "from the remote, but no such ref was fetched.",
      1,
    );
  if (name !== undefined)
    return new GitFailure(
      `You asked to pull from the remote '${name}', but did not specify\n` +
        "a branch. Because this is not the default configured remote\n" +
        "for your current branch, you must specify a branch on the command line.",
      1,
    );
  const remote =
    config.subsections("remote").length === 1 ? config.subsections("remote")[0] : "<remote>";
  return new GitFailure(
    "There is no tracking information for the current branch.\n" +
      "Please specify which branch you want to merge with.\n" +
      "See git-pull(1) for details.\n\n    git pull <remote> <branch>\n\n" +
      "If you wish to set tracking information for this branch you can do so with:\n\n" +
      `    git branch --set-upstream-to=${remote}/<branch> ${branch}\n`,
    1,
  );
}
