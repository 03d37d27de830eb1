import type { Kernel } from "./kernel.ts";
import { WATCH_INTERVAL_MS } from "./limits.ts";
import { Watchdog } from "./watchdog.ts";

/** Lets a watchdog look at a kernel's processes, until the result is called. */
export function startWatchdog(kernel: Kernel): () => void {
  const watchdog = new Watchdog({
    processes: () => kernel.table.list(),
    cut: (process, event) => kernel.cut(process, event),
    now: () => performance.now(),
  });
  const timer = setInterval(() => watchdog.look(), WATCH_INTERVAL_MS);
  return () => clearInterval(timer);
}
