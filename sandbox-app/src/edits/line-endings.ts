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

export function toLf(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

export function toCrlf(text: string): string {
  return toLf(text).replaceAll("\n", "\r\n");
}
