import { type ErrorPlace, placeOf } from "./syntax-place.ts";

/**
 * Where an error came from: a syntax error's own place, or the first frame of the stack that is in a
 * file of the guest's.
 *
 * @param read text of a file; null when there is none
 * @param isRejection points at the error's creation, and not at a `throw` before it
 */
export function sourcePlace(
  error: unknown,
  read: (file: string) => string | null,
  isRejection = false,
): ErrorPlace | null {
  const known = placeOf(error);
  if (known !== null) return known;
  const stack = error instanceof Error ? error.stack : undefined;
  if (typeof stack !== "string") return null;
  for (const frame of stack.split("\n")) {
    const match =
      /(?:\(|at )(?:async )?((?:file:\/\/)?\/[^()]*?|\[eval[^\]]*\]|\[stdin\]):(\d+):(\d+)\)?$/.exec(
        frame,
      );
    const [, file, line, column] = match ?? [];
    if (file === undefined) continue;
    const text = read(file)?.split("\n")[Number(line) - 1];
    if (text === undefined) continue;
    const created = Number(column) - 1;
    const shown = isRejection ? created : throwColumn(text, created);
    return { file, line: Number(line), column: shown, text };
  }
  return null;
}

/** Node points at the `throw`, the stack at the error's creation. */
function throwColumn(text: string, column: number): number {
  const before = /\bthrow\s[^;]*$/.exec(text.slice(0, column));
  return before === null ? column : column - before[0].length;
}

/** `file:line`, the line and a caret below it, as Node prints it above an uncaught error. */
export function codeFrame({ file, line, column, text }: ErrorPlace): string {
  const indent = text.slice(0, column).replaceAll(/[^\t]/g, " ");
  return `${file}:${line}\n${text}\n${indent}^\n\n`;
}
