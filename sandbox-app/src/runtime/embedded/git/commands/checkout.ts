import { GitFailure, fatal } from "../cli/failure.ts";
import { type Arguments, OptionTable, parseArguments } from "../cli/options.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";
import { createBranch, trackRemote } from "./branch.ts";
import { restorePaths } from "./restore-paths.ts";
import { goTo, meaning, orphan, remoteBranch } from "./switching.ts";

const options = new OptionTable(
  "b= B= q|quiet f|force detach|d t|track=? no-track orphan= ours theirs m|merge p|patch no-guess guess progress no-progress",
);

export const checkout: GitCommand = async (context, words) => {
  const args = parseArguments(options, words);
  if (args.has("patch")) throw fatal("checkout -p is not supported here; use git restore <file>");
  if (args.has("merge")) throw fatal("checkout -m is not supported here; use git stash");
  const orphaned = args.value("orphan");
  if (orphaned !== undefined) return orphan(context, orphaned);
  const name = args.value("b") ?? args.value("B");
  if (name !== undefined) return newBranch(context, args, name);
  const [first] = args.words;
  if (args.dashesAt === 0) return paths(context, args, null, args.words);
  if (first === undefined)
    return goTo(context, target(args, "HEAD", ownBranch(context, args), false));
  const said = meaning(context, first);
  const isCommit = (await context.revisions.find(said)) !== null;
  if (isCommit && (args.words.length > 1 || args.dashesAt !== null))
    return paths(context, args, said, args.words.slice(1));
  if (isCommit) return existing(context, args, said);
  const remote =
    args.words.length === 1 && args.dashesAt === null ? remoteBranch(context, said) : null;
  if (remote === null) return paths(context, args, null, args.words);
  return fromRemote(context, said, remote, args.has("quiet"));
};

function ownBranch({ repository }: GitContext, args: Arguments): string | null {
  return args.has("detach") ? null : repository.refs.branch;
}

function target(args: Arguments, said: string, branch: string | null, isNew: boolean) {
  return { said, branch, isNew, isForced: args.has("force"), isQuiet: args.has("quiet") };
}

function existing(context: GitContext, args: Arguments, said: string): Promise<number> {
  const isBranch = context.repository.refs.resolve(`refs/heads/${said}`) !== null;
  return goTo(context, target(args, said, isBranch && !args.has("detach") ? said : null, false));
}

async function newBranch(context: GitContext, args: Arguments, name: string): Promise<number> {
  const { refs } = context.repository;
  const start = meaning(context, args.words[0] ?? "HEAD");
  if (refs.head === null && start === "HEAD") {
    refs.attach(name, null);
    context.output.error(`Switched to a new branch '${name}'`);
    return 0;
  }
  const isReset = args.has("B") && refs.resolve(`refs/heads/${name}`) !== null;
  if (!isReset) await createBranch(context, name, start, false);
  else if (refs.branch !== name) await createBranch(context, name, start, true);
  try {
    const code = await goTo(context, { ...target(args, start, name, true) });
    if (isReset && refs.branch === name)
      refs.write(
        `refs/heads/${name}`,
        (await context.revisions.commit(start)).oid,
        `branch: Reset to ${start}`,
      );
    trackRemote(context, name, start, args.has("no-track"));
    return code;
  } catch (error) {
    if (!isReset) refs.delete(`refs/heads/${name}`);
    throw error;
  }
}

export async function fromRemote(
  context: GitContext,
  name: string,
  remote: string,
  isQuiet: boolean,
): Promise<number> {
  await createBranch(context, name, remote, false);
  trackRemote(context, name, remote);
  const to = { said: name, branch: name, isNew: true, isForced: false, isQuiet };
  return goTo(context, to);
}

async function paths(
  context: GitContext,
  args: Arguments,
  said: string | null,
  words: readonly string[],
): Promise<number> {
  const side = args.has("ours") ? 2 : args.has("theirs") ? 3 : null;
  const source = said === null ? null : await context.revisions.tree(said);
  const count = await restorePaths(context, words, {
    source,
    isStaged: source !== null,
    isWorktree: true,
    isOverlay: true,
    side,
  });
  if (count === null) throw new GitFailure("", 1);
  const from = source === null ? "the index" : context.repository.objects.short(source);
  if (!args.has("quiet") && args.dashesAt === null && said === null)
    context.output.error(`Updated ${count} path${count === 1 ? "" : "s"} from ${from}`);
  return 0;
}
