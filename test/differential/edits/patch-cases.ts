import { bare, bareOfCr, bareOfSpace } from "./oracle.ts";
import { patched, type Writing } from "./patch-oracle.ts";
import { hunksOf, oldLines, type SectionHunk } from "./section.ts";
import type { TextUpdate } from "./transition.ts";

export interface PatchCase {
  readonly kind: string;
  readonly patch: string;
  readonly expected: { readonly text: string } | { readonly refused: "not_unique" | "identical" };
}

/** Beyond the end of every file, so that it names no line. */
const FAR = 3_000_000;

/** As git writes it. */
export const exact: Writing = { seen: bare, write: (text) => text, isNumbered: true };
const typed: Writing = {
  seen: bareOfCr,
  write: (text) => text.replace(/\r$/, ""),
  isNumbered: true,
};
const stripped: Writing = { ...exact, seen: bareOfSpace };

/** The unified diffs with which a caller would make the change; all of them git's, then as models err. */
export function patchCases(change: TextUpdate): PatchCase[] {
  const hunks = hunksOf(change.section);
  if (hunks.length === 0) return [];
  const { section, before, after } = change;
  const make = (kind: string, patch: string, writing: Writing): PatchCase => {
    return { kind, patch, expected: expectedOf(change, hunks, writing) };
  };
  const cases = [
    make("git's diff", section, exact),
    make("git's diff, fenced", `Here it is:\n\n\`\`\`diff\n${section}\`\`\`\n`, exact),
    make("git's diff in a heredoc", `git apply <<'EOF'\n${section}EOF\n`, exact),
    make("git's diff that came with CRLF", section.replace(/\r?\n/g, "\r\n"), typed),
    make("space lost at the ends of old lines", withoutSpace(section), stripped),
  ];
  if (/\r\n/.test(before + after)) {
    cases.push(make("git's diff typed with LF", section.replaceAll("\r\n", "\n"), typed));
  }
  if (hunks.some((hunk) => oldLines(hunk).length === 0)) return cases;
  const anywhere = { ...exact, isNumbered: false };
  const wrong = section.replace(
    /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/gm,
    (_, old: string, now: string) => `@@ -${Number(old) + FAR},2 +${Number(now) + FAR},9 @@`,
  );
  return [
    ...cases,
    make("wrong numbers of lines", wrong, anywhere),
    make("no numbers of lines", section.replace(/^@@ .*$/gm, "@@"), anywhere),
  ];
}

/** The same change with another number of lines around it. */
export function withContext(change: TextUpdate, section: string, lines: number): PatchCase {
  const expected = expectedOf(change, hunksOf(section), exact);
  return { kind: `git's diff, ${lines} lines around`, patch: section, expected };
}

function expectedOf(
  change: TextUpdate,
  hunks: readonly SectionHunk[],
  writing: Writing,
): PatchCase["expected"] {
  const text = patched(change, hunks, writing);
  if (text === null) return { refused: "not_unique" };
  const isMoved = change.from !== change.to;
  return text === change.before && !isMoved ? { refused: "identical" } : { text };
}

/** As editors strip it that do not know what a diff is. */
function withoutSpace(section: string): string {
  return section
    .replace(/^(?![+]|-- |--$)([- ].*?)[ \t]+(\r?)$/gm, "$1$2")
    .replace(/^ (\r?)$/gm, "$1");
}
