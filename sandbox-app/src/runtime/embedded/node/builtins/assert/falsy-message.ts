import { parseExpressionAt } from "acorn";

/**
 * The message of `assert(value)`: with the call's own source, as Node reads it from the file.
 *
 * @param read text of a file; null when there is none
 * @param ok frames from this function on are not the caller's
 */
export function falsyMessage(read: (file: string) => string | null, ok: object): string {
  const place: { stack?: string } = {};
  Error.captureStackTrace?.(place, ok as never);
  // `assert` itself calls `ok`, and is a frame of this runtime's.
  const frames = (place.stack ?? "").split("\n").filter((line) => !line.includes("node:internal"));
  const match = /(?:file:\/\/)?(\/[^():]+):(\d+):(\d+)\)?$/.exec(frames[1] ?? "");
  const call =
    match === null ? null : callAt(read(match[1] ?? ""), Number(match[2]), Number(match[3]));
  const shown = call === null ? "" : `:\n\n  ${call.split("\n", 1)[0]}\n`;
  return `The expression evaluated to a falsy value${shown}`;
}

/** @param line from 1 @param column from 1; at the name that is called, behind the dot */
function callAt(source: string | null, line: number, column: number): string | null {
  if (source === null) return null;
  const before = source.split("\n").slice(0, line - 1);
  const lineStart = before.reduce((length, text) => length + text.length + 1, 0);
  const at = lineStart + column - 1;
  const object = /[\w$.]+\.$/.exec(source.slice(0, at));
  const call = parseCall(source, at - (object?.[0].length ?? 0));
  if (call !== null) return call;
  // Imported names are rewritten, which moves what stands behind them on the line.
  const named = /\b(?:assert(?:\.ok)?|ok)\s*\(/.exec(source.slice(lineStart));
  return named === null ? null : parseCall(source, lineStart + named.index);
}

function parseCall(source: string, at: number): string | null {
  try {
    const node = parseExpressionAt(source, at, { ecmaVersion: "latest", sourceType: "module" });
    const first = node.type === "SequenceExpression" ? node.expressions[0] : node;
    return first?.type === "CallExpression" ? source.slice(first.start, first.end) : null;
  } catch {
    return null;
  }
}
