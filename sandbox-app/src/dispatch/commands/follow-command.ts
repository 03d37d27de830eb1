import { DiscoError } from "#protocol/errors.ts";
import type { ProcessStatus } from "#protocol/process.ts";
import type { Command } from "./command.ts";
import { stopCommand } from "./stop-command.ts";

/** Together below STOP_GRACE_MS, so that a cancelled call still says what its command wrote. */
const CANCEL_GRACE_MS = { polite: 500, kill: 1_000 };

/**
 * Waits for the end. A call that is cancelled stops its command; one that only waited long enough, or
 * whose own time is over, leaves it running.
 */
export async function followCommand(
  command: Command,
  ms: number,
  signal: AbortSignal,
): Promise<{ readonly status: ProcessStatus; readonly exit_code: number | null }> {
  const isOver = await command.until(() => command.end !== undefined, ms, signal);
  if (isOver || !signal.aborted || isDeadline(signal)) return command.standing;
  await stopCommand(command, "SIGTERM", CANCEL_GRACE_MS);
  return { status: "killed", exit_code: null };
}

/** The call's own time is over, and nobody has withdrawn it. */
export function isDeadline(signal: AbortSignal): boolean {
  return signal.reason instanceof DiscoError && signal.reason.code === "deadline_exceeded";
}
