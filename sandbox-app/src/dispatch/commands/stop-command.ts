import type { Signal } from "../../runtime/runtime.ts";
import type { Command } from "./command.ts";

/** Milliseconds that a program gets to end, after a signal and then after SIGKILL. */
export interface StopGrace {
  readonly polite: number;
  readonly kill: number;
}

/**
 * Stops a command and all that it started: what does not end by the signal ends by SIGKILL. After
 * SIGINT it may go on, as a program may after ctrl-C.
 */
export async function stopCommand(
  command: Command,
  signal: Signal,
  { polite, kill }: StopGrace,
): Promise<void> {
  const isOver = () => command.end !== undefined;
  command.signal(signal);
  if ((await command.until(isOver, polite)) || signal === "SIGINT") return;
  command.signal("SIGKILL");
  await command.until(isOver, kill);
}
