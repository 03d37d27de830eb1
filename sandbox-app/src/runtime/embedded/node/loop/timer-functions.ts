import { invalidArgType } from "../builtins/errors/node-error.ts";
import type { NodeTimers } from "../context.ts";
import type { NodeLoop } from "./event-loop.ts";
import {
  Immediate,
  LONGEST_DELAY_MS,
  type TimerCallback,
  timerById,
  Timeout,
} from "./timer-objects.ts";

/** setTimeout and the like, as guests call them. */
export function timerFunctions(
  loop: NodeLoop,
  warn: (message: string, name: string) => void,
): NodeTimers {
  const start = (
    callback: unknown,
    ms: number | undefined,
    args: unknown[],
    repeats: boolean,
  ): Timeout =>
    new Timeout(loop.timers, {
      callback: loop.bind(checkCallback(callback)),
      delay: delayOf(ms, warn),
      args,
      repeats,
    });
  const clear = (timer: unknown): void => {
    const timeout = timer instanceof Timeout ? timer : timerById(timer);
    timeout?.close();
  };
  return {
    setTimeout: (callback, ms, ...args) => start(callback, ms, args, false),
    setInterval: (callback, ms, ...args) => start(callback, ms, args, true),
    setImmediate: (callback, ...args) =>
      new Immediate(loop.timers, loop.bind(checkCallback(callback)), args),
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate(immediate) {
      if (immediate instanceof Immediate) immediate.close();
    },
  };
}

function checkCallback(callback: unknown): TimerCallback {
  if (typeof callback === "function") return callback as TimerCallback;
  throw invalidArgType("callback", "of type function", callback);
}

function delayOf(ms: number | undefined, warn: (message: string, name: string) => void): number {
  const delay = Number(ms);
  if (delay > LONGEST_DELAY_MS) {
    warn(
      `${delay} does not fit into a 32-bit signed integer.\nTimeout duration was set to 1.`,
      "TimeoutOverflowWarning",
    );
  } else if (delay < 0) {
    warn(
      `${delay} is a negative number.\nTimeout duration was set to 1.`,
      "TimeoutNegativeWarning",
    );
  } else if (Number.isNaN(delay) && ms !== undefined) {
    warn(`${ms} is not a number.\nTimeout duration was set to 1.`, "TimeoutNaNWarning");
  }
  return delay >= 1 && delay <= LONGEST_DELAY_MS ? Math.trunc(delay) : 1;
}
