import { bare, placesOf } from "./oracle.ts";
import { exact, type PatchCase } from "./patch-cases.ts";
import { patched } from "./patch-oracle.ts";
import { hunksOf, oldLines, type SectionHunk } from "./section.ts";
import { type FileChange, linesOf, type TextUpdate } from "./transition.ts";

/** The patches in V4A with which a caller would make the change of one file. */
export function v4aCases(change: TextUpdate): PatchCase[] {
  const hunks = hunksOf(change.section);
  if (hunks.length === 0 || hunks.some((hunk) => oldLines(hunk).length === 0)) return [];
  const { text, isUnique } = updateOf(change, hunks);
  const made = patched(endedAsBefore(change), hunks, exact);
  const isSame = made === change.before && change.from === change.to;
  const expected: PatchCase["expected"] =
    !isUnique || made === null
      ? { refused: "not_unique" }
      : isSame
        ? { refused: "identical" }
        : { text: made };
  const patch = wrapped([text]);
  return [
    { kind: "V4A", patch, expected },
    { kind: "V4A in a heredoc", patch: `apply_patch <<'PATCH'\n${patch}PATCH\n`, expected },
    { kind: "V4A, fenced", patch: `\`\`\`\n${patch}\`\`\`\n`, expected },
  ];
}

export function wrapped(sections: readonly string[]): string {
  return `*** Begin Patch\n${sections.join("")}*** End Patch\n`;
}

/** V4A does not say whether a file ends with a newline; a patch leaves it as it is. */
function endedAsBefore(change: TextUpdate): TextUpdate {
  const isEnded = change.before === "" || change.before.endsWith("\n");
  return { ...change, after: isEnded ? "x\n" : "x" };
}

/** Any change of a file as a part of a V4A patch; null where the format cannot say it. */
export function v4aSection(change: FileChange): string | null {
  const { from, to, before, after } = change;
  if (from === null) {
    if (after === null || (after !== "" && !after.endsWith("\n"))) return null;
    const lines = linesOf(after).map((line) => `+${line}`);
    return `*** Add File: ${to}\n${lines.join("")}`;
  }
  if (to === null) return `*** Delete File: ${from}\n`;
  if (before === null || after === null) return null;
  if (before !== "" && before.endsWith("\n") !== after.endsWith("\n")) return null;
  const hunks = hunksOf(change.section);
  if (hunks.some((hunk) => oldLines(hunk).length === 0)) return null;
  const update = updateOf(change as TextUpdate, hunks);
  return update.isUnique ? update.text : null;
}

function updateOf(change: TextUpdate, hunks: readonly SectionHunk[]) {
  const file = linesOf(change.before);
  const parts = [`*** Update File: ${change.from}\n`];
  if (change.from !== change.to) parts.push(`*** Move to: ${change.to}\n`);
  let [cursor, isUnique] = [0, true];
  for (const hunk of hunks) {
    const wanted = oldLines(hunk);
    const places = placesOf(file, wanted, cursor, bare);
    const anchor = places.length > 1 ? anchorOf(file, hunk, cursor) : null;
    if (places.length > 1 && anchor === null) isUnique = false;
    parts.push(anchor === null ? "@@\n" : `@@ ${anchor}\n`);
    parts.push(...hunk.lines.map(({ sign, text }) => `${sign}${text}\n`));
    cursor = hunk.at + wanted.length;
    if (cursor === file.length) parts.push("*** End of File\n");
  }
  return { text: parts.join(""), isUnique };
}

/** A line before the hunk after which its lines come first; null where there is none. */
function anchorOf(file: readonly string[], hunk: SectionHunk, cursor: number): string | null {
  const wanted = oldLines(hunk);
  for (let at = hunk.at - 1; at >= cursor; at -= 1) {
    const anchor = file[at]!.trim();
    if (!/^\w.{3,}[^@\s]$/.test(anchor)) continue;
    const first = file.findIndex((line, index) => index >= cursor && line.trim() === anchor);
    if (placesOf(file, wanted, first + 1, bare)[0] === hunk.at) return anchor;
  }
  return null;
}
