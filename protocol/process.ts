import * as z from "zod";
import { PROCESS_WAIT_MAX_MS, WAIT_MAX_S, WAIT_OVERHEAD_MS } from "./limits.ts";

/** What the arguments of an operation call a command that `run_command` started. */
export const processId = z.string().min(1).max(64);

/** How it stands: `killed` when a signal ended it. */
export const processStatus = z.enum(["running", "exited", "killed"]);
export type ProcessStatus = z.infer<typeof processStatus>;

export const exitCode = z
  .int()
  .nullable()
  .describe("As bash tells it; null when it did not exit by itself.");

/** For the descriptions of such arguments. */
export const atMost = `${PROCESS_WAIT_MAX_MS / 1_000} at most`;

/** An argument: seconds that the call waits for a process. */
export function waitUpTo(min: 0 | 1, otherwise: number) {
  return z.int().min(min).max(WAIT_MAX_S).default(otherwise);
}

/**
 * How long a call really waits: an answer after CALL_WAIT_MAX_MS reaches nobody.
 *
 * @param seconds as the caller asked
 * @returns milliseconds
 */
export function processWaitMs(seconds: number): number {
  return Math.min(seconds * 1_000, PROCESS_WAIT_MAX_MS);
}

/** Milliseconds until the deadline of a call that waits so many seconds. */
export function waitTimeoutMs(seconds: number): number {
  return processWaitMs(seconds) + WAIT_OVERHEAD_MS;
}
