import { DiscoError } from "#protocol/errors.ts";
import { GIT_LISTED_MAX } from "#protocol/limits.ts";
import type { OperationInput, OperationOutput } from "#protocol/registry.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { TabContext, TabHandlers } from "../context.ts";
import { fileLocks, statIfThere } from "../file-access.ts";
import { withFileErrors } from "../file-errors.ts";
import { lastCommit } from "../git/ask-git.ts";
import { withConflictMarks } from "../git/conflict-marks.ts";
import { gitFailure } from "../git/git-failure.ts";
import { readStatus } from "../git/known-status.ts";
import { repositoryLock } from "../git/long-git.ts";
import { changeLists, readDiff, readLog } from "../git/read-changes.ts";
import { findRepository, pathInside, type RepositoryPlace } from "../git/repository-place.ts";
import { type GitAnswer, runGit } from "../git/run-git.ts";
import { invalidArgument } from "../invalid-argument.ts";
import { gitRemoteHandlers } from "./git-remote.ts";

type Names = "git_status" | "git_clone" | "git_commit" | "git_pull" | "git_push";

export const gitHandlers: Pick<TabHandlers, Names> = {
  git_status: (input, context) => withFileErrors(() => tell(input, context)),
  git_commit: (input, context) => withFileErrors(() => make(input, context)),
  ...gitRemoteHandlers,
};

async function tell(
  input: OperationInput<"git_status">,
  { runtime, signal }: TabContext,
): Promise<OperationOutput<"git_status">> {
  const place = await findRepository(runtime, input.path);
  const status = await readStatus(runtime, place, signal);
  const [diff, log, mergeHead] = await Promise.all([
    input.diff ? readDiff(runtime, place, status.commit, signal) : undefined,
    input.log > 0 && status.commit !== null ? readLog(runtime, place, input.log, signal) : [],
    statIfThere(runtime.files, `${place.top}/.git/MERGE_HEAD`).catch(() => undefined),
  ]);
  return {
    branch: status.branch,
    commit: status.commit,
    upstream: status.upstream,
    ahead: status.ahead,
    behind: status.behind,
    merging: mergeHead !== undefined,
    ...changeLists(status, place),
    ...(diff !== undefined && { diff }),
    ...(input.log > 0 && { log }),
  };
}

async function make(
  input: OperationInput<"git_commit">,
  { runtime, signal }: TabContext,
): Promise<OperationOutput<"git_commit">> {
  const place = { ...(await findRepository(runtime, input.repository)), inside: "." };
  const files = await Promise.all(
    (input.files ?? []).map((file) => pathInside(runtime, place, file)),
  );
  return fileLocks.run(repositoryLock(place.top), async () => {
    const { branch, conflicted } = await readStatus(runtime, place, signal);
    await refuseConflicts(input, runtime, place, conflicted);
    signal.throwIfAborted();
    const work = stageAndCommit(input, runtime, { top: place.top, files, signal });
    await withoutDoubt(work, signal);
    // The commit is made, so that it is told also when nobody waits any more.
    const { commit: name, paths, insertions, deletions } = await lastCommit(runtime, place.top);
    return {
      commit: name,
      branch,
      files: paths.slice(0, GIT_LISTED_MAX).map(place.fromRoot),
      stats: { files: paths.length, insertions, deletions },
    };
  });
}

/** `git add` would take marks of a conflict for its solution. */
async function refuseConflicts(
  { all, files }: OperationInput<"git_commit">,
  runtime: Runtime,
  { top, fromRoot }: RepositoryPlace,
  conflicted: readonly string[],
): Promise<void> {
  if (conflicted.length === 0) return;
  const isAll = all && files === undefined;
  const left = isAll ? await withConflictMarks(runtime.files, top, conflicted) : conflicted;
  if (left.length === 0) return;
  const paths = left.slice(0, GIT_LISTED_MAX).map(fromRoot);
  const why = isAll
    ? "still hold marks of a conflict"
    : "are in conflict, so all must be committed";
  throw new DiscoError("git_conflict", `${paths.join(", ")} ${why}.`, { details: { paths } });
}

interface Staging {
  readonly top: string;
  readonly files: readonly string[];
  readonly signal: AbortSignal;
}

async function stageAndCommit(
  { message, all, author }: OperationInput<"git_commit">,
  runtime: Runtime,
  { top, files, signal }: Staging,
): Promise<void> {
  const git = (args: readonly string[], env = {}): Promise<GitAnswer> =>
    runGit(runtime, args, { cwd: top, signal, env });
  const there = await existing(runtime, top, files);
  // What is gone need not be added: git commits that it is gone.
  const added = files.length > 0 ? there : all ? ["."] : [];
  if (added.length > 0) {
    const answer = await git(["add", "--all", "--", ...added]);
    if (answer.code !== 0) throw gitFailure("git add", answer);
  }
  const args = ["commit", "--no-gpg-sign", `--message=${message}`];
  if (author !== undefined) args.push(`--author=${author}`);
  args.push("--", ...files);
  let answer = await git(args);
  const isUnknown =
    answer.code !== 0 && /identity unknown|tell me who you are/i.test(answer.stderr);
  if (isUnknown && author !== undefined) answer = await git(args, committerOf(author));
  else if (isUnknown) throw noIdentity();
  if (answer.code !== 0) throw commitFailure(answer);
}

async function existing(
  { files }: Runtime,
  top: string,
  paths: readonly string[],
): Promise<string[]> {
  const found = await Promise.all(paths.map((path) => statIfThere(files, `${top}/${path}`)));
  return paths.filter((_path, at) => found[at] !== undefined);
}

/** Where nobody is configured, who wrote it commits it. */
function committerOf(author: string): Record<string, string> {
  const [, name = "", email = ""] = /^(.*) <(.*)>$/.exec(author) ?? [];
  return { GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
}

function noIdentity(): DiscoError {
  const wants = "is missing: git's configuration names nobody (git config user.name, user.email)";
  return invalidArgument("author", wants);
}

function commitFailure(answer: GitAnswer): DiscoError {
  const { stdout } = answer;
  if (
    !/^(?:nothing|no changes) (?:added )?to commit/m.test(stdout) &&
    !/^no changes added/m.test(stdout)
  )
    return gitFailure("git commit", answer);
  const last = stdout.trim().split("\n").at(-1) ?? "";
  return new DiscoError("nothing_to_commit", `git commit: ${last}.`);
}

/** A commit that is stopped in its middle may have staged files, or be made. */
async function withoutDoubt(work: Promise<void>, signal: AbortSignal): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    const message = "The commit was stopped in its middle; files may be staged, or committed.";
    throw new DiscoError("outcome_unknown", message, { cause: error });
  }
}
