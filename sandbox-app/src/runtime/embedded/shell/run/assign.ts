import type { Assignment, Word } from "unbash";
import { evaluateIndex, evaluateText } from "../expand/arithmetic-text.ts";
import { expandText, expandWords } from "../expand/word.ts";
import { setElement } from "../state/element.ts";
import type { Shell } from "../state/shell.ts";
import type { Variable } from "../state/variable.ts";
import { parseElement } from "../syntax/parse.ts";
import { ShellError } from "./outcome.ts";

export interface ArrayElement {
  /** Text of `[key]`; null for an element without one. */
  readonly key: string | null;
  readonly append: boolean;
  readonly value: string;
}

/** An assignment whose words are expanded. */
export interface ExpandedAssignment {
  readonly name: string;
  readonly index: string | null;
  readonly append: boolean;
  readonly value: string | readonly ArrayElement[];
}

export async function expandAssignment(
  shell: Shell,
  node: Assignment,
): Promise<ExpandedAssignment> {
  const index = node.index === undefined ? null : await expandText(shell, node.index);
  const value =
    node.value.type === "ArrayValue"
      ? await expandElements(shell, node.value.elements)
      : await expandText(shell, node.value, { isAssignment: true });
  return { name: node.name, index, append: node.append === true, value };
}

async function expandElements(shell: Shell, words: readonly Word[]): Promise<ArrayElement[]> {
  const elements: ArrayElement[] = [];
  for (const word of words) {
    const keyed = parseElement(word.text);
    if (keyed !== null && keyed.index !== undefined && keyed.value.type === "Word") {
      const key = await expandText(shell, keyed.index);
      const value = await expandText(shell, keyed.value, { isAssignment: true });
      elements.push({ key, append: keyed.append === true, value });
    } else {
      const values = await expandWords(shell, [word]);
      elements.push(...values.map((value) => ({ key: null, append: false, value })));
    }
  }
  return elements;
}

/** Assigns to the visible variable, or makes a global one. */
export function assign(shell: Shell, assignment: ExpandedAssignment): void {
  const { name, index, append, value } = assignment;
  const resolved = shell.variables.resolve(name);
  const element = /^(\w+)\[(.*)\]$/s.exec(resolved);
  if (element !== null) {
    return assign(shell, { name: element[1] ?? "", index: element[2] ?? "", append, value });
  }
  const variable = shell.variables.toChange(name);
  assignTo(shell, variable, { ...assignment, name: resolved, index });
  if (shell.isOn("allexport")) variable.attributes.exported = true;
  shell.variables.changed(resolved);
}

/** Assigns to a variable that is at hand, as `declare` and `local` do. */
export function assignTo(
  shell: Shell,
  variable: Variable,
  { name, index, append, value }: ExpandedAssignment,
): void {
  if (typeof value !== "string") return assignArray(shell, variable, name, append, value);
  const isList = variable.isArray;
  const key = index ?? (isList ? "0" : null);
  if (key === null) {
    const text = combined(shell, variable, variable.text, append, value);
    variable.content = { kind: "scalar", text };
    return;
  }
  if (key === "") throw new ShellError(`${name}[]: bad array subscript`);
  const before = currentElement(shell, variable, key);
  setElement(
    variable,
    name,
    key,
    combined(shell, variable, before, append, value),
    evaluateIndex(shell),
  );
}

function combined(
  shell: Shell,
  variable: Variable,
  before: string | undefined,
  append: boolean,
  value: string,
): string {
  if (variable.attributes.integer) {
    const added = evaluateText(shell, value);
    return String(append ? evaluateText(shell, before ?? "0") + added : added);
  }
  return variable.inCase(append ? (before ?? "") + value : value);
}

function currentElement(shell: Shell, variable: Variable, key: string): string | undefined {
  const { content } = variable;
  if (content.kind === "associative") return content.items.get(key);
  if (content.kind !== "indexed") return undefined;
  const at = evaluateIndex(shell)(key);
  const end = at < 0 ? Math.max(-1, ...content.items.keys()) + 1 : 0;
  return content.items.get(at + end);
}

function assignArray(
  shell: Shell,
  variable: Variable,
  name: string,
  append: boolean,
  elements: readonly ArrayElement[],
): void {
  variable.isAssigned = true;
  if (variable.content.kind === "associative") {
    const items = append ? variable.content.items : new Map<string, string>();
    variable.content = { kind: "associative", items };
    return fillAssociative(variable, items, elements);
  }
  if (!append) variable.content = { kind: "indexed", items: new Map() };
  const items = variable.asIndexed();
  let next = Math.max(-1, ...items.keys()) + 1;
  for (const { key, append: appends, value } of elements) {
    if (key !== null) {
      const at = evaluateIndex(shell)(key);
      next = at < 0 ? Math.max(-1, ...items.keys()) + 1 + at : at;
      if (next < 0) throw new ShellError(`${name}[${key}]: bad array subscript`);
    }
    items.set(next, combined(shell, variable, items.get(next), appends, value));
    next++;
  }
}

function fillAssociative(
  variable: Variable,
  items: Map<string, string>,
  elements: readonly ArrayElement[],
): void {
  let pendingKey: string | null = null;
  for (const { key, append, value } of elements) {
    if (key !== null)
      items.set(key, variable.inCase(append ? (items.get(key) ?? "") + value : value));
    // Without keys the words are keys and values in turn.
    else if (pendingKey === null) pendingKey = value;
    else {
      items.set(pendingKey, variable.inCase(value));
      pendingKey = null;
    }
  }
  if (pendingKey !== null) items.set(pendingKey, "");
}
