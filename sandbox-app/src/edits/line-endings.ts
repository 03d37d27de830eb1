import type { Fit } from "./find-text.ts";

/** How the lines of a text end: all in one way, or not; `none` when it is a single line. */
export type LineEndings = "lf" | "crlf" | "mixed" | "none";

/** @returns how the lines of the text end; a lone `\r` is a character like any other */
export function lineEndingsOf(text: string): LineEndings {
  let lf = 0;
  let crlf = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
    if (text.charCodeAt(at - 1) === 0x0d) crlf += 1;
    else lf += 1;
  }
  if (lf === 0 && crlf === 0) return "none";
  if (lf > 0 && crlf > 0) return "mixed";
  return lf > 0 ? "lf" : "crlf";
}

function toLf(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

function toCrlf(text: string): string {
  return toLf(text).replaceAll("\n", "\r\n");
}

/**
 * Gives new lines the ends of the lines around them: callers write `\n`, whatever a file has. In a
 * file that ends all its lines with `\r\n`, so do the new ones; and where the ends of lines were
 * overlooked to find the place, the new text takes those of the place.
 */
export function asLinesEnd(
  replacement: string,
  old: string,
  fit: Fit,
  endings: LineEndings,
): string {
  if (endings === "crlf") return toCrlf(replacement);
  if (fit === "exact") return replacement;
  switch (lineEndingsOf(old)) {
    case "crlf":
      return toCrlf(replacement);
    case "lf":
      return toLf(replacement);
    case "mixed":
    case "none":
      return replacement;
  }
}
