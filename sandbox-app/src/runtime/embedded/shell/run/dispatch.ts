import type { Shell } from "../state/shell.ts";
import { builtins } from "../builtins/table.ts";
import { runOwnCommand } from "../commands/run.ts";
import type { ExpandedAssignment } from "./assign.ts";
import { callFunction } from "./call-function.ts";
import { insteadOf } from "./not-found.ts";
import { NOT_FOUND } from "./outcome.ts";
import { findProgram, runProgram } from "./program.ts";
import type { CommandOptions } from "./shell-process.ts";

/** A command whose words are expanded. */
export interface Invocation {
  readonly argv: readonly string[];
  /** Assignments among the arguments of a declaration, by their place in `argv`. */
  readonly assignments: ReadonlyMap<number, ExpandedAssignment>;
}

const declarations = new Set(["declare", "typeset", "local", "export", "readonly"]);

/** Whether arguments like `x=(a b)` are assignments for this command. */
export function isDeclaration(argv: readonly string[]): boolean {
  const [name, next] = argv;
  return declarations.has((name === "builtin" || name === "command" ? next : name) ?? "");
}

export function isFunctionOrBuiltin(shell: Shell, name: string): boolean {
  return shell.functions.has(name) || builtins.has(name);
}

/** Runs a command by its name: a function, a builtin, a command of ours, or a program. */
export async function dispatch(
  shell: Shell,
  invocation: Invocation,
  { functions = true, builtins: withBuiltins = true }: CommandOptions = {},
): Promise<number> {
  const [name = "", ...args] = invocation.argv;
  const called = functions ? shell.functions.get(name) : undefined;
  if (called !== undefined) return callFunction(shell, called, args);
  const builtin = withBuiltins ? builtins.get(name) : undefined;
  if (builtin !== undefined)
    return builtin({ shell, name, args, assignments: invocation.assignments });
  const path = findProgram(shell, name);
  if (path === null) return notFound(shell, name);
  // A background job is a process of its own.
  const own = shell.identify === null ? runOwnCommand(shell, path, invocation.argv) : null;
  return own ?? runProgram(shell, path, invocation.argv);
}

async function notFound(shell: Shell, name: string): Promise<number> {
  const handler = shell.functions.get("command_not_found_handle");
  if (handler !== undefined) return callFunction(shell, handler, [name]);
  await shell.report(`${name}: command not found`);
  const instead = insteadOf(name);
  if (instead !== null) await shell.complain(`${name}: ${instead}\n`);
  return NOT_FOUND;
}
