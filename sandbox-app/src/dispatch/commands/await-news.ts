import type { Command } from "./command.ts";

/** A program that is silent for so long has said for now what it has to say. */
const QUIET_MS = 100;

/** Looks for silence; a program that never stops talking is not waited for. */
const QUIET_TRIES = 10;

export interface NewsRequest {
  /** Number of the last character that the caller knows. */
  readonly after: number;
  readonly until: "output" | "exit";
  /** Milliseconds at most, and QUIET_TRIES times QUIET_MS more. */
  readonly ms: number;
  readonly signal: AbortSignal;
}

/**
 * Waits for new output, or for the end. Of output that comes while it waits, the first piece alone
 * would be half a sentence, so it waits for a pause in it.
 */
export async function awaitNews(command: Command, request: NewsRequest): Promise<void> {
  const { after, until, ms, signal } = request;
  const isOver = () => command.end !== undefined;
  if (until === "exit") {
    await command.until(isOver, ms, signal);
    return;
  }
  const saysMoreThan = (known: number) => () => isOver() || command.log.end > known;
  if (saysMoreThan(after)() || !(await command.until(saysMoreThan(after), ms, signal))) return;
  for (let tries = QUIET_TRIES; tries > 0 && !isOver(); tries--) {
    if (!(await command.until(saysMoreThan(command.log.end), QUIET_MS, signal))) return;
  }
}
