import {
  type Assignment,
  forEachChild,
  parse,
  type ParsedScript,
  type SyntaxNode,
  type Word,
  type WordPart,
} from "unbash";
import { Memo } from "./memo.ts";

export interface ParseError {
  readonly message: string;
  readonly pos: number;
}

/** Parses a script, with the errors of the scripts nested in it (`$(…)`, backquotes). */
export function parseScript(source: string): { script: ParsedScript; errors: ParseError[] } {
  const script = parse(source);
  const errors: ParseError[] = [];
  visit(script, (node) => {
    if (node.type === "Script" && "errors" in node) errors.push(...(node.errors ?? []));
  });
  return { script, errors: errors.toSorted((a, b) => a.pos - b.pos) };
}

export function visit(node: SyntaxNode, tell: (node: SyntaxNode) => void): void {
  tell(node);
  forEachChild(node, (child) => visit(child, tell));
}

const words = new Memo<Word>();
const bodies = new Memo<readonly WordPart[]>();
const elements = new Memo<Assignment | null>();

/** One word from its text, as a brace expansion makes them. */
export function parseWord(text: string): Word {
  return words.get(text, () => {
    const [statement] = parse(`: ${text}`).commands;
    const command = statement?.command;
    const word = command?.type === "Command" ? command.args[0] : undefined;
    if (word?.type === "Word") return word;
    return { type: "Word", text: "''", value: "", pos: 0, end: 0 };
  });
}

/** Ends the synthetic here-document; no guest text holds this line. */
const BODY_END = "\u0001end\u0001";

/** Text in which only `$` and backquotes are special: arithmetic, prompts, `${x@P}`. */
export function parseBody(text: string): readonly WordPart[] {
  return bodies.get(text, () => {
    const [statement] = parse(`: <<${BODY_END}\n${text}\n${BODY_END}\n`).commands;
    const command = statement?.command;
    const redirect = command?.type === "Command" ? command.redirects[0] : undefined;
    const literal: WordPart = {
      type: "Literal",
      pos: 0,
      end: 0,
      value: `${text}\n`,
      text: `${text}\n`,
    };
    return redirect?.type === "HereDoc" ? (redirect.body.parts ?? [literal]) : [];
  });
}

/** An element `[key]=value` of an array's parentheses; null when it has no key. */
export function parseElement(text: string): Assignment | null {
  if (!text.startsWith("[")) return null;
  return elements.get(text, () => {
    const [statement] = parse(`x${text}`).commands;
    const command = statement?.command;
    const assignment = command?.type === "Command" ? command.prefix[0] : undefined;
    return assignment?.type === "Assignment" && assignment.index !== undefined ? assignment : null;
  });
}
