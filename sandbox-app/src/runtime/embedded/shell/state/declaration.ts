import { doubleQuoted, quotedIfNeeded } from "../expand/quote.ts";
import type { Variable } from "./variable.ts";

/** Letters of `declare` for what a variable is, in bash's order. */
export function flagsOf({ content, attributes }: Variable): string {
  return [
    content.kind === "indexed" ? "a" : "",
    content.kind === "associative" ? "A" : "",
    attributes.integer ? "i" : "",
    attributes.lower ? "l" : "",
    attributes.reference ? "n" : "",
    attributes.readonly ? "r" : "",
    attributes.upper ? "u" : "",
    attributes.exported ? "x" : "",
  ].join("");
}

/** What `declare -p` prints. */
export function declaration(name: string, variable: Variable): string {
  const flags = flagsOf(variable);
  const start = `declare -${flags === "" ? "-" : flags} ${name}`;
  switch (variable.content.kind) {
    case "unset":
      return start;
    case "scalar":
      return `${start}=${doubleQuoted(variable.content.text)}`;
    default:
      if (variable.entries.length === 0 && !variable.isAssigned) return start;
      return `${start}=${arrayText(variable)}`;
  }
}

/** What `set` without arguments prints. */
export function assignmentText(name: string, variable: Variable): string {
  return variable.isArray
    ? `${name}=${arrayText(variable)}`
    : `${name}=${quotedIfNeeded(variable.text ?? "")}`;
}

function arrayText(variable: Variable): string {
  const isAssociative = variable.content.kind === "associative";
  const entries = variable.entries.map(([key, value]) => {
    const shown = isAssociative && !/^[\w./@%+:-]+$/.test(key) ? doubleQuoted(key) : key;
    return `[${shown}]=${doubleQuoted(value)}`;
  });
  // bash leaves a blank after the last element of an associative array.
  return `(${entries.join(" ")}${isAssociative && entries.length > 0 ? " " : ""})`;
}
