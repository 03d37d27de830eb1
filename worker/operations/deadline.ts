import type { DiscoError } from "#protocol/errors.ts";

/**
 * Runs work that must end in time. The signal given to it aborts when the time is over or the caller
 * goes away. A caller's abort alone ends nothing here: only the work knows whether it had an effect.
 *
 * @param timeoutMs milliseconds
 * @param onTimeout the error of a call that was too slow
 */
export async function withDeadline<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  timeoutMs: number,
  onTimeout: () => DiscoError,
  signal?: AbortSignal,
): Promise<Result> {
  const inner = new AbortController();
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => inner.abort(signal?.reason);
  const timer = setTimeout(() => {
    const error = onTimeout();
    reject(error);
    inner.abort(error);
  }, timeoutMs);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    if (signal?.aborted) onAbort();
    return await Promise.race([tooLate, work(inner.signal)]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
