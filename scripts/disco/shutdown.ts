/**
 * Fires when this process is asked to end: by a signal, or because the boot script that started it
 * is gone and its channel closed.
 */
export function shutdownSignal(): AbortSignal {
  const controller = new AbortController();
  const end = (reason: string) => controller.abort(new Error(`Asked to end by ${reason}`));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => end(signal));
  }
  process.once("disconnect", () => end("the loss of its parent"));
  return controller.signal;
}

/** Resolves when the signal fires. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
