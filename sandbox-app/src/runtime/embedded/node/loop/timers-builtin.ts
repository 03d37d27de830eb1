import { abortError, invalidArgType } from "../builtins/errors/node-error.ts";
import type { NodeTimers } from "../context.ts";

interface WaitOptions {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

const promisified = Symbol.for("nodejs.util.promisify.custom");

/** `node:timers`. */
export function timersBuiltin(timers: NodeTimers): object {
  const promises = timersPromises(timers);
  for (const name of ["setTimeout", "setImmediate"] as const) {
    Object.defineProperty(timers[name], promisified, {
      enumerable: true,
      configurable: true,
      value: promises[name],
    });
  }
  return { ...timers, promises };
}

export interface TimersPromises {
  setTimeout<T>(ms?: number, value?: T, options?: WaitOptions): Promise<T | undefined>;
  setImmediate<T>(value?: T, options?: WaitOptions): Promise<T | undefined>;
  setInterval<T>(ms?: number, value?: T, options?: WaitOptions): AsyncGenerator<T | undefined>;
  readonly scheduler: object;
}

/** `node:timers/promises`. */
export function timersPromises(timers: NodeTimers): TimersPromises {
  const setTimeout = <T>(
    ms?: number,
    value?: T,
    options: WaitOptions = {},
  ): Promise<T | undefined> =>
    wait(value, options, (done) => {
      const timer = timers.setTimeout(done, ms);
      if (options.ref === false) timer.unref();
      return () => timers.clearTimeout(timer);
    });
  const setImmediate = <T>(value?: T, options: WaitOptions = {}): Promise<T | undefined> =>
    wait(value, options, (done) => {
      const immediate = timers.setImmediate(done) as { unref(): unknown };
      if (options.ref === false) immediate.unref();
      return () => timers.clearImmediate(immediate);
    });
  return {
    setTimeout,
    setImmediate,
    setInterval: (ms, value, options) => intervals(timers, ms, value, options),
    scheduler: {
      wait: (ms: number, options?: WaitOptions) => setTimeout(ms, undefined, options),
      yield: () => setImmediate(),
    },
  };
}

async function wait<T>(
  value: T | undefined,
  options: WaitOptions,
  start: (done: () => void) => () => void,
): Promise<T | undefined> {
  const signal = checkSignal(options);
  if (signal?.aborted === true) throw abortError(signal.reason);
  const waiting = Promise.withResolvers<void>();
  const stop = start(() => waiting.resolve());
  const abort = (): void => {
    stop();
    waiting.reject(abortError(signal?.reason));
  };
  signal?.addEventListener("abort", abort, { once: true });
  await waiting.promise.finally(() => signal?.removeEventListener("abort", abort));
  return value;
}

function checkSignal({ signal }: WaitOptions): AbortSignal | undefined {
  if (signal !== undefined && !(typeof signal === "object" && "aborted" in signal)) {
    throw invalidArgType("options.signal", "an instance of AbortSignal", signal);
  }
  return signal;
}

async function* intervals<T>(
  timers: NodeTimers,
  ms: number | undefined,
  value: T | undefined,
  options: WaitOptions = {},
): AsyncGenerator<T | undefined> {
  const signal = checkSignal(options);
  const checkAborted = (): void => {
    if (signal?.aborted === true) throw abortError(signal.reason);
  };
  checkAborted();
  let pending = 0;
  let wake: () => void = () => undefined;
  const timer = timers.setInterval(() => {
    pending += 1;
    wake();
  }, ms);
  if (options.ref === false) timer.unref();
  const abort = (): void => wake();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    for (;;) {
      checkAborted();
      if (pending === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      for (; pending > 0; pending--) yield value;
    }
  } finally {
    timers.clearInterval(timer);
    signal?.removeEventListener("abort", abort);
  }
}
