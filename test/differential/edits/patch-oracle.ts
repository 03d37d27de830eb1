import { asPut, bare, isCrlf, placesOf } from "./oracle.ts";
import { oldLines, type SectionHunk } from "./section.ts";
import { linesOf, type TextUpdate } from "./transition.ts";

/** How a patch was written, and so how its lines are told from others. */
export interface Writing {
  /** What of a line both sides have. */
  readonly seen: (line: string) => string;
  /** A line as the patch has it. */
  readonly write: (text: string) => string;
  /** Whether it has true numbers of lines. */
  readonly isNumbered: boolean;
}

/**
 * What a patch makes of a file, by whoever knows where each hunk belongs.
 *
 * @returns null where a hunk without a number fits in several places: that must be refused
 */
export function patched(
  { before, after }: TextUpdate,
  hunks: readonly SectionHunk[],
  { seen, write, isNumbered }: Writing,
): string | null {
  const file = linesOf(before);
  const result: string[] = [];
  let cursor = 0;
  for (const hunk of hunks) {
    const wanted = oldLines(hunk);
    if (!isNumbered && placesOf(file, wanted.map(write), cursor, seen).length !== 1) return null;
    result.push(...file.slice(cursor, hunk.at));
    cursor = hunk.at;
    const old = file.slice(hunk.at, hunk.at + wanted.length);
    const isExact = wanted.every((line) => write(line) === line);
    for (const { sign, text } of hunk.lines) {
      if (sign === " ") result.push(file[cursor]!);
      if (sign === "+") result.push(asPut(before, old.join(""), `${write(text)}\n`, isExact));
      if (sign !== "+") cursor += 1;
    }
  }
  const isTouched = cursor === file.length;
  const whole = [...result, ...file.slice(cursor)];
  // The newline before what a file without one at its end gains.
  const text = whole
    .map((line, index) =>
      index < whole.length - 1 && !line.endsWith("\n")
        ? `${line}${isCrlf(before) ? "\r\n" : "\n"}`
        : line,
    )
    .join("");
  return isTouched ? ended(text, after.endsWith("\n") || after === "") : text;
}

function ended(text: string, hasNewline: boolean): string {
  if (hasNewline) return text;
  return isCrlf(text) ? text.replace(/\r?\n$/, "") : bare(text);
}
