import type { MeasuredWorker } from "./memory-messages.ts";

/**
 * What `performance.measureUserAgentSpecificMemory` tells (WICG, Measure Memory API), of which
 * Chromium has an implementation: for windows that are cross-origin isolated, of all workers below
 * them. It takes until each has collected its garbage, 10 to 20 s when nobody makes them; a worker
 * that does not turn its event loop meanwhile makes it 60 s, and is left out.
 */
interface Measurement {
  readonly breakdown: readonly {
    readonly bytes: number;
    readonly attribution: readonly { readonly scope: string; readonly url: string }[];
  }[];
}

interface MeasuringPerformance {
  measureUserAgentSpecificMemory?: () => Promise<Measurement>;
}

/** @returns what each worker takes; null when this browser does not measure, or would not */
export async function measureWorkers(): Promise<MeasuredWorker[] | null> {
  const measuring: MeasuringPerformance = performance as MeasuringPerformance;
  try {
    const told = await measuring.measureUserAgentSpecificMemory?.();
    return told === undefined ? null : byMark(told);
  } catch {
    return null;
  }
}

function byMark({ breakdown }: Measurement): MeasuredWorker[] {
  const measured: MeasuredWorker[] = [];
  for (const { bytes, attribution } of breakdown) {
    const [owner] = attribution;
    if (attribution.length !== 1 || owner?.scope !== "DedicatedWorkerGlobalScope") continue;
    const mark = URL.parse(owner.url)?.hash.slice(1) ?? "";
    if (mark !== "") measured.push({ mark, bytes });
  }
  return measured;
}
