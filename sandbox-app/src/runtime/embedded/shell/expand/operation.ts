import type { ParameterOperation } from "unbash";
import { DiscardLine } from "../run/outcome.ts";
import type { Shell } from "../state/shell.ts";
import { expandArithmetic } from "./arithmetic-text.ts";
import type { Reference } from "./parameter.ts";
import { patternSource, patternToRegExp } from "./pattern.ts";
import { transformValues } from "./transform.ts";

/** `#`, `%`, `/`, `:`, `^`, `@`: applied to one text or to each element of a list. */
export async function applyOperation(
  shell: Shell,
  reference: Reference,
  values: readonly string[],
  operation: ParameterOperation,
): Promise<string[]> {
  switch (operation.type) {
    case "Remove": {
      const pattern = await shell.process.interpreter.expand.pattern(shell, operation.operand);
      return values.map((value) => removeMatch(value, pattern, operation.operator));
    }
    case "Replace":
      return replaceMatches(shell, values, operation);
    case "Slice":
      return slice(shell, reference, values, operation);
    case "CaseModification": {
      const pattern =
        operation.operand === undefined
          ? "?"
          : await shell.process.interpreter.expand.pattern(shell, operation.operand);
      const matcher = patternToRegExp(pattern === "" ? "?" : pattern);
      return values.map((value) => changeCase(value, matcher, operation.operator));
    }
    case "Transform":
      return transformValues(shell, reference, values, operation.operand.text);
    default:
      throw new DiscardLine(`\${${reference.name}}: bad substitution`);
  }
}

type Removal = "#" | "##" | "%" | "%%";

function removeMatch(value: string, pattern: string, operator: Removal): string {
  const matcher = patternToRegExp(pattern);
  const chars = Array.from(value);
  const lengths = Array.from({ length: chars.length + 1 }, (_, index) => index);
  if (operator.length === 2) lengths.reverse();
  for (const length of lengths) {
    if (operator.startsWith("#")) {
      if (matcher.test(chars.slice(0, length).join(""))) return chars.slice(length).join("");
    } else if (matcher.test(chars.slice(chars.length - length).join(""))) {
      return chars.slice(0, chars.length - length).join("");
    }
  }
  return value;
}

type Replace = Extract<ParameterOperation, { type: "Replace" }>;

async function replaceMatches(
  shell: Shell,
  values: readonly string[],
  { operator, pattern, replacement }: Replace,
): Promise<string[]> {
  const source = await shell.process.interpreter.expand.pattern(shell, pattern);
  const replacing = await shell.process.interpreter.expand.pieces(shell, replacement);
  // An unquoted `&` stands for what was matched (shopt patsub_replacement).
  const replace = (match: string): string =>
    replacing
      .map((piece) => {
        if (piece.kind === "break") return " ";
        return piece.quoted
          ? piece.text
          : piece.text.replaceAll(/\\(.)|&/gs, (found, char?: string) =>
              char === undefined ? match : char === "&" ? "&" : found,
            );
      })
      .join("");
  if (source === "" && !operator.startsWith("/#") && !operator.startsWith("/%")) return [...values];
  const body = patternSource(source);
  const flags = `su${operator === "//" ? "g" : ""}${shell.options.shopt.has("nocasematch") ? "i" : ""}`;
  if (operator === "/%") {
    const matcher = new RegExp(`^(?:${body})$`, flags);
    return values.map((value) => replaceSuffix(value, matcher, replace));
  }
  const matcher = new RegExp(operator === "/#" ? `^(?:${body})` : `(?:${body})`, flags);
  return values.map((value) =>
    // A pattern that matches nothing at the end of the text replaces nothing there.
    value.replace(matcher, (match: string, ...rest: unknown[]) => {
      const at = rest.find((item): item is number => typeof item === "number") ?? 0;
      return match === "" && (at > 0 || operator === "//") && value !== "" && operator !== "/#"
        ? ""
        : replace(match);
    }),
  );
}

/** The longest suffix that matches. */
function replaceSuffix(value: string, matcher: RegExp, replace: (match: string) => string): string {
  for (let at = 0; at <= value.length; at++) {
    if (matcher.test(value.slice(at))) return value.slice(0, at) + replace(value.slice(at));
  }
  return value;
}

type Slice = Extract<ParameterOperation, { type: "Slice" }>;

async function slice(
  shell: Shell,
  reference: Reference,
  values: readonly string[],
  operation: Slice,
): Promise<string[]> {
  const offset = Number(await expandArithmetic(shell, operation.offset.text));
  const shown = operation.length?.text ?? "";
  const length =
    operation.length === undefined ? null : Number(await expandArithmetic(shell, shown));
  if (reference.list === null) {
    return values.map((value) => cut(Array.from(value), offset, length, shown).join(""));
  }
  if (length !== null && length < 0) throw new DiscardLine(`${shown}: substring expression < 0`);
  if (reference.name !== "@" && reference.name !== "*") {
    return sliceArray(shell, reference, values, offset, length);
  }
  // Offset 0 of the positional parameters is `$0`.
  const all = [shell.name, ...values];
  const start = offset < 0 ? all.length + offset : offset;
  return start < 0 ? [] : all.slice(start, length === null ? undefined : start + length);
}

function sliceArray(
  shell: Shell,
  { name }: Reference,
  values: readonly string[],
  offset: number,
  length: number | null,
): string[] {
  const content = shell.variables.find(name)?.content;
  if (content?.kind !== "indexed") {
    const start = offset < 0 ? values.length + offset : offset;
    return start < 0 ? [] : values.slice(start, length === null ? undefined : start + length);
  }
  // Offsets are indices: holes count.
  const keys = [...content.items.keys()].toSorted((a, b) => a - b);
  const start = offset < 0 ? (keys.at(-1) ?? -1) + 1 + offset : offset;
  if (start < 0) return [];
  const from = keys.filter((key) => key >= start);
  return from.slice(0, length ?? undefined).map((key) => content.items.get(key) ?? "");
}

function cut(
  chars: readonly string[],
  offset: number,
  length: number | null,
  shown: string,
): readonly string[] {
  const start = offset < 0 ? chars.length + offset : offset;
  if (start < 0 || start > chars.length) return [];
  if (length === null) return chars.slice(start);
  const end = length < 0 ? chars.length + length : start + length;
  if (end < start) throw new DiscardLine(`${shown.trim()}: substring expression < 0`);
  return chars.slice(start, end);
}

function changeCase(value: string, matcher: RegExp, operator: string): string {
  const change = (char: string): string => {
    if (!matcher.test(char)) return char;
    return operator.startsWith("^") ? char.toUpperCase() : char.toLowerCase();
  };
  const [first = "", ...rest] = Array.from(value);
  return change(first) + (operator.length === 2 ? rest.map(change) : rest).join("");
}
