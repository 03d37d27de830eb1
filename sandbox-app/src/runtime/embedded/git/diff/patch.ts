import { type Bytes, isBinary } from "../objects/bytes.ts";
import { modeText } from "../objects/tree.ts";
import type { Repository } from "../repository/repository.ts";
import { quotePath } from "../repository/quote.ts";
import { asByteText, byteText, splitLines } from "./byte-text.ts";
import { changedLines } from "./changed-lines.ts";
import { type FileChange, pathOf, type Side } from "./file-change.ts";
import { formatHunks } from "./hunks.ts";
import type { FileStat } from "./stat.ts";
import type { Comparison } from "./sources.ts";

export interface PatchOptions {
  readonly context: number;
  readonly isFullIndex: boolean;
  readonly hasPrefix: boolean;
}

const NOTHING = "0".repeat(40);
/** Of the name of nothing. */
const SHORT_LENGTH = 7;

/** One file's part of a diff, as a byte text. */
export async function formatPatch(
  repository: Repository,
  change: FileChange,
  read: Comparison["read"],
  options: PatchOptions,
): Promise<string> {
  const { status, before, after } = change;
  if (status === "U") return asByteText(`* Unmerged path ${repository.quote(pathOf(change))}\n`);
  if (status === "T") {
    const parts = [
      { ...change, status: "D", after: null },
      { ...change, status: "A", before: null },
    ] as const;
    const texts = await Promise.all(
      parts.map((part) => formatPatch(repository, part, read, options)),
    );
    return texts.join("");
  }
  const named = (side: Side | null, prefix: string): string =>
    quotePath(
      (side ?? before ?? after)?.path ?? "",
      repository.config.isOn("core.quotepath", true),
      options.hasPrefix ? prefix : "",
    );
  const [oldName, newName] = [named(before, "a/"), named(after ?? before, "b/")];
  let text = asByteText(`diff --git ${oldName} ${newName}\n`);
  text += asByteText(headerLines(repository, change, options));
  if (before?.oid === after?.oid) return text;
  const [one, other] = [await contentOf(before, read), await contentOf(after, read)];
  const names = [before ? oldName : "/dev/null", after ? newName : "/dev/null"] as const;
  if (isBinary(one) || isBinary(other))
    return `${text}${asByteText(`Binary files ${names[0]} and ${names[1]} differ\n`)}`;
  const hunks = formatHunks(
    splitLines(byteText(one)),
    splitLines(byteText(other)),
    options.context,
  );
  if (hunks === "") return text;
  // A tab tells programs where a name with blanks ends.
  const shown = names.map((name) => (name.includes(" ") ? `${name}	` : name));
  return `${text}${asByteText(`--- ${shown[0]}\n+++ ${shown[1]}\n`)}${hunks}`;
}

async function contentOf(side: Side | null, read: Comparison["read"]): Promise<Bytes> {
  return side === null ? new Uint8Array(0) : read(side);
}

function headerLines(repository: Repository, change: FileChange, options: PatchOptions): string {
  const { before, after } = change;
  const isSame = before?.oid === after?.oid;
  const mode = before !== null && before.mode === after?.mode ? ` ${modeText(before.mode)}` : "";
  const index = `index ${shortOf(repository, before, options)}..${shortOf(repository, after, options)}`;
  return `${modeLines(change)}${renameLines(repository, change)}${isSame ? "" : `${index}${mode}\n`}`;
}

function shortOf(repository: Repository, side: Side | null, options: PatchOptions): string {
  const oid = side?.oid ?? NOTHING;
  if (options.isFullIndex) return oid;
  return side === null ? oid.slice(0, SHORT_LENGTH) : repository.objects.short(oid);
}

function modeLines({ before, after }: FileChange): string {
  if (before === null) return after === null ? "" : `new file mode ${modeText(after.mode)}\n`;
  if (after === null) return `deleted file mode ${modeText(before.mode)}\n`;
  if (before.mode === after.mode) return "";
  return `old mode ${modeText(before.mode)}\nnew mode ${modeText(after.mode)}\n`;
}

function renameLines(repository: Repository, change: FileChange): string {
  const { status, before, after, similarity } = change;
  if (status !== "R" || before === null || after === null) return "";
  return `similarity index ${similarity}%\nrename from ${repository.quote(before.path)}\nrename to ${repository.quote(after.path)}\n`;
}

/** How many lines changed. */
export async function statOf(
  repository: Repository,
  change: FileChange,
  read: Comparison["read"],
): Promise<FileStat> {
  const [one, other] = [await contentOf(change.before, read), await contentOf(change.after, read)];
  const from = change.status === "R" ? (change.before?.path ?? null) : null;
  const file = { name: shownName(repository, change), path: pathOf(change), from };
  if (change.before?.oid === change.after?.oid)
    return { ...file, added: 0, removed: 0, binary: null };
  if (isBinary(one) || isBinary(other))
    return { ...file, added: 0, removed: 0, binary: [one.length, other.length] };
  const changes = changedLines(splitLines(byteText(one)), splitLines(byteText(other)));
  const added = changes.reduce((sum, { newStart, newEnd }) => sum + newEnd - newStart, 0);
  const removed = changes.reduce((sum, { oldStart, oldEnd }) => sum + oldEnd - oldStart, 0);
  return { ...file, added, removed, binary: null };
}

export function shownName(repository: Repository, change: FileChange): string {
  const { status, before, after } = change;
  if (status !== "R" || before === null || after === null) return repository.quote(pathOf(change));
  const [from, to] = [repository.quote(before.path), repository.quote(after.path)];
  return from.startsWith('"') || to.startsWith('"') ? `${from} => ${to}` : joined(from, to);
}

/** `src/{old => new}/file.ts`: what two paths have in common is said once. */
function joined(from: string, to: string): string {
  let start = 0;
  for (let at = 0; at < from.length && from[at] === to[at]; at += 1) {
    if (from[at] === "/") start = at + 1;
  }
  let end = 0;
  const floor = start === 0 ? 0 : start - 1;
  for (let back = 1; from.length - back >= floor && to.length - back >= floor; back += 1) {
    const char = from[from.length - back];
    if (char !== to[to.length - back] || char === undefined) break;
    if (char === "/") end = back;
  }
  if (start + end === 0) return `${from} => ${to}`;
  const middle = (path: string): string => path.slice(start, Math.max(start, path.length - end));
  return `${from.slice(0, start)}{${middle(from)} => ${middle(to)}}${end === 0 ? "" : from.slice(-end)}`;
}

/** ` create mode 100644 file`, as a commit and a merge tell of it. */
export function summaryLines(repository: Repository, changes: readonly FileChange[]): string {
  return changes
    .map((change) => {
      const { status, before, after, similarity } = change;
      if (before === null && after !== null)
        return ` create mode ${modeText(after.mode)} ${repository.quote(after.path)}\n`;
      if (after === null && before !== null)
        return ` delete mode ${modeText(before.mode)} ${repository.quote(before.path)}\n`;
      if (before === null || after === null) return "";
      const modes = `mode change ${modeText(before.mode)} => ${modeText(after.mode)}`;
      const isSame = before.mode === after.mode;
      if (status === "R")
        return ` rename ${shownName(repository, change)} (${similarity}%)\n${isSame ? "" : ` ${modes}\n`}`;
      return isSame ? "" : ` ${modes} ${repository.quote(after.path)}\n`;
    })
    .join("");
}
