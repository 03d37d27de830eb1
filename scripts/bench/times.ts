/** Times of one thing, in milliseconds, in the order they were taken. */
export interface Measured {
  readonly what: string;
  readonly times: readonly number[];
}

/** @param share 0.5 for the median, 0.95 for what all but a twentieth stay below */
export function quantile({ times }: Measured, share: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? Number.NaN;
}

/** Takes a time again and again, one run after the other. */
export async function repeat(runs: number, time: () => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) times.push(await time());
  return times;
}

/** @returns the milliseconds until it is done */
export async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
