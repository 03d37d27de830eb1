import type { Shell, ShellFunction } from "../state/shell.ts";
import { Return, ShellError } from "./outcome.ts";

/** Calls that may be open at once: more would overflow the stack of the worker. */
const CALLS_MAX = 1_000;

/** Calls a function: its own parameters and locals, the rest of the shell as it is. */
export async function callFunction(
  shell: Shell,
  called: ShellFunction,
  args: readonly string[],
): Promise<number> {
  const limit = Number(shell.variables.get("FUNCNEST") ?? CALLS_MAX) || CALLS_MAX;
  if (shell.frames.length >= Math.min(limit, CALLS_MAX)) {
    throw new ShellError(`${called.name}: maximum function nesting level exceeded (${limit})`);
  }
  const { parameters, frames, source, position, loops } = shell;
  const outerErr = shell.traps.actions.get("ERR");
  // Functions do not inherit the ERR trap unless asked to (`set -E`).
  if (outerErr !== undefined && !shell.isOn("errtrace")) shell.traps.actions.delete("ERR");
  shell.frames = [{ name: called.name, file: called.file, line: shell.line }, ...frames];
  Object.assign(shell, { parameters: args, source: called.source, loops: 0 });
  shell.variables.pushScope();
  const depth = shell.variables.depth;
  try {
    return await runBody(shell, called);
  } finally {
    while (shell.variables.depth >= depth) shell.variables.popScope();
    Object.assign(shell, { parameters, frames, source, position, loops });
    if (outerErr !== undefined && !shell.traps.actions.has("ERR"))
      shell.traps.actions.set("ERR", outerErr);
  }
}

async function runBody(shell: Shell, { body }: ShellFunction): Promise<number> {
  try {
    if (body.type === "CompoundList")
      return await shell.process.interpreter.statements(shell, body.commands);
    return await shell.process.interpreter.node(shell, body);
  } catch (error) {
    if (error instanceof Return) return error.status;
    throw error;
  }
}
