/**
 * Holds a Web Lock until the signal fires: browsers do not freeze a hidden page that holds one (Page
 * Lifecycle). Shared, because a second tab of the same container may wait to be taken back.
 */
export function holdLock(name: string, signal: AbortSignal): void {
  if (!("locks" in navigator)) return;
  const held = navigator.locks.request(name, { mode: "shared" }, async () => {
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  });
  // Without the lock the page may be frozen, and then reconnects.
  held.catch(() => {});
}
