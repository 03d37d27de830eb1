import type { ParameterExpansionPart, Word } from "unbash";
import { DiscardLine, ExpansionError } from "../run/outcome.ts";
import { readElement, writeElement } from "../state/element.ts";
import type { Shell } from "../state/shell.ts";
import { specialArray } from "../state/special-variables.ts";
import { evaluateIndex, expandArithmetic } from "./arithmetic-text.ts";
import { applyOperation } from "./operation.ts";
import { expanded, fieldBreak, type Piece } from "./piece.ts";
import { transformNames } from "./transform.ts";

/** What a parameter is: one text, or a list (`$@`, `${a[*]}`). */
export interface Reference {
  readonly name: string;
  /** Text of the index, expanded where the array is associative; null without one. */
  readonly index: string | null;
  /** `@` and `*` differ in quotes only; null for one text. */
  readonly list: "@" | "*" | null;
  /** The value itself, where it is known already. */
  readonly text?: string;
}

/** `$name`, `$1`, `$@`. */
export function simpleParameterPieces(shell: Shell, name: string, inQuotes: boolean): Piece[] {
  if (name === "@" || name === "*") return listPieces(shell, [...shell.parameters], name, inQuotes);
  const value = readParameter(shell, name);
  if (value === undefined && shell.isOn("nounset"))
    throw shell.unbound(/^\d/.test(name) ? `$${name}` : name);
  return [expanded(value ?? "", inQuotes)];
}

/** One text: a special parameter, a positional one or a variable. */
export function readParameter(shell: Shell, name: string): string | undefined {
  switch (name) {
    case "?":
      return String(shell.status);
    case "$":
      return String(shell.process.pid);
    case "!":
      return shell.lastBackground === null ? undefined : String(shell.lastBackground);
    case "#":
      return String(shell.parameters.length);
    case "-":
      return shell.options.letters(shell.process.isInteractive, shell.process.howStarted);
    case "@":
      return shell.parameters.length === 0 ? undefined : shell.parameters.join(" ");
    case "*":
      return shell.parameters.length === 0 ? undefined : shell.parameters.join(separator(shell));
    default:
      return readElement(shell, name, null, evaluateIndex(shell));
  }
}

/** Keys and values of a list; a plain variable is a list of one. */
export function entriesOf(shell: Shell, name: string): readonly (readonly [string, string])[] {
  if (name === "@" || name === "*") {
    return shell.parameters.map((value, index) => [String(index + 1), value] as const);
  }
  const special = specialArray(shell, name);
  if (special !== undefined) return special.map((value, index) => [String(index), value] as const);
  return shell.variables.find(name)?.entries ?? [];
}

export function listPieces(
  shell: Shell,
  values: readonly string[],
  list: "@" | "*",
  inQuotes: boolean,
): Piece[] {
  if (list === "*" && inQuotes) return [expanded(values.join(separator(shell)), true)];
  return values.flatMap((value, index) =>
    index === 0
      ? [expanded(value, inQuotes)]
      : [fieldBreak(list === "*" ? separator(shell) : " "), expanded(value, inQuotes)],
  );
}

function separator(shell: Shell): string {
  return shell.variables.get("IFS")?.slice(0, 1) ?? " ";
}

/** `${…}` in all its forms. */
export async function parameterPieces(
  shell: Shell,
  part: ParameterExpansionPart,
  inQuotes: boolean,
): Promise<Piece[]> {
  const { parameter, prefix, operation } = part;
  if (parameter === "" || operation?.type === "Unknown") {
    throw new DiscardLine(`${part.text}: bad substitution`);
  }
  if (prefix === "!" && operation?.type === "Names") {
    return listPieces(shell, transformNames(shell, parameter), operation.operator, inQuotes);
  }
  const own = await referenceOf(shell, part);
  if (prefix === "!" && own.list !== null && part.index !== undefined) {
    const keys = entriesOf(shell, own.name).map(([key]) => key);
    return listPieces(shell, keys, own.list, inQuotes);
  }
  const reference = prefix === "!" ? await indirect(shell, own) : own;
  if (prefix === "#") return [expanded(String(lengthOf(shell, reference)), inQuotes)];
  if (operation?.type === "Default") return defaultPieces(shell, reference, operation, inQuotes);
  return valuePieces(shell, reference, operation, inQuotes);
}

async function valuePieces(
  shell: Shell,
  reference: Reference,
  operation: ParameterExpansionPart["operation"],
  inQuotes: boolean,
): Promise<Piece[]> {
  const values = valuesOf(shell, reference);
  if (values.length === 0 && reference.list === null && shell.isOn("nounset")) {
    throw shell.unbound(/^\d/.test(reference.name) ? `$${reference.name}` : shownName(reference));
  }
  const results =
    operation === undefined ? values : await applyOperation(shell, reference, values, operation);
  if (reference.list !== null) return listPieces(shell, results, reference.list, inQuotes);
  return [expanded(results[0] ?? "", inQuotes)];
}

