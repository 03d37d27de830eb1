import { ShellError } from "../run/outcome.ts";
import type { Shell } from "./shell.ts";
import { specialArray } from "./special-variables.ts";
import type { Variable } from "./variable.ts";

type Evaluate = (text: string) => number;

/** `name` or `name[index]`; undefined when it is unset. */
export function readElement(
  shell: Shell,
  name: string,
  index: string | null,
  evaluate: Evaluate,
): string | undefined {
  const special = specialArray(shell, name);
  if (special !== undefined) return special.at(index === null ? 0 : evaluate(index));
  if (/^\d+$/.test(name)) return name === "0" ? shell.name : shell.parameters[Number(name) - 1];
  const variable = shell.variables.find(name);
  if (variable === undefined) return undefined;
  if (index === null) return variable.text;
  const { content } = variable;
  if (content.kind === "associative") return content.items.get(withoutQuotes(index));
  const at = arrayIndex(variable, evaluate(index), name);
  return content.kind === "indexed" ? content.items.get(at) : at === 0 ? variable.text : undefined;
}

/** Assigns; an index on a name that is no array yet makes it one. */
export function writeElement(
  shell: Shell,
  name: string,
  index: string | null,
  value: string,
  evaluate: Evaluate,
): void {
  if (index === null) return shell.variables.set(name, value);
  const variable = shell.variables.toChange(name);
  setElement(variable, name, index, variable.inCase(value), evaluate);
  shell.variables.changed(name);
}

export function setElement(
  variable: Variable,
  name: string,
  index: string,
  value: string,
  evaluate: Evaluate,
): void {
  if (variable.content.kind === "associative") {
    variable.content.items.set(withoutQuotes(index), value);
    return;
  }
  const at = arrayIndex(variable, evaluate(index), name, index);
  variable.asIndexed().set(at, value);
}

/** Negative indices count from the end. */
function arrayIndex(variable: Variable, index: number, name: string, text = String(index)): number {
  if (index >= 0) return index;
  const keys = variable.content.kind === "indexed" ? [...variable.content.items.keys()] : [];
  const at = Math.max(-1, ...keys) + 1 + index;
  if (at < 0) throw new ShellError(`${name}[${text}]: bad array subscript`);
  return at;
}

function withoutQuotes(key: string): string {
  return key.replaceAll(/"([^"]*)"|'([^']*)'/g, "$1$2");
}
