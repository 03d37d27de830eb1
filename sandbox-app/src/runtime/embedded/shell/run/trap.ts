import type { Shell } from "../state/shell.ts";

/** Runs the action of a trap; `$?` is afterwards what it was. */
export async function runTrap(shell: Shell, condition: string): Promise<void> {
  const action = shell.traps.actions.get(condition);
  if (action === undefined || action === "" || shell.traps.isRunning) return;
  const { status, source, position } = shell;
  // An EXIT trap runs once, and other traps may come while it runs.
  if (condition === "EXIT") shell.traps.actions.delete("EXIT");
  else shell.traps.isRunning = true;
  try {
    await shell.process.interpreter.text(shell, action);
  } finally {
    shell.traps.isRunning = false;
    Object.assign(shell, { source, position });
  }
  shell.status = status;
}

/** Runs what signals asked for since the last command. */
export async function runPending(shell: Shell): Promise<void> {
  for (
    let name = shell.traps.pending.shift();
    name !== undefined;
    name = shell.traps.pending.shift()
  ) {
    await runTrap(shell, name);
  }
}