async function referenceOf(
  shell: Shell,
  { parameter, index }: ParameterExpansionPart,
): Promise<Reference> {
  if (parameter === "@" || parameter === "*")
    return { name: parameter, index: null, list: parameter };
  if (index === undefined) return { name: parameter, index: null, list: null };
  if (index.text === "@" || index.text === "*")
    return { name: parameter, index: null, list: index.text };
  return { name: parameter, index: await expandIndex(shell, parameter, index), list: null };
}

/** A key as text for an associative array, else a number. */
export async function expandIndex(shell: Shell, name: string, index: Word): Promise<string> {
  if (shell.variables.find(name)?.content.kind === "associative")
    return shell.process.interpreter.expand.text(shell, index);
  return String(await expandArithmetic(shell, index.text));
}

/** `${!name}`: the parameter that the value names; for a reference, the name of its target. */
async function indirect(shell: Shell, reference: Reference): Promise<Reference> {
  const { name, index, list } = reference;
  if (index === null && shell.variables.findOwn(name)?.attributes.reference === true) {
    return { name, index: null, list: null, text: shell.variables.resolve(name) };
  }
  const target = list === null ? readScalar(shell, reference) : shell.parameters.join(" ");
  if (target === undefined) throw new DiscardLine(`${name}: invalid indirect expansion`);
  const match = /^([A-Za-z_]\w*|\d+|[@*#?$!-])(?:\[(.+)\])?$/s.exec(target);
  if (match === null) throw new DiscardLine(`${target}: invalid variable name`);
  const [, base = "", key] = match;
  if (base === "@" || base === "*") return { name: base, index: null, list: base };
  if (key === "@" || key === "*") return { name: base, index: null, list: key };
  return { name: base, index: key ?? null, list: null };
}

function readScalar(shell: Shell, { name, index, text }: Reference): string | undefined {
  if (text !== undefined) return text;
  if (index === null) return readParameter(shell, name);
  return readElement(shell, name, index, evaluateIndex(shell));
}

function valuesOf(shell: Shell, reference: Reference): string[] {
  if (reference.list !== null) return entriesOf(shell, reference.name).map(([, value]) => value);
  const value = readScalar(shell, reference);
  return value === undefined ? [] : [value];
}

function lengthOf(shell: Shell, reference: Reference): number {
  if (reference.list !== null) return entriesOf(shell, reference.name).length;
  const value = readScalar(shell, reference);
  if (value === undefined && shell.isOn("nounset")) throw shell.unbound(shownName(reference));
  return Array.from(value ?? "").length;
}

function shownName({ name, index }: Reference): string {
  return index === null ? name : `${name}[${index}]`;
}

type DefaultOperation = Extract<
  NonNullable<ParameterExpansionPart["operation"]>,
  { type: "Default" }
>;

/** `-`, `=`, `?`, `+`, with a colon for "or empty". */
async function defaultPieces(
  shell: Shell,
  reference: Reference,
  { operator, operand }: DefaultOperation,
  inQuotes: boolean,
): Promise<Piece[]> {
  const values = valuesOf(shell, reference);
  const isMissing = values.length === 0 || (operator.startsWith(":") && values.join(" ") === "");
  const pieces = (): Promise<Piece[]> =>
    shell.process.interpreter.expand.pieces(
      shell,
      operand,
      inQuotes ? { inQuotes, plainSingleQuotes: true } : { splits: true },
    );
  const own = (): Piece[] =>
    reference.list === null
      ? [expanded(values[0] ?? "", inQuotes)]
      : listPieces(shell, values, reference.list, inQuotes);
  switch (operator.at(-1)) {
    case "+":
      return isMissing ? [] : pieces();
    case "-":
      return isMissing ? pieces() : own();
    case "=": {
      if (!isMissing) return own();
      if (!/^[A-Za-z_]/.test(reference.name))
        throw new DiscardLine(`$${reference.name}: cannot assign in this way`);
      const value = await shell.process.interpreter.expand.text(
        shell,
        operand,
        inQuotes ? { inQuotes } : {},
      );
      writeElement(shell, reference.name, reference.index, value, evaluateIndex(shell));
      return [expanded(value, inQuotes)];
    }
    default: {
      if (!isMissing) return own();
      const message = await shell.process.interpreter.expand.text(shell, operand);
      const standard = operator === "?" ? "parameter not set" : "parameter null or not set";
      throw new ExpansionError(`${reference.name}: ${message === "" ? standard : message}`, 127);
    }
  }
}
