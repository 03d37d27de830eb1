import type { Function as FunctionNode } from "unbash";
import { print } from "unbash/printer";
import type { Source } from "./source.ts";

interface Defined {
  readonly name: string;
  readonly body: FunctionNode["body"];
  readonly source: Source;
}

const INDENT = "    ";

/** A function as `declare -f` and `type` show it; inner lines are laid out by the parser's printer. */
export function functionText({ name, body, source }: Defined): string {
  const { pos, end } = body;
  const inner =
    body.type === "BraceGroup"
      ? body.body.commands
      : [{ type: "Statement" as const, pos, end, command: body as never, background: undefined }];
  const script = { type: "Script" as const, pos, end, shebang: undefined, commands: inner };
  let text: string;
  try {
    text = print(script);
  } catch {
    text = source.slice(body);
  }
  const lines = text
    .trim()
    .split("\n")
    .map((line) => `${INDENT}${line.replace(/^(?: {2})+/, (spaces) => spaces + spaces)}`);
  // bash ends each command of a body with a semicolon, except the last.
  const ended = lines.map((line, index) =>
    index < lines.length - 1 && !/(?:[;{&|(]|\b(?:then|do|else|in))$/.test(line)
      ? `${line};`
      : line,
  );
  return `${name} () \n{ \n${ended.join("\n")}\n}\n`;
}
