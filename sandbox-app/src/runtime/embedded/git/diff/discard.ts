/** How far around a frequent line its neighbours are looked at. */
const WINDOW = 100;
/** Frequent lines are kept unless this many times as many neighbours match nothing. */
const KEEP_RATIO = 4;
/** From so many matches on a line says nothing about where it belongs. */
const MATCHES_MAX = 1024;

const matched = { none: 0, some: 1, many: 2 } as const;

/**
 * Lines that need no comparison: those that stand nowhere in the other file, and frequent ones in the
 * midst of such.
 *
 * @returns 1 for each line from `start` to `end` that is left out
 */
export function discarded(
  own: Int32Array,
  other: Int32Array,
  start: number,
  end: number,
): Uint8Array {
  const counts = new Map<number, number>();
  for (const id of other) counts.set(id, (counts.get(id) ?? 0) + 1);
  const limit = Math.min(roughRoot(own.length), MATCHES_MAX);
  const kinds = Uint8Array.from({ length: end - start }, (_none, index) => {
    const matches = counts.get(own[start + index] ?? -1) ?? 0;
    if (matches === 0) return matched.none;
    return matches >= limit ? matched.many : matched.some;
  });
  return kinds.map((kind, at) =>
    kind === matched.none || (kind === matched.many && isLost(kinds, at)) ? 1 : 0,
  );
}

/** A power of two near the square root. */
function roughRoot(number: number): number {
  let root = 1;
  for (let left = number; left > 0; left >>= 2) root <<= 1;
  return root;
}

function isLost(kinds: Uint8Array, at: number): boolean {
  const before = neighbours(kinds, at, -1);
  if (before.none === 0) return false;
  const behind = neighbours(kinds, at, 1);
  if (behind.none === 0) return false;
  const many = before.many + behind.many;
  return many * KEEP_RATIO < many + before.none + behind.none;
}

/** The run of lines next to one that are not plainly matched. */
function neighbours(kinds: Uint8Array, at: number, step: 1 | -1): { none: number; many: number } {
  let none = 0;
  let many = 1;
  for (let distance = 1; distance <= WINDOW; distance += 1) {
    const kind = kinds[at + step * distance];
    if (kind === undefined || kind === matched.some) break;
    if (kind === matched.none) none += 1;
    else many += 1;
  }
  return { none, many };
}
