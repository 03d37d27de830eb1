import { formatPatch, structuredPatch } from "diff";
import { DIFF_MAX_CHARS } from "#protocol/limits.ts";

/**
 * Lines that differ at most, so that the comparison, which takes their number squared, ends soon: what
 * differs more is another text, and its diff would be cut anyway.
 */
const DIFFERENT_LINES_MAX = 4_000;

/** Lines around a change that tell where it is, as diff and git show them. */
const CONTEXT_LINES = 3;

/**
 * The change of a file as a unified diff (POSIX.1-2024, diff), cut at the end of a line when it is
 * long, with the number of lines left out.
 *
 * A text that is another one altogether has no diff that says more than that.
 *
 * @param before null: the file is new
 * @param after null: the file is gone
 */
export function unifiedDiff(path: string, before: string | null, after: string | null): string {
  const patch = structuredPatch(
    before === null ? "/dev/null" : `a/${path}`,
    after === null ? "/dev/null" : `b/${path}`,
    before ?? "",
    after ?? "",
    undefined,
    undefined,
    { context: CONTEXT_LINES, maxEditLength: DIFFERENT_LINES_MAX },
  );
  if (patch === undefined) return `--- a/${path}\n+++ b/${path}\n… too many lines differ\n`;
  // The header that the library puts above belongs to another tool's format.
  return cut(formatPatch(patch).replace(/^=+\n/, ""));
}

function cut(text: string): string {
  if (text.length <= DIFF_MAX_CHARS) return text;
  const end = text.lastIndexOf("\n", DIFF_MAX_CHARS) + 1 || DIFF_MAX_CHARS;
  const left = text.slice(end).split("\n").length - 1;
  return `${text.slice(0, end)}… ${left} more lines\n`;
}
