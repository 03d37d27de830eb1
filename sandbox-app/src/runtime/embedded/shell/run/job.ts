import type { AndOr, PipelineNode } from "unbash";
import { type SignalName, SignalNumber } from "../../kernel/system-calls.ts";
import { Handle } from "../redirect/descriptors.ts";
import { Prepared } from "../redirect/open-file.ts";
import type { Shell } from "../state/shell.ts";
import { AbortReason } from "./shell-process.ts";
import { runInSubshell } from "./subshell.ts";

/**
 * Starts a command in the background. A program runs under its own pid; what the shell runs itself
 * gets a pid that only this shell knows.
 */
export async function startJob(
  shell: Shell,
  node: PipelineNode | AndOr,
  command: string,
): Promise<number> {
  const abort = new AbortController();
  const child = shell.subshell(abort.signal);
  child.conditions = 0;
  if (!shell.process.isInteractive) {
    // Without job control a background command must not take the shell's input (POSIX 2.9.3.1).
    child.descriptors.set(0, new Handle(new Prepared(shell.process.system, new Uint8Array())));
  }
  const identified = Promise.withResolvers<number | null>();
  if (node.type === "Command") child.identify = identified.resolve;
  else identified.resolve(null);
  const virtual = shell.process.virtualPid();
  child.pid = virtual;
  const ended = runInSubshell(child, () => shell.process.interpreter.node(child, node));
  void ended.then(() => identified.resolve(null));
  const real = await identified.promise;
  const job = shell.jobs.add({
    pid: real ?? virtual,
    command,
    ended,
    isInside: real === null,
    kill: (signal) =>
      real === null
        ? killInside(child, abort, signal)
        : shell.process.system.callSync("kill", real, signal),
  });
  shell.lastBackground = job.pid;
  if (shell.process.isInteractive) await shell.complain(`[${job.id}] ${job.pid}\n`);
  return 0;
}

/** Signals for a job that runs in this process: its own trap, else its end. */
function killInside(child: Shell, abort: AbortController, signal: SignalName | 0): void {
  if (signal === 0 || signal === "SIGCONT" || signal === "SIGCHLD" || signal === "SIGWINCH") return;
  const action = child.traps.actions.get(signal.slice(3));
  if (action === "") return;
  if (action !== undefined) child.traps.pending.push(signal.slice(3));
  else abort.abort(new AbortReason(signal, SignalNumber[signal]));
}
