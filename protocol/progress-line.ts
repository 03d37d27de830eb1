import { PROGRESS_LINE_MAX_CHARS } from "./limits.ts";

/**
 * What programs write to colour, to move the cursor, or to set a title: control sequences, control
 * strings and other escapes (ECMA-48, sections 5.3 to 5.6), and one that is not finished yet.
 */
const ESCAPES =
  // oxlint-disable-next-line no-control-regex -- escapes are made of control characters
  /\u001B(?:\[[0-?]*[ -/]*(?:[@-~]|$)|[\]PX^_][^\u0007\u001B\n]*(?:\u0007|\u001B\\|$)|[ -/]*(?:[0-~]|$))/g;

/** What cannot be seen, or changes how the rest is seen. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu;

/** On one line, without control characters, and short: text of a program that a client may show. */
export function oneLine(text: string): string {
  const line = text.replaceAll(INVISIBLE, " ").trim().toWellFormed();
  return line.length <= PROGRESS_LINE_MAX_CHARS
    ? line
    : `${line.slice(0, PROGRESS_LINE_MAX_CHARS - 1).toWellFormed()}…`;
}

/**
 * The last line of a program's output that says something. A carriage return begins a line too, as
 * progress bars do, so that the bar's latest state counts.
 *
 * @param output the end of it
 * @returns empty when there is none
 */
export function lastLine(output: string): string {
  const lines = output.replaceAll(ESCAPES, "").split(/[\n\r]/);
  for (const line of lines.toReversed()) {
    const shown = oneLine(line);
    if (shown !== "") return shown;
  }
  return "";
}
