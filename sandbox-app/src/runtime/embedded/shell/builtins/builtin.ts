import type { ExpandedAssignment } from "../run/assign.ts";
import { MISUSE } from "../run/outcome.ts";
import type { Shell } from "../state/shell.ts";

export interface BuiltinCall {
  readonly shell: Shell;
  readonly name: string;
  /** Without the name. */
  readonly args: readonly string[];
  /** Assignments among the arguments, by their place counted with the name. */
  readonly assignments: ReadonlyMap<number, ExpandedAssignment>;
}

export type Builtin = (call: BuiltinCall) => Promise<number>;

export interface ParsedOptions {
  readonly letters: ReadonlySet<string>;
  /** Arguments of letters that take one; the last one wins. */
  readonly values: ReadonlyMap<string, string>;
  readonly operands: readonly string[];
  /** How many arguments were options. */
  readonly taken: number;
}

/** A letter that the builtin does not know. */
export class BadOption {
  readonly option: string;
  readonly needsArgument: boolean;

  constructor(option: string, needsArgument = false) {
    this.option = option;
    this.needsArgument = needsArgument;
  }
}

/**
 * Takes options apart as bash's getopt does.
 *
 * @param spec letters, those that take an argument followed by a colon
 */
export function parseOptions(args: readonly string[], spec: string): ParsedOptions | BadOption {
  const letters = new Set<string>();
  const values = new Map<string, string>();
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (arg === "--") {
      at++;
      break;
    }
    if (!/^-./.test(arg)) break;
    for (let index = 1; index < arg.length; index++) {
      const letter = arg.charAt(index);
      const place = letter === ":" ? -1 : spec.indexOf(letter);
      if (place === -1) return new BadOption(`-${letter}`);
      letters.add(letter);
      if (spec.charAt(place + 1) !== ":") continue;
      const value = index + 1 < arg.length ? arg.slice(index + 1) : args[++at];
      if (value === undefined) return new BadOption(`-${letter}`, true);
      values.set(letter, value);
      break;
    }
  }
  return { letters, values, operands: args.slice(at), taken: at };
}

/** Says that an option is wrong, with the builtin's usage. */
export async function refuse(
  { shell, name }: BuiltinCall,
  { option, needsArgument }: BadOption,
  usage: string,
): Promise<number> {
  await shell.report(
    `${name}: ${option}: ${needsArgument ? "option requires an argument" : "invalid option"}`,
  );
  await shell.complain(`${name}: usage: ${usage}\n`);
  return MISUSE;
}

export async function fail(
  { shell, name }: BuiltinCall,
  message: string,
  status = 1,
): Promise<number> {
  await shell.report(`${name}: ${message}`);
  return status;
}

export const identifier = /^[A-Za-z_]\w*$/;
