import type { Kernel } from "./kernel.ts";
import { WATCH_ACTIVE_MS, WATCH_INTERVAL_MS } from "./limits.ts";
import type { MemoryWatch } from "./memory-watch.ts";
import { Watchdog } from "./watchdog.ts";

const MIB = 1_048_576;

/**
 * Lets a watchdog look at a kernel's processes, until the result is called. What it finds is told
 * once a second, as far as anybody could see a difference.
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
  let told = "";
  let toldAt = Number.NEGATIVE_INFINITY;
  const tell = (): void => {
    const now = performance.now();
    if (now - toldAt < WATCH_INTERVAL_MS) return;
    const found = findings(kernel);
    if (found !== told) kernel.changes.ring();
    told = found;
    toldAt = now;
  };
  const look = (): void => {
    const nextMs = watchdog.look();
    memory?.look();
    tell();
    // Never in a row without a pause, whatever the clock says.
    timer = setTimeout(look, Math.max(nextMs, WATCH_ACTIVE_MS / 2));
  };
  look();
  return () => clearTimeout(timer);
}

/** What the page shows of the processes, as far as the watchdog finds it out. */
function findings({ table }: Kernel): string {
  return table
    .list()
    .map(({ pid, load, memory }) => {
      const percent = load === null ? "" : Math.round(load * 100);
      return `${pid} ${percent} ${memory === null ? "" : Math.round(memory / MIB)}`;
    })
    .join(",");
}
