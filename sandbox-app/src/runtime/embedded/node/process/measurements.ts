import type { Natives } from "../context.ts";

interface HeapMemory {
  readonly usedJSHeapSize: number;
  readonly totalJSHeapSize: number;
}

/** Node's heap limit by default; what a tab really has cannot be asked. */
const ASSUMED_MEMORY = 512 * 1024 * 1024;

/** What `process` tells of time and memory, as far as a worker can know it. */
export function measurements({ now, timeOrigin }: Pick<Natives, "now" | "timeOrigin">): object {
  const started = now();
  const memory = (): HeapMemory => {
    // Chromium only, and rounded; other browsers tell nothing.
    const { memory: known } = performance as Performance & { memory?: HeapMemory };
    return known ?? { usedJSHeapSize: 0, totalJSHeapSize: 0 };
  };
  const microseconds = (): number => Math.round((now() - started) * 1000);
  const memoryUsage = (): Record<string, number> => {
    const { usedJSHeapSize, totalJSHeapSize } = memory();
    return {
      rss: totalJSHeapSize,
      heapTotal: totalJSHeapSize,
      heapUsed: usedJSHeapSize,
      external: 0,
      arrayBuffers: 0,
    };
  };
  return {
    uptime: () => (now() - started) / 1000,
    memoryUsage: Object.assign(memoryUsage, { rss: () => memory().totalJSHeapSize }),
    availableMemory: () => ASSUMED_MEMORY - memory().usedJSHeapSize,
    constrainedMemory: () => ASSUMED_MEMORY,
    /** Processor time is not told; the time since the start is its upper bound. */
    cpuUsage: (previous?: { user: number; system: number }) => ({
      user: microseconds() - (previous?.user ?? 0),
      system: 0,
    }),
    threadCpuUsage: (previous?: { user: number; system: number }) => ({
      user: microseconds() - (previous?.user ?? 0),
      system: 0,
    }),
    resourceUsage: () => ({
      userCPUTime: microseconds(),
      systemCPUTime: 0,
      maxRSS: Math.round(memory().totalJSHeapSize / 1024),
      sharedMemorySize: 0,
      unsharedDataSize: 0,
      unsharedStackSize: 0,
      minorPageFault: 0,
      majorPageFault: 0,
      swappedOut: 0,
      fsRead: 0,
      fsWrite: 0,
      ipcSent: 0,
      ipcReceived: 0,
      signalsCount: 0,
      voluntaryContextSwitches: 0,
      involuntaryContextSwitches: 0,
    }),
    _startedAt: timeOrigin + started,
  };
}
