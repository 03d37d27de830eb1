import type { ParsedScript } from "unbash";
import { type ParseError, parseScript, visit } from "./parse.ts";

/** What bash says of a syntax error. */
export interface SyntaxFault {
  readonly message: string;
  /** Counts from 1. */
  readonly line: number;
  /** The line that bash shows after the message; null when the input ended too early. */
  readonly shown: string | null;
  /** Offset of the error. */
  readonly pos: number;
  /** The input ended too early: the statement that was read last is the one at fault. */
  readonly atEnd: boolean;
}

/** Closing characters that bash names when one is missing. */
const closers: readonly [RegExp, string][] = [
  [/double quote/, '"'],
  [/single quote|ANSI-C quote/, "'"],
  [/backtick/, "`"],
  [/parameter expansion/, "}"],
  [/arithmetic|substitution|extended glob/, ")"],
  [/subscript/, "]"],
];

/** The first error in a script, in bash's words; null when there is none. */
export function faultOf(source: string, errors: readonly ParseError[]): SyntaxFault | null {
  const [first] = errors;
  if (first === undefined) return null;
  const before = source.slice(0, first.pos);
  const line = before.split("\n").length;
  const lineStart = before.lastIndexOf("\n") + 1;
  const shown = source.slice(lineStart).split("\n", 1)[0] ?? "";
  const token =
    /unexpected (?:token )?'(.*?)'/s.exec(first.message)?.[1] ?? wordAt(source, first.pos);
  const closer = closers.find(([pattern]) => pattern.test(first.message))?.[1];
  if (first.message.startsWith("unterminated") && closer !== undefined) {
    const message = `unexpected EOF while looking for matching \`${closer}'`;
    return { message, line, shown: null, pos: first.pos, atEnd: true };
  }
  if (source.slice(first.pos).trim() === "") {
    const end = source.replace(/\n$/, "").split("\n").length + 1;
    return {
      message: "syntax error: unexpected end of file",
      line: end,
      shown: null,
      pos: first.pos,
      atEnd: true,
    };
  }
  const message = `syntax error near unexpected token \`${token}'`;
  return { message, line, shown, pos: first.pos, atEnd: false };
}

function wordAt(source: string, pos: number): string {
  const rest = source.slice(pos).trimStart();
  return /^(?:;;&|;;|;&|&&|\|\||[;&|()<>\n]|[^\s;&|()<>]+)/.exec(rest)?.[0] ?? "newline";
}

/**
 * Whether more lines may complete the input: a quote or a block is open, a here-document misses its
 * end, or the last line ends in a backslash or an operator. An interactive shell then asks for more.
 */
export function isIncomplete(source: string): boolean {
  const { script, errors } = parseScript(source);
  if (/(^|[^\\])(\\\\)*\\$/.test(source)) return true;
  if (errors.length === 0) return hasOpenHereDocument(script) || /(\|\||&&|\|)\s*$/.test(source);
  if (!errors.every(({ message }) => /^(unterminated|expected) /.test(message))) return false;
  const end = source.trimEnd().length;
  return errors.some(({ message, pos }) => message.startsWith("unterminated") || pos >= end);
}

function hasOpenHereDocument(script: ParsedScript): boolean {
  let open = false;
  visit(script, (node) => {
    if (node.type === "HereDoc" && node.closing === undefined) open = true;
  });
  return open;
}
