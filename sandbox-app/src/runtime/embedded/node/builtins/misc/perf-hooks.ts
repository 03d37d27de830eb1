import type { NodeContext } from "../../context.ts";

const noTimes = {
  name: "node",
  entryType: "node",
  startTime: 0,
  duration: 0,
  nodeStart: 0,
  v8Start: 0,
  bootstrapComplete: 0,
  environment: 0,
  loopStart: 0,
  loopExit: -1,
  idleTime: 0,
};

/** A histogram of whole numbers, as `createHistogram` gives it. */
class Histogram {
  #values: number[] = [];

  get count(): number {
    return this.#values.length;
  }
  get min(): number {
    return this.count === 0 ? 9_223_372_036_854_776_000 : Math.min(...this.#values);
  }
  get max(): number {
    return this.count === 0 ? 0 : Math.max(...this.#values);
  }
  get mean(): number {
    return this.#values.reduce((sum, value) => sum + value, 0) / this.count;
  }
  get stddev(): number {
    const { mean } = this;
    return Math.sqrt(
      this.#values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / this.count,
    );
  }
  get exceeds(): number {
    return 0;
  }
  get percentiles(): Map<number, number> {
    return new Map([0, 50, 75, 100].map((share) => [share, this.percentile(share)]));
  }
  percentile(share: number): number {
    const sorted = this.#values.toSorted((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil((share / 100) * sorted.length) - 1)] ?? 0;
  }
  record(value: number | bigint): void {
    this.#values.push(Number(value));
  }
  reset(): void {
    this.#values = [];
  }
  enable(): boolean {
    return true;
  }
  disable(): boolean {
    return true;
  }
}

/** Taken before guests run: their global of this name is made from this module. */
const { performance } = globalThis;

/** `node:perf_hooks`: the platform's performance timeline, with what Node adds to it. */
export function createPerfHooks(node: NodeContext): unknown {
  const utilization = () => ({ idle: 0, active: node.natives.now(), utilization: 1 });
  const timerify = (act: (...args: unknown[]) => unknown) =>
    function timed(this: unknown, ...args: unknown[]): unknown {
      return Reflect.apply(act, this, args);
    };
  const added = { eventLoopUtilization: utilization, timerify, nodeTiming: noTimes };
  for (const [name, value] of Object.entries(added)) {
    if (!(name in performance))
      Object.defineProperty(performance, name, { value, configurable: true, writable: true });
  }
  return {
    performance,
    Performance: globalThis.Performance,
    PerformanceEntry: globalThis.PerformanceEntry,
    PerformanceMark: globalThis.PerformanceMark,
    PerformanceMeasure: globalThis.PerformanceMeasure,
    PerformanceObserver: globalThis.PerformanceObserver,
    PerformanceObserverEntryList: globalThis.PerformanceObserverEntryList,
    PerformanceResourceTiming: globalThis.PerformanceResourceTiming,
    eventLoopUtilization: utilization,
    timerify,
    createHistogram: () => new Histogram(),
    monitorEventLoopDelay: () => new Histogram(),
    constants: {
      NODE_PERFORMANCE_GC_MAJOR: 4,
      NODE_PERFORMANCE_GC_MINOR: 1,
      NODE_PERFORMANCE_GC_INCREMENTAL: 8,
      NODE_PERFORMANCE_GC_WEAKCB: 16,
    },
  };
}
