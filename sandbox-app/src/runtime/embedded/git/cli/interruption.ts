import type { System } from "../../kernel/system-calls.ts";
import { GitFailure } from "./failure.ts";

/** Exit codes of programs that end by a signal, as the shell tells them (128 and its number). */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Does some work that has to be cleaned up when the process is asked to end. What blocks this process for
 * long delays that; SIGKILL leaves no time for it.
 *
 * @throws GitFailure without words, with the exit code, when it was interrupted
 */
export async function interruptible<Result>(
  system: Pick<System, "callSync" | "onEvent">,
  work: () => Promise<Result>,
): Promise<Result> {
  const names = Object.keys(SIGNALS) as (keyof typeof SIGNALS)[];
  for (const name of names) system.callSync("signalAction", name, "event");
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  const stop = system.onEvent((event) => {
    const name = names.find((one) => event.type === "signal" && event.signal === one);
    if (name !== undefined) reject(new GitFailure("", SIGNALS[name]));
  });
  try {
    return await Promise.race([work(), interrupted]);
  } finally {
    stop();
    for (const name of names) system.callSync("signalAction", name, "default");
  }
}
