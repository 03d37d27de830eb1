import type { Kernel } from "./kernel.ts";
import { WATCH_ACTIVE_MS } from "./limits.ts";
import type { MemoryWatch } from "./memory-watch.ts";
import { Watchdog } from "./watchdog.ts";

/**
 * Lets a watchdog look at a kernel's processes, until the result is called.
 *
 * @param memory what it knows of their memory; without it, nothing
 */
export function startWatchdog(kernel: Kernel, memory?: MemoryWatch): () => void {
  const watchdog = new Watchdog({
    processes: () => kernel.table.list(),
    cut: (process, event) => kernel.cut(process, event),
    now: () => performance.now(),
  });
  let timer: ReturnType<typeof setTimeout>;
  const look = (): void => {
    const nextMs = watchdog.look();
    memory?.look();
    // Never in a row without a pause, whatever the clock says.
    timer = setTimeout(look, Math.max(nextMs, WATCH_ACTIVE_MS / 2));
  };
  look();
  return () => clearTimeout(timer);
}
