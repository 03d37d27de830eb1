import { type FilePatch, PatchSyntaxError } from "./patch.ts";
import { parseUnified } from "./parse-unified.ts";
import { BEGIN_PATCH, parseV4a } from "./parse-v4a.ts";

/** One line of the patch, with its number in what the caller sent. */
export interface PatchLine {
  readonly number: number;
  /** Without its `\n`; a `\r` that is left is one of the file's. */
  readonly text: string;
}

/** A line that belongs to the patch, whatever the file is. */
const control = /^(?:\*\*\* |diff --git |--- |@@)/;

/**
 * Reads a patch: V4A (`*** Begin Patch`) or a unified diff, also inside of a Markdown fence or a shell
 * here-document, with words before and after.
 *
 * @throws PatchSyntaxError
 */
export function parsePatch(source: string): FilePatch[] {
  const lines = readLines(source);
  const begin = lines.findIndex(({ text }) => text.trim() === BEGIN_PATCH);
  const patches = begin === -1 ? parseUnified(unwrap(lines)) : parseV4a(lines.slice(begin + 1));
  if (patches.length > 0) return patches;
  throw new PatchSyntaxError(
    1,
    "there is no patch in it: neither `*** Begin Patch` nor `--- a/file`",
  );
}

/** Where the patch's own lines end in `\r\n`, all do, whatever the file has; else a `\r` is the file's. */
function readLines(source: string): PatchLine[] {
  const lines = source.split("\n");
  const isCrlf = lines.find((line) => control.test(line))?.endsWith("\r") ?? false;
  return lines.map((line, index) => ({
    number: index + 1,
    text: isCrlf ? line.replace(/\r$/, "") : line,
  }));
}

/** What stands between the first fence or here-document and its end; all, where there is none. */
function unwrap(lines: readonly PatchLine[]): readonly PatchLine[] {
  for (const [index, { text }] of lines.entries()) {
    if (/^(?:---|diff --git) /.test(text)) return lines;
    const opened =
      /^(\s*(?:`{3,}|~{3,}))/.exec(text)?.[1] ?? /<<-?\s*['"]?(\w+)['"]?/.exec(text)?.[1];
    if (opened === undefined) continue;
    const inner = lines.slice(index + 1);
    // As far to the left as it began: a line of the file has a sign before it.
    const end = inner.findIndex((line) => line.text.trimEnd() === opened);
    return end === -1 ? inner : inner.slice(0, end);
  }
  return lines;
}
