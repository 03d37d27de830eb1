import { type FilePatch, type Hunk, type HunkLine, PatchSyntaxError } from "./patch.ts";
import type { PatchLine } from "./parse-patch.ts";

const hunkHeader = /^@@ ?(?:-(\d+)(?:,\d+)? \+\d+(?:,\d+)?)? ?(?:@@ ?(.*))?$/;
const NO_NEWLINE = "\\ No newline at end of file";

interface OpenFile {
  from: string | null;
  to: string | null;
  hunks: OpenHunk[];
  number: number;
}

interface OpenHunk {
  anchors: string[];
  lines: HunkLine[];
  line: number | null;
  /** Empty lines since the last one: context whose blank was stripped, or the layout of the patch. */
  empty: number;
  /** Sides whose last line has no newline. */
  unended: Set<"old" | "new">;
}

/**
 * Reads a unified diff (POSIX.1-2024, diff, "Diff -u Output Format"; git-diff's extended headers).
 * Counts and numbers of lines are not believed: what is a line of a hunk follows from its sign.
 *
 * @throws PatchSyntaxError
 */
export function parseUnified(lines: readonly PatchLine[]): FilePatch[] {
  const files: OpenFile[] = [];
  const begin = (number: number): OpenFile => {
    const opened: OpenFile = { from: null, to: null, hunks: [], number };
    files.push(opened);
    return opened;
  };
  for (const [index, { number, text }] of lines.entries()) {
    const file = files.at(-1);
    const hunk = file?.hunks.at(-1);
    if (text.startsWith("diff --git ")) {
      begin(number);
    } else if (startsFile(lines, index)) {
      const opened = file !== undefined && isBare(file) ? file : begin(number);
      opened.from = nameIn(text);
      opened.to = nameIn(lines[index + 1]?.text ?? "");
    } else if (startsFile(lines, index - 1)) {
      continue;
    } else if (file !== undefined && text.startsWith("@@")) {
      file.hunks.push(readHeader(number, text));
    } else if (hunk !== undefined) {
      readLine(hunk, number, text);
    } else if (file !== undefined) {
      readExtended(file, text);
    }
  }
  return files.map(closed);
}

/** A file's header is two lines; `--- x` alone may be a deleted line that begins with `-- `. */
function startsFile(lines: readonly PatchLine[], index: number): boolean {
  return (
    (lines[index]?.text.startsWith("--- ") ?? false) &&
    (lines[index + 1]?.text.startsWith("+++ ") ?? false)
  );
}

/** Opened by git's header, and nothing of its content read yet. */
function isBare(file: OpenFile): boolean {
  return file.from === null && file.hunks.length === 0;
}

/** @returns null for /dev/null; without git's `a/` and `b/`, and without a time after a tab */
function nameIn(header: string): string | null {
  const [name = ""] = header.slice(4).split("\t");
  const path = name.trim().replace(/^"(.*)"$/, "$1");
  return path === "/dev/null" ? null : path;
}

function readExtended(file: OpenFile, text: string): void {
  const [, renamed] = /^rename to (.+)$/.exec(text) ?? [];
  const [, source] = /^rename from (.+)$/.exec(text) ?? [];
  if (source !== undefined) file.from = `a/${source}`;
  if (renamed !== undefined) file.to = `b/${renamed}`;
}

function readHeader(number: number, text: string): OpenHunk {
  const match = hunkHeader.exec(text);
  if (match === null) {
    throw new PatchSyntaxError(number, "wants a hunk header as `@@ -1,3 +1,4 @@`");
  }
  const line = match[1] === undefined ? null : Number(match[1]);
  return { anchors: [], lines: [], line, empty: 0, unended: new Set() };
}

function readLine(hunk: OpenHunk, number: number, text: string): void {
  const sign = text.charAt(0);
  if (sign === " " || sign === "-" || sign === "+") {
    for (; hunk.empty > 0; hunk.empty -= 1) hunk.lines.push({ sign: " ", text: "" });
    hunk.lines.push({ sign, text: text.slice(1) });
  } else if (text.startsWith(NO_NEWLINE)) {
    const last = hunk.lines.at(-1)?.sign;
    if (last !== "+") hunk.unended.add("old");
    if (last !== "-") hunk.unended.add("new");
  } else if (text === "") {
    hunk.empty += 1;
  } else if (!/^(?:index |old mode |new mode |similarity |-- ?$)/.test(text)) {
    throw new PatchSyntaxError(number, "a line of a hunk starts with a blank, `-` or `+`");
  }
}

function closed(file: OpenFile): FilePatch {
  const { from, to, number } = file;
  const hunks = file.hunks.map(closedHunk);
  if (from === null && to === null) {
    throw new PatchSyntaxError(number, "names no file: wants `--- a/file` and `+++ b/file`");
  }
  // git names the two sides `a/…` and `b/…`; other programs name the file itself.
  const isGits = (from?.startsWith("a/") ?? true) && (to?.startsWith("b/") ?? true);
  const shorten = (path: string): string => (isGits ? path.slice(2) : path);
  if (from === null) return { op: "add", path: shorten(to as string), text: addedText(hunks) };
  if (to === null) return { op: "delete", path: shorten(from) };
  const [path, target] = [shorten(from), shorten(to)];
  return { op: "update", path, to: target === path ? null : target, hunks };
}

function addedText(hunks: readonly Hunk[]): string {
  const lines = hunks.flatMap(({ lines: all }) => all.filter(({ sign }) => sign === "+"));
  const text = lines.map((line) => line.text).join("\n");
  const ends = hunks.at(-1)?.endsWithNewline ?? true;
  return lines.length > 0 && ends ? `${text}\n` : text;
}

function closedHunk({ anchors, lines, line, unended }: OpenHunk): Hunk {
  const endsWithNewline = unended.size === 0 ? null : !unended.has("new");
  return { anchors, lines, line, atEnd: false, endsWithNewline };
}
