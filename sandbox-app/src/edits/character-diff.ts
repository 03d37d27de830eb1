import { diffChars } from "diff";

/** Insertions and deletions after which two texts are shown one after the other instead. */
const EDITS_MAX = 400;

/**
 * Shows in one text how another differs: `[-sought-]{+there+}`, with space in the marked parts made
 * visible (`·` blank, `→` tab, `␍` carriage return, `␊` line feed).
 */
export function characterDiff(sought: string, there: string): string {
  const parts = diffChars(sought, there, { maxEditLength: EDITS_MAX });
  if (parts === undefined) return mark("-", sought) + mark("+", there);
  return parts
    .map(({ value, added, removed }) => {
      if (removed) return mark("-", value);
      return added ? mark("+", value) : value;
    })
    .join("");
}

function mark(sign: "-" | "+", text: string): string {
  const shown = text
    .replaceAll(" ", "·")
    .replaceAll("\t", "→")
    .replaceAll("\r", "␍")
    .replaceAll("\n", "␊\n");
  return sign === "-" ? `[-${shown}-]` : `{+${shown}+}`;
}
