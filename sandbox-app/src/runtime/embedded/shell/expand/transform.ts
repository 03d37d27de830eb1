import { DiscardLine } from "../run/outcome.ts";
import { declaration, flagsOf } from "../state/declaration.ts";
import type { Shell } from "../state/shell.ts";
import { decodeEscapes } from "./escapes.ts";
import type { Reference } from "./parameter.ts";
import { singleQuoted } from "./quote.ts";

/** `${!prefix@}` */
export function transformNames(shell: Shell, prefix: string): string[] {
  return shell.variables
    .visible()
    .flatMap(([name, { content }]) =>
      name.startsWith(prefix) && content.kind !== "unset" ? [name] : [],
    );
}

/** `${x@Q}` and the other letters (bash manual, "Shell Parameter Expansion"). */
export async function transformValues(
  shell: Shell,
  { name, list, index }: Reference,
  values: readonly string[],
  letter: string,
): Promise<string[]> {
  const variable = shell.variables.find(name);
  switch (letter) {
    case "Q":
      return values.map(singleQuoted);
    case "U":
      return values.map((value) => value.toUpperCase());
    case "u":
      return values.map((value) => value.slice(0, 1).toUpperCase() + value.slice(1));
    case "L":
      return values.map((value) => value.toLowerCase());
    case "E":
      return values.map((value) => decodeEscapes(value, "ansi"));
    case "P":
      return Promise.all(values.map((value) => shell.process.promptText(shell, value)));
    case "a":
      return variable === undefined ? [] : values.map(() => flagsOf(variable));
    case "A":
      if (variable === undefined) return [];
      if (list === null && index === null && flagsOf(variable) === "")
        return [`${name}=${singleQuoted(values[0] ?? "")}`];
      if (variable.isArray) return [declaration(name, variable)];
      return [`declare -${flagsOf(variable)} ${name}=${singleQuoted(variable.text ?? "")}`];
    case "k":
    case "K": {
      if (list === null) return values.map(singleQuoted);
      const entries = variable?.entries ?? [];
      if (letter === "k") return entries.flat();
      return [entries.map(([key, value]) => `${key} "${value}"`).join(" ")];
    }
    default:
      throw new DiscardLine(`\${${name}@${letter}}: bad substitution`);
  }
}
