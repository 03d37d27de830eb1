import type { ReplacementPart, Substitution } from "./script.ts";

export interface Substituted {
  readonly text: string;
  readonly count: number;
}

/** What `s` makes of a text. */
export function substitute(
  text: string,
  pattern: RegExp,
  { replacement, isGlobal, occurrence }: Substitution,
): Substituted {
  let output = "";
  let at = 0;
  let seen = 0;
  let count = 0;
  let lastEnd = -1;
  for (const match of text.matchAll(pattern)) {
    const end = match.index + match[0].length;
    // An empty match right behind another is none (POSIX: sed "s/b*/x/g").
    if (match[0] === "" && match.index === lastEnd) continue;
    lastEnd = end;
    seen++;
    if (seen < occurrence) continue;
    output += text.slice(at, match.index) + replaced(replacement, match);
    at = end;
    count++;
    if (!isGlobal) break;
  }
  return { text: output + text.slice(at), count };
}

function replaced(parts: readonly ReplacementPart[], match: RegExpMatchArray): string {
  let output = "";
  let mode = "E";
  let once = "";
  for (const part of parts) {
    if (part.kind === "case") {
      if (/[lu]/.test(part.letter)) once = part.letter;
      else mode = part.letter;
      continue;
    }
    const raw = part.kind === "text" ? part.text : (match[part.group] ?? "");
    if (raw === "") continue;
    let text = mode === "U" ? raw.toUpperCase() : mode === "L" ? raw.toLowerCase() : raw;
    if (once !== "") {
      const first = text.charAt(0);
      text = (once === "u" ? first.toUpperCase() : first.toLowerCase()) + text.slice(1);
      once = "";
    }
    output += text;
  }
  return output;
}
