/** Waits so many milliseconds, or until the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const wake = (): void => resolve();
  const timer = setTimeout(wake, ms);
  signal.addEventListener("abort", wake);
  if (signal.aborted) wake();
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", wake);
}
