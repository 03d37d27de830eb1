import { type FilePatch, type Hunk, type HunkLine, PatchSyntaxError } from "./patch.ts";
import { extendedHeader, type FileHeader, fileHeader, nameIn } from "./file-header.ts";
import type { PatchLine } from "./parse-patch.ts";

const hunkHeader = /^@@ ?(?:-(\d+)(?:,(\d+))? \+\d+(?:,(\d+))?)? ?(?:@@ ?(.*))?$/;
const NO_NEWLINE = "\\ No newline at end of file";

interface OpenFile extends FileHeader {
  /** Its two lines of `---` and `+++` have come. */
  isOpen: boolean;
  hunks: OpenHunk[];
  number: number;
}

interface OpenHunk {
  lines: HunkLine[];
  line: number | null;
  /** Lines of both sides that the header has told and that have not come. */
  left: { old: number; now: number };
  /** Empty lines since the last one: context whose blank was stripped, or the layout of the patch. */
  empty: HunkLine[];
  /** Sides whose last line has no newline. */
  unended: Set<"old" | "new">;
  /** What follows belongs to the mail around the patch. */
  isOver: boolean;
}

/**
 * Reads a unified diff (POSIX.1-2024, diff, "Diff -u Output Format"; git-diff's extended headers).
 * Counts and numbers of lines are not believed: what is a line of a hunk follows from its sign. Only
 * where a line could be both a file's and the patch's, the counts decide.
 *
 * @throws PatchSyntaxError
 */
export function parseUnified(lines: readonly PatchLine[]): FilePatch[] {
  const files: OpenFile[] = [];
  const begin = (number: number, header: FileHeader): OpenFile => {
    const opened: OpenFile = { ...header, isOpen: false, hunks: [], number };
    files.push(opened);
    return opened;
  };
  let second = -1;
  for (const [index, { number, text }] of lines.entries()) {
    const file = files.at(-1);
    const hunk = file?.hunks.at(-1);
    if (index === second) {
      continue;
    } else if (text.startsWith("diff --git ")) {
      begin(number, fileHeader(text));
    } else if (startsFile(lines, index, file, hunk)) {
      const opened = file !== undefined && isBare(file) ? file : begin(number, fileHeader(""));
      opened.from = nameIn(text);
      opened.to = nameIn(lines[index + 1]?.text ?? "");
      opened.isNamed = true;
      opened.isOpen = true;
      second = index + 1;
    } else if (file !== undefined && text.startsWith("@@")) {
      file.hunks.push(readHeader(number, text));
    } else if (hunk !== undefined) {
      readLine(hunk, number, text);
    } else if (file !== undefined) {
      extendedHeader(file, number, text);
    }
  }
  return files.flatMap(closed);
}

/** A file's header is two lines; within a hunk they may be lines of the file. */
function startsFile(
  lines: readonly PatchLine[],
  index: number,
  file: OpenFile | undefined,
  hunk: OpenHunk | undefined,
): boolean {
  const [one = "", two = "", three = ""] = [0, 1, 2].map((more) => lines[index + more]?.text);
  if (!one.startsWith("--- ") || !two.startsWith("+++ ")) return false;
  if (file === undefined || hunk === undefined) return true;
  const [from, to] = [nameIn(one), nameIn(two)];
  if (!three.startsWith("@@") && to !== null) return false;
  const isOneFile = from === null || to === null || withoutSide(from) === withoutSide(to);
  return !isContent(hunk, file.isGits, isOneFile);
}

/**
 * Whether what looks like a header is a deleted line that begins with `-- ` and an added one that begins
 * with `++ `: where the hunk wants more lines and git's own header has begun the file, as it would the
 * next one; else where it wants just these two, and they do not name one file.
 */
function isContent({ left }: OpenHunk, isGits: boolean, isOneFile: boolean): boolean {
  if (isGits && left.old > 0 && left.now > 0) return true;
  return !isOneFile && left.old === 1 && left.now === 1;
}

function withoutSide(name: string): string {
  return name.replace(/^[ab]\//, "");
}

/** Opened by git's header, and nothing of its content read yet. */
function isBare(file: OpenFile): boolean {
  return !file.isOpen && file.hunks.length === 0;
}

function readHeader(number: number, text: string): OpenHunk {
  const match = hunkHeader.exec(text.trimEnd());
  if (match === null) {
    throw new PatchSyntaxError(number, "wants a hunk header as `@@ -1,3 +1,4 @@`");
  }
  const [, line, old = "1", now = "1"] = match;
  const left = line === undefined ? { old: 0, now: 0 } : { old: Number(old), now: Number(now) };
  const at = line === undefined ? null : Number(line);
  return { lines: [], line: at, left, empty: [], unended: new Set(), isOver: false };
}

function readLine(hunk: OpenHunk, number: number, text: string): void {
  const sign = text.charAt(0);
  if (isSignature(hunk, text)) hunk.isOver = true;
  if (hunk.isOver) return;
  if (sign === " " || sign === "-" || sign === "+") {
    for (const line of hunk.empty.splice(0)) addLine(hunk, line);
    addLine(hunk, { sign, text: text.slice(1) });
  } else if (text.startsWith(NO_NEWLINE)) {
    const last = hunk.lines.at(-1)?.sign;
    if (last !== "+") hunk.unended.add("old");
    if (last !== "-") hunk.unended.add("new");
  } else if (text === "" || text === "\r") {
    hunk.empty.push({ sign: " ", text });
  } else if (!/^(?:index |old mode |new mode |similarity )/.test(text)) {
    throw new PatchSyntaxError(number, "a line of a hunk starts with a blank, `-` or `+`");
  }
}

/** What git-format-patch ends with; a hunk that wants another line has deleted `- `. */
function isSignature({ left }: OpenHunk, text: string): boolean {
  return /^-- ?$/.test(text) && left.old === 0 && left.now === 0;
}

function addLine(hunk: OpenHunk, line: HunkLine): void {
  hunk.lines.push(line);
  if (line.sign !== "+") hunk.left.old -= 1;
  if (line.sign !== "-") hunk.left.now -= 1;
}

function closed({ from, to, isNamed, isUnchanged, number, hunks: open }: OpenFile): FilePatch[] {
  const hunks = open.map(closedHunk);
  if (!isNamed && isUnchanged) return [];
  if (from === null && to === null) {
    throw new PatchSyntaxError(number, "names no file: wants `--- a/file` and `+++ b/file`");
  }
  // git names the two sides `a/…` and `b/…`; other programs name the file itself.
  const isGits = (from?.startsWith("a/") ?? true) && (to?.startsWith("b/") ?? true);
  const shorten = (path: string): string => (isGits ? path.slice(2) : path);
  if (from === null) return [{ op: "add", path: shorten(to as string), text: addedText(hunks) }];
  if (to === null) return [{ op: "delete", path: shorten(from) }];
  const [path, target] = [shorten(from), shorten(to)];
  return [{ op: "update", path, to: target === path ? null : target, hunks }];
}

function addedText(hunks: readonly Hunk[]): string {
  const lines = hunks.flatMap(({ lines: all }) => all.filter(({ sign }) => sign === "+"));
  const text = lines.map((line) => line.text).join("\n");
  const ends = hunks.at(-1)?.endsWithNewline ?? true;
  return lines.length > 0 && ends ? `${text}\n` : text;
}

function closedHunk({ lines, line, unended }: OpenHunk): Hunk {
  const endsWithNewline = unended.size === 0 ? null : !unended.has("new");
  return { anchors: [], lines, line, atEnd: false, endsWithNewline };
}
