import type { Runtime } from "../../runtime/runtime.ts";
import { gitFailure } from "./git-failure.ts";
import { runGit } from "./run-git.ts";

/** Milliseconds for a small question after the work is done; its call's own time may be over. */
const QUESTION_MAX_MS = 5_000;

/** Where HEAD is. */
export interface Head {
  /** Null before the first commit. */
  readonly commit: string | null;
  /** Null when it is on no branch. */
  readonly branch: string | null;
}

/** How much a commit changed. */
export interface CommitFacts {
  readonly commit: string;
  readonly paths: readonly string[];
  readonly insertions: number;
  readonly deletions: number;
}

export async function headOf(runtime: Runtime, top: string): Promise<Head> {
  const [commit, branch] = await Promise.all([
    ask(runtime, top, ["rev-parse", "-q", "--verify", "HEAD"], [0, 1]),
    ask(runtime, top, ["symbolic-ref", "-q", "--short", "HEAD"], [0, 1]),
  ]);
  return { commit: commit.trim() || null, branch: branch.trim() || null };
}

/** What HEAD's commit changed against its first parent. */
export async function lastCommit(runtime: Runtime, top: string): Promise<CommitFacts> {
  const args = ["log", "-1", "-m", "--first-parent", "--no-renames", "--numstat", "-z"];
  const text = await ask(runtime, top, [...args, "--format=%H", "HEAD"], [0]);
  const [commit = "", ...rows] = text.split("\0");
  const changes = rows.flatMap((row) => {
    // Of a binary file git counts no lines.
    const [, added, deleted, path] = /^\n?(\d+|-)\t(\d+|-)\t(.+)$/s.exec(row) ?? [];
    return path === undefined ? [] : [{ path, added: linesOf(added), deleted: linesOf(deleted) }];
  });
  return {
    commit,
    paths: changes.map(({ path }) => path),
    insertions: changes.reduce((sum, { added }) => sum + added, 0),
    deletions: changes.reduce((sum, { deleted }) => sum + deleted, 0),
  };
}

function linesOf(said: string | undefined): number {
  return said === undefined || said === "-" ? 0 : Number(said);
}

/** How many files differ between two commits; from null, how many there are. */
export async function changedFiles(
  runtime: Runtime,
  top: string,
  from: string | null,
): Promise<number> {
  const args = from === null ? ["ls-files", "-z"] : ["diff", "--name-only", "-z", from, "HEAD"];
  return namesIn(await ask(runtime, top, args, [0])).length;
}

/** Whether a branch follows another one. */
export async function hasUpstream(runtime: Runtime, top: string, branch: string): Promise<boolean> {
  return (await ask(runtime, top, ["config", "--get", `branch.${branch}.merge`], [0, 1])) !== "";
}

/** A list with NULs behind its names. */
export function namesIn(text: string): string[] {
  return text.split("\0").filter((name) => name !== "");
}

async function ask(
  runtime: Runtime,
  cwd: string,
  args: readonly string[],
  codes: readonly number[],
): Promise<string> {
  const signal = AbortSignal.timeout(QUESTION_MAX_MS);
  const answer = await runGit(runtime, args, { cwd, signal });
  if (codes.includes(answer.code ?? -1)) return answer.stdout;
  throw gitFailure(`git ${args[0]}`, answer);
}
