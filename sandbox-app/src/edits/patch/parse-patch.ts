import { type FilePatch, PatchSyntaxError } from "./patch.ts";
import { parseUnified } from "./parse-unified.ts";
import { BEGIN_PATCH, parseV4a } from "./parse-v4a.ts";

/** One line of the patch, with its number in what the caller sent. */
export interface PatchLine {
  readonly number: number;
  readonly text: string;
}

/**
 * Reads a patch: V4A (`*** Begin Patch`) or a unified diff, also inside of a Markdown fence or a shell
 * here-document, with words before and after.
 *
 * @throws PatchSyntaxError
 */
export function parsePatch(source: string): FilePatch[] {
  const lines = source
    .split("\n")
    .map((text, index) => ({ number: index + 1, text: text.replace(/\r$/, "") }));
  const begin = lines.findIndex(({ text }) => text.trim() === BEGIN_PATCH);
  const patches = begin === -1 ? parseUnified(unwrap(lines)) : parseV4a(lines.slice(begin + 1));
  if (patches.length > 0) return patches;
  throw new PatchSyntaxError(
    1,
    "there is no patch in it: neither `*** Begin Patch` nor `--- a/file`",
  );
}

/** What stands between the first fence or here-document and its end; all, where there is none. */
function unwrap(lines: readonly PatchLine[]): readonly PatchLine[] {
  for (const [index, { text }] of lines.entries()) {
    if (/^(?:---|diff --git) /.test(text)) return lines;
    const opened = /^\s*(`{3,}|~{3,})/.exec(text)?.[1] ?? /<<-?\s*['"]?(\w+)['"]?/.exec(text)?.[1];
    if (opened === undefined) continue;
    const inner = lines.slice(index + 1);
    const end = inner.findIndex((line) => line.text.trim() === opened);
    return end === -1 ? inner : inner.slice(0, end);
  }
  return lines;
}
