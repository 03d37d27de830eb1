import { forEachChild, parse, type SyntaxNode } from "unbash";

/** A syntax error in a script; `line` counts from 1. */
export interface SyntaxFault {
  readonly message: string;
  readonly line: number;
}

/**
 * What is wrong with a script, or null. Runs before just-bash sees the script: some malformed lines
 * of eight bytes make just-bash's own parser take all memory, and unbash refuses them.
 */
export function syntaxFault(source: string): SyntaxFault | null {
  const [first] = errorsIn(parse(source));
  if (first === undefined) return null;
  return { message: first.message, line: source.slice(0, first.pos).split("\n").length };
}

/**
 * Whether more lines may complete the input: a quote or a block is open, a here-document misses its
 * end, or the last line ends in a backslash. An interactive shell then asks for more.
 */
export function isIncomplete(source: string): boolean {
  const script = parse(source);
  const errors = [...errorsIn(script)];
  if (errors.length === 0) return /(^|[^\\])(\\\\)*\\$/.test(source) || hasOpenHereDocument(script);
  if (!errors.every(({ message }) => /^(unterminated|expected) /.test(message))) return false;
  const end = source.trimEnd().length;
  return errors.some(({ message, pos }) => message.startsWith("unterminated") || pos >= end);
}

/** Functions that a script defines, by name, as source. */
export function functionsIn(source: string): Map<string, string> {
  const found = new Map<string, string>();
  visit(parse(source), (node) => {
    if (node.type === "Function") found.set(node.name.text, source.slice(node.pos, node.end));
  });
  return found;
}

/** Whether a script calls nothing but these commands and functions of its own, in whatever place. */
export function callsOnly(source: string, names: ReadonlySet<string>): boolean {
  const own = functionsIn(source);
  let result = true;
  visit(parse(source), (node) => {
    if (node.type !== "Command" || node.name === undefined) return;
    result &&= names.has(node.name.value) || own.has(node.name.value);
  });
  return result;
}

/** Whether a script redirects the shell itself: `exec >file`. */
export function redirectsItself(source: string): boolean {
  let result = false;
  visit(parse(source), (node) => {
    if (node.type !== "Command" || node.name?.value !== "exec") return;
    result ||= node.args.length === 0 && node.redirects.length > 0;
  });
  return result;
}

interface ParseError {
  readonly message: string;
  readonly pos: number;
}

/** Nested scripts (`$(…)`, backquotes) report their own errors, so all of them are asked. */
function errorsIn(script: SyntaxNode): ParseError[] {
  const errors: ParseError[] = [];
  visit(script, (node) => {
    if (node.type === "Script" && "errors" in node) errors.push(...(node.errors ?? []));
  });
  return errors;
}

function hasOpenHereDocument(script: SyntaxNode): boolean {
  let open = false;
  visit(script, (node) => {
    if (node.type === "HereDoc" && !("closing" in node && node.closing)) open = true;
  });
  return open;
}

function visit(node: SyntaxNode, tell: (node: SyntaxNode) => void): void {
  tell(node);
  forEachChild(node, (child) => visit(child, tell));
}
