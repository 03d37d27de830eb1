import { parseScript, syntaxPosition } from "../esm/parse.ts";

/** A place in a source, as Node's frame above an uncaught error shows it. */
export interface ErrorPlace {
  /** A path or a URL. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 0. */
  readonly column: number;
  readonly text: string;
}

const places = new WeakMap<object, ErrorPlace>();

export function placeOf(error: unknown): ErrorPlace | null {
  return typeof error === "object" && error !== null ? (places.get(error) ?? null) : null;
}

/**
 * Notes where a syntax error is. The engine does not say it for evaluated code, and acorn words it in
 * its own way; the result carries the engine's words and acorn's place.
 *
 * @param file a path for a script, a URL for a module
 */
export function explainSyntax(error: unknown, file: string, source: string): unknown {
  if (!(error instanceof SyntaxError) || places.has(error)) return error;
  const position = syntaxPosition(error) ?? scriptPosition(source);
  if (position === null) return error;
  const { line, column } = position;
  const text = source.split("\n")[line - 1] ?? "";
  if (syntaxPosition(error) !== null) reword(error, text.slice(column));
  places.set(error, { file, line, column, text });
  return error;
}

function scriptPosition(source: string): { line: number; column: number } | null {
  try {
    parseScript(source);
    return null;
  } catch (error) {
    return syntaxPosition(error);
  }
}

/** acorn's words in V8's. */
function reword(error: SyntaxError, rest: string): void {
  const words = error.message.replace(/ \(\d+:\d+\)$/, "");
  const token = /^(?:[\w$]+|=>|\.\.\.|[^\s])/.exec(rest)?.[0];
  const message =
    words !== "Unexpected token"
      ? words
      : token === undefined
        ? "Unexpected end of input"
        : /^[\w$]/.test(token)
          ? `Unexpected identifier '${token}'`
          : `Unexpected token '${token}'`;
  for (const key of ["pos", "loc", "raisedAt"]) Reflect.deleteProperty(error, key);
  const stack = error.stack ?? "";
  const frames = stack.indexOf("\n    at ");
  error.message = message;
  error.stack = `SyntaxError: ${message}${frames < 0 ? "" : stack.slice(frames)}`;
}
