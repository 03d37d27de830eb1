import type { Shell } from "../state/shell.ts";
import {
  BROKEN_PIPE_STATUS,
  BrokenPipe,
  DiscardLine,
  ExpansionError,
  Exit,
  Interrupted,
  LoopJump,
  Return,
  ShellError,
} from "./outcome.ts";
import { runTrap } from "./trap.ts";

/** Runs a body in a subshell that was made for it, to its end: EXIT trap, descriptors closed. */
export async function runInSubshell(shell: Shell, body: () => Promise<number>): Promise<number> {
  let status = await statusOf(shell, body);
  const isEnding = !shell.isNested && shell.process.ending.signal.aborted;
  if (shell.traps.actions.has("EXIT") && (isEnding || !shell.signal.aborted)) {
    if (isEnding) shell.signal = new AbortController().signal;
    shell.status = status;
    status = await statusOf(shell, async () => {
      await runTrap(shell, "EXIT");
      return status;
    });
  }
  shell.descriptors.closeAll();
  return status;
}

/** The status that a shell has after what a body did, however it left. */
export async function statusOf(shell: Shell, body: () => Promise<number>): Promise<number> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof Exit || error instanceof Return || error instanceof Interrupted)
      return error.status;
    if (error instanceof LoopJump) return shell.status;
    if (error instanceof BrokenPipe) return BROKEN_PIPE_STATUS;
    if (error instanceof ShellError) {
      await shell.report(error.message).catch(() => undefined);
      return error instanceof DiscardLine || error instanceof ExpansionError ? error.status : 1;
    }
    throw error;
  }
}
