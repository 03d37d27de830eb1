/** Longest command line in a list; the call that started it has the whole. */
const LINE_MAX_CHARS = 200;

/** A command line as lists show it. */
export function shownLine(line: string): string {
  return line.length <= LINE_MAX_CHARS
    ? line
    : `${line.slice(0, LINE_MAX_CHARS - 1).toWellFormed()}…`;
}
