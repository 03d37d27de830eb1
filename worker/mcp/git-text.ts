import type { OperationOutput } from "#protocol/registry.ts";

type Status = OperationOutput<"git_status">;
type Cloned = OperationOutput<"git_clone">;
type Committed = OperationOutput<"git_commit">;
type Pulled = OperationOutput<"git_pull">;
type Pushed = OperationOutput<"git_push">;

/** Characters of a commit's name that a person reads. */
const SHORT_CHARS = 10;

/** Branch and changes, as git's own short status has them, then log and diff. */
export function gitStatusText(status: Status): string {
  const { staged, modified, untracked, conflicted, total, log, diff } = status;
  const shown = staged.length + modified.length + untracked.length + conflicted.length;
  return joined([
    headLine(status),
    ...listed("In conflict", conflicted),
    ...listed("Staged", staged.map(changeLine)),
    ...listed("Not staged", modified.map(changeLine)),
    ...listed("Untracked", untracked),
    total === 0 ? "Nothing has changed." : "",
    total > shown ? `${total} paths have changed; not all are listed.` : "",
    ...listed("Log", (log ?? []).map(logLine)),
    diff === undefined || diff === "" ? "" : `\n${diff}`,
  ]);
}

function headLine({ branch, commit, upstream, ahead, behind, merging }: Status): string {
  const where = branch === null ? "HEAD is on no branch" : `On branch ${branch}`;
  const at = commit === null ? ", before its first commit" : ` at ${short(commit)}`;
  const far = ahead === null || behind === null ? "" : `: ${ahead} ahead, ${behind} behind`;
  const follows = upstream === null ? "" : `; follows ${upstream}${far}`;
  const merge = merging ? " A merge waits for its commit." : "";
  return `${where}${at}${follows}.${merge}`;
}

function changeLine({ path, change, from }: Status["staged"][number]): string {
  return from === undefined ? `${change} ${path}` : `${change} ${from} to ${path}`;
}

function logLine({ commit, date, author, subject }: NonNullable<Status["log"]>[number]): string {
  return `${short(commit)}  ${date}  ${author}: ${subject}`;
}

export function clonedText(output: Cloned): string {
  const { directory, branch, commit, files, process_id: id } = output;
  if (id !== null) return `The clone into ${directory} ${goesOn(id)}`;
  if (commit === null) return `Cloned into ${directory}: an empty repository.`;
  const on = branch === null ? "" : ` of ${branch}`;
  return joined([
    `Cloned into ${directory}: ${count(files ?? 0, "file")}${on} at ${short(commit)}.`,
    undoing(output.checkpoint),
  ]);
}

export function committedText({ commit, branch, files, stats }: Committed): string {
  const lines = `+${stats.insertions} -${stats.deletions} lines`;
  const on = branch === null ? "on no branch" : `on ${branch}`;
  return joined([
    `Committed ${short(commit)} ${on}: ${count(stats.files, "file")}, ${lines}.`,
    ...files.map((path) => `  ${path}`),
    files.length < stats.files ? "  …" : "",
  ]);
}

export function pulledText(output: Pulled): string {
  const { status, updated, commit, files, conflicts, process_id: id } = output;
  if (id !== null) return `The pull ${goesOn(id)}`;
  const at = commit === null ? "" : ` at ${short(commit)}`;
  if (status === "conflicts") {
    return joined([
      "The merge has conflicts. Edit the marked places of these files, then call git_commit:",
      ...conflicts.map((path) => `  ${path}`),
      undoing(output.checkpoint),
    ]);
  }
  if (!updated) return `There was nothing new${at}.`;
  return joined([
    `Pulled changes to ${count(files, "file")}; now${at}.`,
    undoing(output.checkpoint),
  ]);
}

export function pushedText({ pushed, branch, url, process_id: id }: Pushed): string {
  if (id !== null) return `The push of ${branch} ${goesOn(id)}`;
  const to = url === null ? "the remote" : url;
  return pushed ? `Pushed ${branch} to ${to}.` : `${to} had all of ${branch} already.`;
}

function goesOn(id: string): string {
  return (
    `takes longer and goes on as process ${id}: wait_for it, read_output has what git says, then ` +
    "git_status."
  );
}

function undoing(checkpoint: string | undefined): string {
  return checkpoint === undefined ? "" : `restore_checkpoint ${checkpoint} brings the files back.`;
}

function listed(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

function short(commit: string): string {
  return commit.slice(0, SHORT_CHARS);
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n");
}
