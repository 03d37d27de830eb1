import { fatal, GitFailure } from "../cli/failure.ts";
import { compareWorktreeWith } from "../diff/sources.ts";
import { pathOf } from "../diff/file-change.ts";
import { subjectOf } from "../objects/commit.ts";
import { previousBranch } from "../refs/revision.ts";
import type { GitContext } from "../repository/context.ts";
import { putFiles, sameFile, switchFiles } from "../worktree/switch-files.ts";
import { readTracking, trackingText } from "../worktree/status-model.ts";

export interface SwitchTarget {
  /** A commit, as it was said. */
  readonly said: string;
  /** Short name of the branch to be on; null to detach HEAD. */
  readonly branch: string | null;
  readonly isNew: boolean;
  readonly isForced: boolean;
  readonly isQuiet: boolean;
}

/** `-` is where HEAD was before. */
export function meaning(context: GitContext, said: string): string {
  if (said !== "-") return said;
  const before = previousBranch(context.repository, 1);
  if (before === null)
    throw new GitFailure("error: pathspec '-' did not match any file(s) known to git", 1);
  return before;
}

/**
 * Goes to another branch or commit: files, index and HEAD.
 *
 * @throws GitFailure, with nothing done, when changes would be lost
 */
export async function goTo(context: GitContext, target: SwitchTarget): Promise<number> {
  const { repository } = context;
  const { refs } = repository;
  const commit = await context.revisions.commit(target.said);
  // A new branch where HEAD is anyway changes no file.
  const stays = target.isNew && commit.oid === refs.head && !target.isForced;
  const to = await repository.files(commit.tree);
  if (!stays) await changeFiles(context, target, to);
  const before = { branch: refs.branch, head: refs.head };
  const name = before.branch ?? before.head ?? "";
  const reason = `checkout: moving from ${name} to ${target.branch ?? target.said}`;
  const isSame = target.branch !== null && target.branch === before.branch;
  if (target.branch === null) refs.detach(commit.oid, reason);
  else refs.attach(target.branch, reason);
  if (target.isForced)
    for (const note of ["MERGE_HEAD", "MERGE_MSG", "MERGE_MODE"]) repository.setNote(note, null);
  if (target.isQuiet) return 0;
  if (!target.isForced && !stays) kept(context, to);
  await tell(context, target, before, isSame);
  return 0;
}

type FileMap = Awaited<ReturnType<GitContext["repository"]["files"]>>;

async function changeFiles(context: GitContext, target: SwitchTarget, to: FileMap): Promise<void> {
  const { repository, worktree, ignoreRules, output } = context;
  const { unmerged } = repository.index;
  if (unmerged.length > 0 && !target.isForced) {
    for (const path of unmerged) output.line(`${path}: needs merge`);
    throw new GitFailure("error: you need to resolve your current index first", 1);
  }
  const from = await repository.headFiles();
  if (target.isForced) await force(context, to);
  else await switchFiles(repository, worktree, ignoreRules, { from, to }, "checkout");
  repository.index.save();
}

/** Every tracked file becomes that of the target. */
async function force(context: GitContext, to: FileMap): Promise<void> {
  const { repository, worktree } = context;
  const changed = [...new Set([...repository.index.paths, ...to.keys()])].filter((path) => {
    const entry = repository.index.get(path);
    return entry === undefined || !sameFile(entry, to.get(path)) || worktree.isChanged(entry);
  });
  await putFiles(repository, worktree, changed, to);
}

/** Changes that came along. */
function kept(
  { repository, worktree, output }: GitContext,
  to: ReadonlyMap<string, { mode: number; oid: string }>,
): void {
  for (const change of compareWorktreeWith(repository, worktree, to).changes)
    output.line(`${change.status}\t${repository.quote(pathOf(change))}`);
}

async function tell(
  context: GitContext,
  target: SwitchTarget,
  before: { readonly branch: string | null; readonly head: string | null },
  isSame: boolean,
): Promise<void> {
  const { repository, output } = context;
  const title = async (oid: string): Promise<string> =>
    `${repository.objects.short(oid)} ${subjectOf((await repository.commit(oid)).message)}`;
  const now = repository.refs.head ?? "";
  if (before.branch === null && before.head !== null && before.head !== now)
    output.error(`Previous HEAD position was ${await title(before.head)}`);
  if (target.branch === null) {
    if (before.branch !== null) output.error(detachedAdvice(target.said));
    output.error(`HEAD is now at ${await title(now)}`);
    return;
  }
  output.error(
    isSame
      ? `Already on '${target.branch}'`
      : `Switched to ${target.isNew ? "a new branch" : "branch"} '${target.branch}'`,
  );
  if (!target.isNew) output.text(trackingText(await readTracking(context, target.branch)));
}

export function detachedAdvice(said: string): string {
  return `Note: switching to '${said}'.

You are in 'detached HEAD' state. You can look around, make experimental
changes and commit them, and you can discard any commits you make in this
state without impacting any branches by switching back to a branch.

If you want to create a new branch to retain commits you create, you may
do so (now or later) by using -c with the switch command. Example:

  git switch -c <new-branch-name>

Or undo this operation with:

  git switch -

Turn off this advice by setting config variable advice.detachedHead to false
`;
}

/** A branch that only a remote has gets a local one that follows it. */
export function remoteBranch({ repository }: GitContext, name: string): string | null {
  const found = repository.refs
    .list("refs/remotes/")
    .filter((ref) => ref.name.replace(/^refs\/remotes\/[^/]+\//, "") === name);
  if (found.length > 1)
    throw fatal(`'${name}' matched multiple (${found.length}) remote tracking branches`);
  return found[0]?.name.slice("refs/remotes/".length) ?? null;
}

/** Starts a branch without history; the files stay. */
export function orphan({ repository, output }: GitContext, name: string): number {
  if (repository.refs.resolve(`refs/heads/${name}`) !== null)
    throw fatal(`a branch named '${name}' already exists`);
  repository.refs.attach(name, null);
  output.error(`Switched to a new branch '${name}'`);
  return 0;
}
