/** How a tracked file has changed, in git's letters: `M`, `A`, `D`, `R`, `T`; `.` for not at all. */
interface ChangedFile {
  readonly path: string;
  /** Of a renamed file. */
  readonly from: string | undefined;
  readonly index: string;
  readonly disk: string;
}

export interface ParsedStatus {
  /** Null before the first commit. */
  readonly commit: string | null;
  /** Null when HEAD is detached. */
  readonly branch: string | null;
  readonly upstream: string | null;
  readonly ahead: number | null;
  readonly behind: number | null;
  readonly changed: readonly ChangedFile[];
  readonly conflicted: readonly string[];
  readonly untracked: readonly string[];
}

/** Fields before the path, by the kind of a line. */
const FIELDS: Readonly<Record<string, number>> = { "1": 8, "2": 9, u: 10, "?": 1 };

/** Reads `git status --porcelain=v2 --branch -z` (git-status(1), "Porcelain Format Version 2"). */
export function parseStatus(text: string): ParsedStatus {
  const headers = new Map<string, string>();
  const changed: ChangedFile[] = [];
  const conflicted: string[] = [];
  const untracked: string[] = [];
  const records = text.split("\0").values();
  for (const record of records) {
    const kind = record.charAt(0);
    if (kind === "#") {
      const [, name = "", value = ""] = /^# (\S+) (.*)$/s.exec(record) ?? [];
      headers.set(name, value);
      continue;
    }
    const path = pathAfter(record, FIELDS[kind]);
    if (path === undefined) continue;
    if (kind === "u") conflicted.push(path);
    else if (kind === "?") untracked.push(path);
    else {
      const from = kind === "2" ? records.next().value : undefined;
      changed.push({ path, from, index: record.charAt(2), disk: record.charAt(3) });
    }
  }
  return { ...branchOf(headers), changed, conflicted, untracked };
}

/** A path may hold blanks, so that only those before it count. */
function pathAfter(record: string, fields: number | undefined): string | undefined {
  if (fields === undefined) return undefined;
  let at = 0;
  for (let left = fields; left > 0; left -= 1) at = record.indexOf(" ", at) + 1;
  return record.slice(at);
}

type Branch = Pick<ParsedStatus, "commit" | "branch" | "upstream" | "ahead" | "behind">;

function branchOf(headers: ReadonlyMap<string, string>): Branch {
  const commit = headers.get("branch.oid");
  const branch = headers.get("branch.head");
  const [, ahead, behind] = /^\+(\d+) -(\d+)$/.exec(headers.get("branch.ab") ?? "") ?? [];
  return {
    commit: commit === undefined || commit === "(initial)" ? null : commit,
    branch: branch === undefined || branch === "(detached)" ? null : branch,
    upstream: headers.get("branch.upstream") ?? null,
    ahead: ahead === undefined ? null : Number(ahead),
    behind: behind === undefined ? null : Number(behind),
  };
}
