import type { AwkState } from "./state.ts";
import { AwkError } from "./tokens.ts";
import { formatted, Input, numberOf, textOf, type Value } from "./values.ts";

/** Functions of values; those that need more than values are in evaluate.ts. */
export function plainFunction(name: string, args: readonly Value[], state: AwkState): Value | null {
  const [first, second, third] = args;
  const text = (value: Value | undefined): string => textOf(value ?? "", state.text("CONVFMT"));
  const number = (value: Value | undefined): number => numberOf(value ?? 0);
  switch (name) {
    case "length":
      return Array.from(first === undefined ? state.record : text(first)).length;
    case "index":
      return indexOf(text(first), text(second));
    case "substr":
      return substring(text(first), number(second), third === undefined ? Infinity : number(third));
    case "tolower":
      return text(first).toLowerCase();
    case "toupper":
      return text(first).toUpperCase();
    case "sprintf":
      return formatted(text(first), args.slice(1));
    case "int":
      return Math.trunc(number(first));
    case "sqrt":
      return Math.sqrt(number(first));
    case "exp":
      return Math.exp(number(first));
    case "log":
      return Math.log(number(first));
    case "sin":
      return Math.sin(number(first));
    case "cos":
      return Math.cos(number(first));
    case "atan2":
      return Math.atan2(number(first), number(second));
    case "systime":
      return Math.floor(Date.now() / 1000);
    case "and":
      return number(first) & number(second);
    case "or":
      return number(first) | number(second);
    case "xor":
      return number(first) ^ number(second);
    case "lshift":
      return number(first) * 2 ** number(second);
    case "rshift":
      return Math.floor(number(first) / 2 ** number(second));
    case "strtonum":
      return Number(/^0[xX]/.test(text(first)) ? text(first) : number(first));
    default:
      return null;
  }
}

function indexOf(text: string, part: string): number {
  const at = text.indexOf(part);
  return at === -1 ? 0 : Array.from(text.slice(0, at)).length + 1;
}

/** Rounds, and counts from 1; what lies before the start shortens the piece (POSIX). */
function substring(text: string, from: number, length: number): string {
  const chars = Array.from(text);
  const start = Math.round(from);
  const end = length === Infinity ? chars.length + 1 : start + Math.round(length);
  return chars.slice(Math.max(0, start - 1), Math.max(0, end - 1)).join("");
}

/** `sub` and `gsub`: the text, and how often. */
export function replaced(
  text: string,
  pattern: RegExp,
  replacement: string,
  isGlobal: boolean,
): { readonly text: string; readonly count: number } {
  let output = "";
  let at = 0;
  let count = 0;
  let lastEnd = -1;
  for (const match of text.matchAll(new RegExp(pattern.source, "gu"))) {
    const end = match.index + match[0].length;
    if (match[0] === "" && match.index === lastEnd) continue;
    lastEnd = end;
    count++;
    output += text.slice(at, match.index) + filled(replacement, match[0]);
    at = end;
    if (!isGlobal) break;
  }
  return { text: output + text.slice(at), count };
}

/** `&` is what matched, `\&` an ampersand. */
function filled(replacement: string, matched: string): string {
  return replacement.replaceAll(/\\\\|\\&|&/g, (mark) =>
    mark === "&" ? matched : mark === "\\&" ? "&" : "\\",
  );
}

/** The position that `match` finds, counted in characters from 1. */
export function matchPosition(
  text: string,
  pattern: RegExp,
): { start: number; length: number; groups: Input[] } {
  const match = pattern.exec(text);
  if (match === null) return { start: 0, length: -1, groups: [] };
  return {
    start: Array.from(text.slice(0, match.index)).length + 1,
    length: Array.from(match[0]).length,
    groups: Array.from(match, (group) => new Input(group ?? "")),
  };
}

export function unknownFunction(name: string): never {
  throw new AwkError(`function ${name} never defined`);
}
