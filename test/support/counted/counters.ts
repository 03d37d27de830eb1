/** How often each statement, function and branch of a file ran; as istanbul keeps it. */
export interface Hits {
  readonly s: Record<string, number>;
  readonly f: Record<string, number>;
  readonly b: Record<string, number[]>;
}

/** Hits beside the map of the file, which is large and the same in every worker. */
export interface FileCounters extends Hits {
  readonly hash: string;
}

/** Where istanbul counts, and vitest reads, in every global scope; by path of the file. */
export const COUNTERS = "__VITEST_COVERAGE__";
export type Counters = Record<string, FileCounters>;

/** What a worker posts before it tells its kernel that it exits. */
export interface CountersMessage {
  readonly type: "counters";
  /** By path; with the map where the page did not know the file when it made the worker. */
  readonly counters: Readonly<Record<string, FileCounters | Hits>>;
}

/** Adds the hits of a worker to those of the page. */
export function addHits(known: Hits, more: Hits): void {
  for (const [id, hits] of Object.entries(more.s)) known.s[id] = (known.s[id] ?? 0) + hits;
  for (const [id, hits] of Object.entries(more.f)) known.f[id] = (known.f[id] ?? 0) + hits;
  for (const [id, hits] of Object.entries(more.b)) {
    known.b[id] = hits.map((count, index) => count + (known.b[id]?.[index] ?? 0));
  }
}
