import { LINE_MAX_CHARS, READ_MAX_CHARS } from "#protocol/limits.ts";

/** A range of a text's lines, as `read_file` returns it. */
export interface LineRange {
  readonly text: string;
  /** First and last line, from 1; 0 when there is none. */
  readonly start: number;
  readonly end: number;
  readonly total_lines: number;
  readonly next_offset: number | null;
  readonly cut_lines: number;
}

/**
 * Takes lines out of a text. A line ends with `\n` and keeps it, and a `\r` before it; the last line
 * may lack it, and an empty text has no line. So the parts that follow each other by `next_offset`
 * add up to the text, unless a line was cut.
 *
 * @param offset first line from 1; negative counts from the end; 0 is taken as 1
 * @param limit lines at most; fewer when they are more than maxChars characters, but never none
 */
export function takeLines(
  text: string,
  offset: number,
  limit: number,
  maxChars = READ_MAX_CHARS,
): LineRange {
  const starts = lineStarts(text);
  const total = starts.length;
  const first = offset < 0 ? Math.max(0, total + offset) : Math.max(0, offset - 1);
  const lines: string[] = [];
  let chars = 0;
  let cut = 0;
  for (let index = first; index < total && lines.length < limit; index++) {
    const whole = text.slice(starts[index], starts[index + 1] ?? text.length);
    const line = cutLine(whole);
    if (lines.length > 0 && chars + line.length > maxChars) break;
    lines.push(line);
    chars += line.length;
    if (line !== whole) cut++;
  }
  const end = lines.length === 0 ? 0 : first + lines.length;
  return {
    text: lines.join(""),
    start: lines.length === 0 ? 0 : first + 1,
    end,
    total_lines: total,
    next_offset: end > 0 && end < total ? end + 1 : null,
    cut_lines: cut,
  };
}

function lineStarts(text: string): number[] {
  const starts: number[] = [];
  for (let at = 0; at < text.length;) {
    starts.push(at);
    const newline = text.indexOf("\n", at);
    at = newline === -1 ? text.length : newline + 1;
  }
  return starts;
}

/** Cuts a long line and says how much is left out; its line end stays. */
function cutLine(line: string): string {
  const end = /\r?\n$/.exec(line)?.[0] ?? "";
  const body = line.length - end.length;
  if (body <= LINE_MAX_CHARS) return line;
  const kept = sliceWhole(line, LINE_MAX_CHARS);
  return `${kept}… [${body - kept.length} more characters]${end}`;
}

/** The first characters of a text, without half of a surrogate pair at the end. */
export function sliceWhole(text: string, chars: number): string {
  const isHalf = /[\uD800-\uDBFF]/.test(text.charAt(chars - 1)) && chars < text.length;
  return text.slice(0, isHalf ? chars - 1 : chars);
}
