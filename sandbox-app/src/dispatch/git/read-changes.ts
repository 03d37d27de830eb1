import { GIT_DIFF_MAX_CHARS, GIT_LISTED_MAX } from "#protocol/limits.ts";
import type { OperationOutput } from "#protocol/registry.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { sliceWhole } from "../lines.ts";
import { gitFailure } from "./git-failure.ts";
import type { ParsedStatus } from "./parse-status.ts";
import type { RepositoryPlace } from "./repository-place.ts";
import { runGit } from "./run-git.ts";

type Output = OperationOutput<"git_status">;
type Change = Output["modified"][number]["change"];
type Log = NonNullable<Output["log"]>;

/** The most bytes that one UTF-16 code unit becomes in UTF-8 (RFC 3629, section 3). */
const UTF8_BYTES_PER_CHAR_MAX = 3;

const changes: Readonly<Record<string, Change>> = {
  A: "added",
  D: "deleted",
  M: "modified",
  R: "renamed",
  T: "type_changed",
};

type Lists = Pick<Output, "staged" | "modified" | "untracked" | "conflicted" | "total">;

/** What git says of each file, as the answer has it. */
export function changeLists(status: ParsedStatus, { fromRoot }: RepositoryPlace): Lists {
  const { changed, untracked, conflicted } = status;
  const staged = changed.flatMap(({ path, from, index }) => {
    const change = changes[index];
    if (change === undefined) return [];
    const row = { path: fromRoot(path), change };
    return [from === undefined ? row : { ...row, from: fromRoot(from) }];
  });
  const modified = changed.flatMap(({ path, disk }) => {
    const change = changes[disk];
    return change === undefined ? [] : [{ path: fromRoot(path), change }];
  });
  return {
    staged: staged.slice(0, GIT_LISTED_MAX),
    modified: modified.slice(0, GIT_LISTED_MAX),
    untracked: untracked.slice(0, GIT_LISTED_MAX).map(fromRoot),
    conflicted: conflicted.slice(0, GIT_LISTED_MAX).map(fromRoot),
    total: changed.length + untracked.length + conflicted.length,
  };
}

/** What differs from the last commit, staged or not; without what is not tracked. */
export async function readDiff(
  runtime: Runtime,
  { top, inside }: RepositoryPlace,
  commit: string | null,
  signal: AbortSignal,
): Promise<string> {
  const against = commit === null ? "--cached" : "HEAD";
  // As for GIT_OPTIONAL_LOCKS, which this command does not heed.
  const quietly = ["-c", "diff.autoRefreshIndex=false"];
  const args = [...quietly, "diff", "--no-color", "--no-ext-diff", against, "--", inside];
  const enoughBytes = GIT_DIFF_MAX_CHARS * UTF8_BYTES_PER_CHAR_MAX;
  const answer = await runGit(runtime, args, { cwd: top, signal, enoughBytes });
  if (answer.code !== 0 && !answer.isCut) throw gitFailure("git diff", answer);
  const { stdout } = answer;
  if (stdout.length <= GIT_DIFF_MAX_CHARS && !answer.isCut) return stdout;
  const kept = sliceWhole(stdout, GIT_DIFF_MAX_CHARS);
  const lines = kept.slice(0, kept.lastIndexOf("\n") + 1) || `${kept}\n`;
  return `${lines}… the diff is longer; name one of the files in path to see it alone …\n`;
}

/** The last commits, the latest first; of a path only those that changed it. */
export async function readLog(
  runtime: Runtime,
  { top, inside }: RepositoryPlace,
  count: number,
  signal: AbortSignal,
): Promise<Log> {
  const paths = inside === "." ? [] : [inside];
  const args = ["log", `--max-count=${count}`, "--format=%H%x00%an%x00%aI%x00%s%x00"];
  const answer = await runGit(runtime, [...args, "--", ...paths], { cwd: top, signal });
  if (answer.code !== 0) throw gitFailure("git log", answer);
  const fields = answer.stdout.split("\0");
  const log: Log = [];
  for (let at = 0; at + 4 < fields.length; at += 4) {
    const [commit = "", author = "", date = "", subject = ""] = fields.slice(at, at + 4);
    log.push({ commit: commit.trim(), author, date, subject });
  }
  return log;
}
