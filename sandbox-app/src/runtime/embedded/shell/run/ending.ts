import type { SignalName } from "../../kernel/system-calls.ts";
import type { Shell } from "../state/shell.ts";

/** Signals that end a shell, yet not before its EXIT trap has run (bash does so too). */
const ending: readonly SignalName[] = ["SIGHUP", "SIGINT", "SIGTERM"];

/** Tells the kernel what a signal does to this process, after a trap has changed. */
export function settleSignal(shell: Shell, signal: SignalName): void {
  if (shell.isNested || signal === "SIGKILL" || signal === "SIGSTOP") return;
  const { process, traps } = shell;
  const action = traps.actions.get(signal.slice(3));
  const isTold =
    action !== undefined ||
    (process.isInteractive && signal === "SIGINT") ||
    (traps.actions.has("EXIT") && ending.includes(signal) && !process.isInteractive);
  process.system.callSync(
    "signalAction",
    signal,
    action === "" ? "ignore" : isTold ? "event" : "default",
  );
}

/** The same for the signals that an EXIT trap has to do with. */
export function settleEnding(shell: Shell): void {
  for (const signal of ending) settleSignal(shell, signal);
}

/** Dies of a signal that had to wait for an EXIT trap, so that the parent sees which it was. */
export async function dieOf(shell: Shell, signal: SignalName): Promise<void> {
  const { system } = shell.process;
  system.callSync("signalAction", signal, "default");
  system.callSync("kill", system.start.pid, signal);
  await shell.process.pause();
}
