import type { AndOr, Command, PipelineNode } from "unbash";
import type { SignalName } from "../../kernel/system-calls.ts";
import { builtins } from "../builtins/table.ts";
import { Handle } from "../redirect/descriptors.ts";
import { Prepared } from "../redirect/open-file.ts";
import type { Shell } from "../state/shell.ts";
import { parseScript } from "../syntax/parse.ts";
import { Source } from "../syntax/source.ts";
import { forkShell } from "./fork.ts";
import { findProgram, isRunnable, statusOfResult } from "./program.ts";
import { ShellError } from "./outcome.ts";
import { runInSubshell } from "./subshell.ts";

/**
 * Starts a command in the background, as a process of the kernel: a program under its own pid, what
 * the shell runs itself as a shell of its own.
 */
export async function startJob(
  shell: Shell,
  node: PipelineNode | AndOr,
  command: string,
  streams: { readonly input: Handle; readonly output: Handle } | null = null,
): Promise<number> {
  const child = shell.subshell(new AbortController().signal);
  child.conditions = 0;
  if (streams !== null) {
    child.descriptors.set(0, streams.input);
    child.descriptors.set(1, streams.output);
  } else if (!shell.process.isInteractive) {
    // Without job control a background command must not take the shell's input (POSIX 2.9.3.1).
    child.descriptors.set(0, new Handle(new Prepared(shell.process.system, new Uint8Array())));
  }
  const { pid, ended } = isPlainProgram(shell, node)
    ? await startProgram(shell, child, node)
    : await startShell(child, node);
  const job = shell.jobs.add({ pid, command, ended, kill: (signal) => kill(shell, pid, signal) });
  shell.lastBackground = job.pid;
  if (shell.process.isInteractive) await shell.complain(`[${job.id}] ${job.pid}\n`);
  return 0;
}

interface Started {
  readonly pid: number;
  readonly ended: Promise<number>;
}

async function startShell(child: Shell, node: PipelineNode | AndOr): Promise<Started> {
  const pid = await forkShell(child, node);
  return { pid, ended: child.process.system.call("wait", pid).then(statusOfResult) };
}

/** The words are expanded here, the program is the process. */
async function startProgram(shell: Shell, child: Shell, node: Command): Promise<Started> {
  const identified = Promise.withResolvers<number | null>();
  child.identify = identified.resolve;
  const ended = runInSubshell(child, () => child.process.interpreter.node(child, node));
  void ended.then(() => identified.resolve(null));
  const pid = await identified.promise;
  if (pid !== null) return { pid, ended };
  // A redirection failed, and has said so: what is left is a pid with a status.
  const text = `exit ${await ended}`;
  const stand = shell.subshell();
  stand.source = new Source(text);
  const [statement] = parseScript(text).script.commands;
  if (statement === undefined) throw new ShellError(`${text}: no command`);
  return startShell(stand, statement.command);
}

/** Words that run something while they are expanded: that belongs into the background too. */
const runsSomething = /\$\(|`|[<>]\(/;

function isPlainProgram(shell: Shell, node: PipelineNode | AndOr): node is Command {
  if (node.type !== "Command" || node.name === undefined || node.name.parts !== undefined)
    return false;
  const { value: name } = node.name;
  if (shell.aliases.has(name) || shell.functions.has(name) || builtins.has(name)) return false;
  if (runsSomething.test(shell.source.slice(node))) return false;
  const path = findProgram(shell, name);
  return path !== null && isRunnable(shell, path);
}

/** Signals a job and what it has started; 0 only asks. */
function kill({ process: { system } }: Shell, pid: number, signal: SignalName | 0): void {
  system.callSync("kill", signal === 0 ? pid : -pid, signal);
}
