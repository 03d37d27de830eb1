import type { FileChange } from "../diff/file-change.ts";
import { pathOf } from "../diff/file-change.ts";
import type { Repository } from "../repository/repository.ts";
import { type StatusModel, trackingText } from "../worktree/status-model.ts";

const verbs: Readonly<Record<FileChange["status"], string>> = {
  A: "new file:   ",
  M: "modified:   ",
  D: "deleted:    ",
  T: "typechange: ",
  R: "renamed:    ",
  U: "unmerged:   ",
};

const conflictVerbs: Readonly<Record<string, string>> = {
  DD: "both deleted:    ",
  AU: "added by us:     ",
  UD: "deleted by them: ",
  UA: "added by them:   ",
  DU: "deleted by us:   ",
  AA: "both added:      ",
  UU: "both modified:   ",
};

/** `git status` as a person reads it. */
export function longStatus(
  repository: Repository,
  status: StatusModel,
  shown: {
    readonly untracked: boolean;
    readonly ignored: boolean;
    /** Said by a commit that has nothing to do. */
    readonly isCommit?: boolean;
  },
): string {
  const path = (one: string): string => repository.quote(repository.relative(one));
  const isFirst = status.head === null;
  let text = headText(repository, status, shown.isCommit === true);
  text += stagedText(status, path, isFirst);
  text += unmergedText(status, path);
  text += unstagedText(status, path);
  const others = (title: string, advice: string, paths: readonly string[]): string =>
    paths.length === 0
      ? ""
      : `${title}\n  (use "git add${advice} <file>..." to include in what will be committed)\n` +
        `${paths.map((one) => `\t${path(one)}\n`).join("")}\n`;
  text += others("Untracked files:", "", status.untracked);
  text += others("Ignored files:", " -f", status.ignored);
  if (!shown.untracked && status.staged.length > 0)
    text += "Untracked files not listed (use -u option to show untracked files)\n";
  return text + closing(status, isFirst, shown.untracked);
}

function headText(repository: Repository, status: StatusModel, isCommit: boolean): string {
  const { branch, head, tracking, isMerging, conflicts } = status;
  const short = head === null ? "" : repository.objects.short(head);
  let text = branch === null ? `HEAD detached at ${short}\n` : `On branch ${branch}\n`;
  const follows = trackingText(tracking);
  if (follows !== "") text += `${follows}\n`;
  if (isMerging)
    text +=
      conflicts.length > 0
        ? 'You have unmerged paths.\n  (fix conflicts and run "git commit")\n  (use "git merge --abort" to abort the merge)\n\n'
        : 'All conflicts fixed but you are still merging.\n  (use "git commit" to conclude merge)\n\n';
  if (head === null) text += isCommit ? "\nInitial commit\n\n" : "\nNo commits yet\n\n";
  return text;
}

function stagedText(
  { staged, isMerging }: StatusModel,
  path: (path: string) => string,
  isFirst: boolean,
): string {
  if (staged.length === 0) return "";
  const advice = isFirst
    ? '  (use "git rm --cached <file>..." to unstage)\n'
    : '  (use "git restore --staged <file>..." to unstage)\n';
  const lines = staged.map((change) => line(change, path)).join("");
  return `Changes to be committed:\n${isMerging ? "" : advice}${lines}\n`;
}

function line(change: FileChange, path: (path: string) => string): string {
  const { status, before, after } = change;
  const name =
    status === "R" && before !== null && after !== null
      ? `${path(before.path)} -> ${path(after.path)}`
      : path(pathOf(change));
  return `\t${verbs[status]}${name}\n`;
}

function unmergedText({ conflicts }: StatusModel, path: (path: string) => string): string {
  if (conflicts.length === 0) return "";
  const hasDeleted = conflicts.some(({ code }) => code.includes("D"));
  const isAllDeleted = conflicts.every(({ code }) => code === "DD");
  const advice = isAllDeleted ? "rm" : hasDeleted ? "add/rm" : "add";
  const purpose =
    hasDeleted && !isAllDeleted ? "as appropriate to mark resolution" : "to mark resolution";
  const lines = conflicts.map(({ path: one, code }) => `\t${conflictVerbs[code]}${path(one)}\n`);
  return `Unmerged paths:\n  (use "git ${advice} <file>..." ${purpose})\n${lines.join("")}\n`;
}

function unstagedText({ unstaged }: StatusModel, path: (path: string) => string): string {
  if (unstaged.length === 0) return "";
  const add = unstaged.some(({ status }) => status === "D") ? "add/rm" : "add";
  return (
    `Changes not staged for commit:\n  (use "git ${add} <file>..." to update what will be committed)\n` +
    '  (use "git restore <file>..." to discard changes in working directory)\n' +
    `${unstaged.map((change) => line(change, path)).join("")}\n`
  );
}

function closing(status: StatusModel, isFirst: boolean, showsUntracked: boolean): string {
  const { staged, unstaged, conflicts, untracked, isMerging } = status;
  if (staged.length > 0) return "";
  if (unstaged.length > 0 || conflicts.length > 0)
    return 'no changes added to commit (use "git add" and/or "git commit -a")\n';
  if (isMerging) return "";
  if (untracked.length > 0)
    return 'nothing added to commit but untracked files present (use "git add" to track)\n';
  if (isFirst) return 'nothing to commit (create/copy files and use "git add" to track)\n';
  return showsUntracked
    ? "nothing to commit, working tree clean\n"
    : "nothing to commit (use -u to show untracked files)\n";
}
