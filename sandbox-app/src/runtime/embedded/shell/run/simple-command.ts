import type { Assignment, Command, Redirection } from "unbash";
import { expandText, expandWords } from "../expand/word.ts";
import { applyRedirects, withRedirects } from "../redirect/redirect.ts";
import type { Shell } from "../state/shell.ts";
import { runAlias } from "./alias.ts";
import { assign, type ExpandedAssignment, expandAssignment } from "./assign.ts";
import { dispatch, type Invocation, isDeclaration, isFunctionOrBuiltin } from "./dispatch.ts";
import { DiscardLine, ShellError } from "./outcome.ts";
import { traceCommand, tracedAssignment, tracedWords } from "./trace.ts";
import { runTrap } from "./trap.ts";

/** Runs a simple command: words, then redirections, then assignments (POSIX.1-2017, 2.9.1). */
export async function runSimple(shell: Shell, node: Command): Promise<number> {
  shell.position = node.pos;
  const aliased = await runAlias(shell, node);
  if (aliased !== null) return aliased;
  if (shell.traps.actions.has("DEBUG")) await runTrap(shell, "DEBUG");
  const substituted = shell.substitutions;
  shell.substitutions = [];
  shell.substitutionStatus = 0;
  try {
    const invocation = await expandCommand(shell, node);
    const prefix = node.prefix.filter((part): part is Assignment => part.type === "Assignment");
    if (invocation.argv.length === 0) return await assignOnly(shell, prefix, node.redirects);
    shell.lastArgument = invocation.argv.at(-1) ?? "";
    if (invocation.argv[0] === "exec" && isFunctionOrBuiltin(shell, "exec")) {
      return await runExec(shell, invocation, prefix, node.redirects);
    }
    return await withRedirects(shell, node.redirects, () =>
      withAssignments(shell, prefix, invocation),
    );
  } finally {
    for (const fd of shell.substitutions) shell.descriptors.close(fd);
    shell.substitutions = substituted;
  }
}

async function expandCommand(shell: Shell, { name, args }: Command): Promise<Invocation> {
  if (name === undefined) return { argv: [], assignments: new Map() };
  const argv = await expandWords(shell, [name]);
  const assignments = new Map<number, ExpandedAssignment>();
  const isDeclaring = isDeclaration(argv);
  for (const arg of args) {
    if (arg.type === "Word") {
      argv.push(...(await expandWords(shell, [arg])));
    } else if (isDeclaring) {
      const assignment = await expandAssignment(shell, arg);
      assignments.set(argv.length, assignment);
      argv.push(tracedAssignment(assignment));
    } else {
      argv.push(...(await plainAssignment(shell, arg)));
    }
  }
  return { argv, assignments };
}

/** `name=value` as an argument of a command that declares nothing (`alias`, `env`). */
async function plainAssignment(shell: Shell, { text, value }: Assignment): Promise<string[]> {
  if (value.type === "ArrayValue") return [text];
  const start = text.slice(0, text.length - value.text.length);
  return [start + (await expandText(shell, value, { isAssignment: true }))];
}

async function assignOnly(
  shell: Shell,
  prefix: readonly Assignment[],
  redirects: readonly Redirection[],
): Promise<number> {
  return withRedirects(shell, redirects, async () => {
    for (const node of prefix) {
      const assignment = await expandAssignment(shell, node);
      await traceCommand(shell, [tracedAssignment(assignment)]);
      assignOrDiscard(shell, assignment);
    }
    return shell.substitutionStatus;
  });
}

/** A variable that cannot be assigned discards the line. */
function assignOrDiscard(shell: Shell, assignment: ExpandedAssignment): void {
  try {
    assign(shell, assignment);
  } catch (error) {
    if (error instanceof ShellError && error.constructor === ShellError)
      throw new DiscardLine(error.message);
    throw error;
  }
}

/** `x=1 command`: the variables exist, exported, while the command runs. */
async function withAssignments(
  shell: Shell,
  prefix: readonly Assignment[],
  invocation: Invocation,
): Promise<number> {
  if (prefix.length === 0) {
    await traceCommand(shell, tracedWords(invocation.argv));
    return dispatch(shell, invocation);
  }
  const assignments: ExpandedAssignment[] = [];
  for (const node of prefix) assignments.push(await expandAssignment(shell, node));
  for (const assignment of assignments) await traceCommand(shell, [tracedAssignment(assignment)]);
  shell.variables.pushScope();
  try {
    for (const assignment of assignments) {
      if (shell.variables.find(assignment.name)?.attributes.readonly === true) {
        throw new ShellError(`${assignment.name}: readonly variable`);
      }
      const before = shell.variables.get(assignment.name);
      const variable = shell.variables.declare(assignment.name);
      if (assignment.append && before !== undefined)
        variable.content = { kind: "scalar", text: before };
      variable.attributes.exported = true;
      assign(shell, assignment);
    }
    await traceCommand(shell, tracedWords(invocation.argv));
    return await dispatch(shell, invocation);
  } finally {
    shell.variables.popScope();
  }
}

/** `exec` keeps its redirections. */
async function runExec(
  shell: Shell,
  invocation: Invocation,
  prefix: readonly Assignment[],
  redirects: readonly Redirection[],
): Promise<number> {
  if (invocation.argv.length > 1) {
    return withRedirects(shell, redirects, () => withAssignments(shell, prefix, invocation));
  }
  await traceCommand(shell, tracedWords(invocation.argv));
  await applyRedirects(shell, redirects);
  // What `<(…)` opened for `exec` stays open with it.
  shell.substitutions = [];
  return 0;
}
