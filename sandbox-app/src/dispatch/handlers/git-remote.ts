import { DiscoError } from "#protocol/errors.ts";
import { GIT_LISTED_MAX } from "#protocol/limits.ts";
import type { OperationInput, OperationOutput } from "#protocol/registry.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { TabContext, TabHandlers } from "../context.ts";
import { fileLocks, statIfThere } from "../file-access.ts";
import { withFileErrors } from "../file-errors.ts";
import { changedFiles, hasUpstream, type Head, headOf } from "../git/ask-git.ts";
import { gitFailure } from "../git/git-failure.ts";
import { readStatus } from "../git/known-status.ts";
import { type LongGit, repositoryLock, runLongGit } from "../git/long-git.ts";
import { findRepository, type RepositoryPlace } from "../git/repository-place.ts";
import { invalidArgument } from "../invalid-argument.ts";
import { type Location, locate } from "../paths.ts";

type Names = "git_clone" | "git_pull" | "git_push";
type Ended = Extract<LongGit, { state: "ended" }>;

export const gitRemoteHandlers: Pick<TabHandlers, Names> = {
  git_clone: (input, context) => withFileErrors(() => clone(input, context)),
  git_pull: (input, context) => withFileErrors(() => pull(input, context)),
  git_push: (input, context) => withFileErrors(() => push(input, context)),
};

async function clone(
  input: OperationInput<"git_clone">,
  context: TabContext,
): Promise<OperationOutput<"git_clone">> {
  const { runtime } = context;
  const target = await locate(runtime, input.directory ?? nameOf(input.url));
  const { real, relative: directory } = target;
  return fileLocks.run(real, async () => {
    const wasThere = await requireFree(runtime, target);
    const depth = input.depth === 0 ? [] : [`--depth=${input.depth}`];
    const branch = input.branch === undefined ? [] : [`--branch=${input.branch}`];
    const args = ["clone", "--progress", ...depth, ...branch, "--", input.url, real];
    let ended: LongGit;
    try {
      ended = await runLongGit(context, args, runtime.root);
    } catch (error) {
      await clear(runtime, real, wasThere);
      throw error;
    }
    if (ended.state === "running") {
      const unknown = { branch: null, commit: null, files: null };
      return { status: "running", directory, ...unknown, process_id: ended.processId };
    }
    if (ended.code !== 0) {
      // What was brought is there, and only not checked out.
      if (!ended.stderr.includes("Clone succeeded")) await clear(runtime, real, wasThere);
      throw gitFailure("git clone", ended);
    }
    const head = await headOf(runtime, real);
    const files = await changedFiles(runtime, real, null);
    return { status: "done", directory, ...head, files, process_id: null };
  });
}

/** The last part of the URL's path, as git names the directory of a clone. */
function nameOf(url: string): string {
  const { pathname } = new URL(url);
  const name =
    pathname
      .replace(/\/+$/, "")
      .replace(/\.git$/, "")
      .split("/")
      .at(-1) ?? "";
  if (/^[\w.~+@-]+$/.test(name) && !/^\.{0,2}$/.test(name)) return name;
  throw invalidArgument("directory", "is missing: the URL names none");
}

/** @returns whether there is an empty directory already */
async function requireFree({ files }: Runtime, { real, relative }: Location): Promise<boolean> {
  const there = await statIfThere(files, real);
  if (there === undefined) return false;
  if (there.type === "directory" && (await files.list(real)).length === 0) return true;
  throw new DiscoError("already_exists", `${relative} exists already, and is not empty.`);
}

/** Takes away what a clone has left that did not come to its end. */
async function clear({ files }: Runtime, real: string, wasThere: boolean): Promise<void> {
  if ((await statIfThere(files, real)) === undefined) return;
  if (!wasThere) return files.remove(real, { recursive: true });
  for (const { name } of await files.list(real)) {
    await files.remove(`${real}/${name}`, { recursive: true });
  }
  return undefined;
}

async function pull(
  input: OperationInput<"git_pull">,
  context: TabContext,
): Promise<OperationOutput<"git_pull">> {
  const { runtime } = context;
  const place = { ...(await findRepository(runtime, input.repository)), inside: "." };
  return fileLocks.run(repositoryLock(place.top), async () => {
    const before = await headOf(runtime, place.top);
    const branch = input.branch === undefined ? [] : [input.branch];
    const args = ["pull", "--no-rebase", "--no-edit", "--progress", "--", input.remote, ...branch];
    const ended = await runLongGit(context, args, place.top);
    if (ended.state === "running") {
      const unknown = { updated: false, commit: null, files: 0, conflicts: [] };
      return { status: "running", ...unknown, process_id: ended.processId };
    }
    return pulled(runtime, place, before, ended);
  });
}

async function pulled(
  runtime: Runtime,
  place: RepositoryPlace,
  before: Head,
  ended: Ended,
): Promise<OperationOutput<"git_pull">> {
  if (ended.code === 0) {
    const { commit } = await headOf(runtime, place.top);
    const updated = commit !== before.commit;
    const files = updated ? await changedFiles(runtime, place.top, before.commit) : 0;
    return { status: "done", updated, commit, files, conflicts: [], process_id: null };
  }
  // It has an effect already, so that its call's end no longer matters.
  const { conflicted } = await readStatus(runtime, place, new AbortController().signal);
  if (ended.code !== 1 || conflicted.length === 0) throw gitFailure("git pull", ended);
  return {
    status: "conflicts",
    updated: true,
    commit: before.commit,
    files: 0,
    conflicts: conflicted.slice(0, GIT_LISTED_MAX).map(place.fromRoot),
    process_id: null,
  };
}

async function push(
  input: OperationInput<"git_push">,
  context: TabContext,
): Promise<OperationOutput<"git_push">> {
  const { runtime } = context;
  const { top } = await findRepository(runtime, input.repository);
  const branch = input.branch ?? (await headOf(runtime, top)).branch;
  if (branch === null) throw invalidArgument("branch", "is missing: HEAD is on no branch");
  const follows = (await hasUpstream(runtime, top, branch)) ? [] : ["--set-upstream"];
  const force = input.force ? ["--force"] : [];
  const reference = `refs/heads/${branch}`;
  const what = ["--", input.remote, `${reference}:${reference}`];
  const args = ["push", "--porcelain", "--progress", ...force, ...follows, ...what];
  const ended = await runLongGit(context, args, top);
  if (ended.state === "running") {
    const unknown = { pushed: false, branch, url: null };
    return { status: "running", ...unknown, process_id: ended.processId };
  }
  const { url, flag, summary } = readPush(ended.stdout);
  if (ended.code !== 0) throw gitFailure(`git push of ${branch}${summary}`, ended);
  return { status: "done", pushed: flag !== "=", branch, url, process_id: null };
}

/** Reads what `git push --porcelain` says of the one reference (git-push(1), "OUTPUT"). */
function readPush(text: string): { url: string | null; flag: string; summary: string } {
  const to = /^To (\S+)$/m.exec(text)?.[1];
  const [, flag = " ", summary] = /^([ +*=!-])\t\S+\t(.*)$/m.exec(text) ?? [];
  const url = to === undefined ? null : to.replace(/(:\/\/)[^\s/@]+@/, "$1");
  return { url, flag, summary: summary === undefined ? "" : ` ${summary}` };
}
