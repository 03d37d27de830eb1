import { DiscoError } from "#protocol/errors.ts";
import type { OperationOutput } from "#protocol/registry.ts";
import { pause } from "../pause.ts";

/** A part of a command's output, as `read_output` returns it. */
export type OutputPart = OperationOutput<"read_output">;

/** Milliseconds that one stream lasts; a caller that wants more comes back with its cursor. */
export const FOLLOW_MAX_MS = 4 * 60 * 1_000;

/**
 * Looks of one stream. A worker has 1,000 requests of its own for one of its caller's, and a look takes up
 * to three: whether the token still holds, whose the container is, and the output.
 */
const LOOKS_MAX = 320;

/** Milliseconds between two looks at least; what comes meanwhile comes together. */
const LOOK_EVERY_MS = 750;

/** Seconds that a look waits in the relay for news: as long, it cannot sleep. */
const LOOK_WAIT_S = 10;

/** Milliseconds without news after which no look waits any more, so that the relay sleeps between them. */
const QUIET_MS = 60_000;

/** Milliseconds between two looks at a quiet command: more than the 10 s after which a relay sleeps. */
const QUIET_LOOK_EVERY_MS = 15_000;

interface Standing extends Pick<OutputPart, "status" | "exit_code"> {
  /** Number of the character after all that was told. */
  readonly cursor: number;
}

/** What a stream of a command's output tells. */
export type OutputEvent =
  | ({ readonly type: "status" } & Standing)
  | {
      readonly type: "output";
      readonly output: string;
      /** Characters before it that are not kept. */
      readonly dropped: number;
      readonly cursor: number;
    }
  | ({ readonly type: "end"; readonly reason: "ended" | "time_limit" } & Standing)
  | ({ readonly type: "end"; readonly reason: "failed"; readonly error: DiscoError } & Standing);

export interface Follow {
  /** The part from which on the output is told. */
  readonly first: OutputPart;
  /**
   * Reads on by the one pipeline, so that each look is checked as a call of its own.
   *
   * @param waitS seconds that it may wait for news
   * @throws DiscoError
   */
  readonly look: (cursor: number, waitS: number) => Promise<OutputPart>;
  readonly signal: AbortSignal;
  readonly now?: () => number;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A command's output until it has ended, the stream's time is over, or a look fails. */
export async function* followOutput(follow: Follow): AsyncGenerator<OutputEvent, void, void> {
  const { first, look, signal, now = Date.now, pause: rest = pause } = follow;
  const startedAt = now();
  let newsAt = startedAt;
  let part = first;
  let cursor = first.cursor - first.output.length - first.dropped;
  yield { type: "status", ...standingOf(part), cursor };
  for (let looks = 1; ; looks++) {
    const { output, dropped, status, remaining } = part;
    ({ cursor } = part);
    if (output !== "" || dropped > 0) {
      newsAt = now();
      yield { type: "output", output, dropped, cursor };
    }
    if (status !== "running" && remaining === 0) {
      return yield { type: "end", reason: "ended", ...standingOf(part), cursor };
    }
    if (now() - startedAt >= FOLLOW_MAX_MS || looks >= LOOKS_MAX) {
      return yield { type: "end", reason: "time_limit", ...standingOf(part), cursor };
    }
    const isQuiet = now() - newsAt >= QUIET_MS;
    if (remaining === 0) await rest(isQuiet ? QUIET_LOOK_EVERY_MS : LOOK_EVERY_MS, signal);
    try {
      signal.throwIfAborted();
      part = await look(cursor, isQuiet ? 0 : LOOK_WAIT_S);
    } catch (thrown) {
      const error = DiscoError.from(thrown);
      return yield { type: "end", reason: "failed", error, ...standingOf(part), cursor };
    }
    if (part.status !== status) yield { type: "status", ...standingOf(part), cursor };
  }
}

function standingOf({ status, exit_code }: OutputPart): Omit<Standing, "cursor"> {
  return { status, exit_code };
}
