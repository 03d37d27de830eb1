import { diffArrays } from "diff";

/** Lines `a[aFrom..aTo)` became `b[bFrom..bTo)`. */
export interface Change {
  readonly aFrom: number;
  readonly aTo: number;
  readonly bFrom: number;
  readonly bTo: number;
}

/** What turns one list of lines into another: as few lines as possible. */
export function changesBetween(
  a: readonly string[],
  b: readonly string[],
  key: (line: string) => string,
): Change[] {
  const [left, right] = [a.map(key), b.map(key)];
  const changes: Change[] = [];
  let [at, bt] = [0, 0];
  for (const { added, removed, count } of diffArrays(left, right)) {
    if (!added && !removed) {
      at += count;
      bt += count;
      continue;
    }
    const change = {
      aFrom: at,
      aTo: at + (removed ? count : 0),
      bFrom: bt,
      bTo: bt + (added ? count : 0),
    };
    [at, bt] = [change.aTo, change.bTo];
    const last = changes.at(-1);
    if (last !== undefined && last.aTo === change.aFrom && last.bTo === change.bFrom)
      changes.splice(-1, 1, { ...last, aTo: change.aTo, bTo: change.bTo });
    else changes.push(change);
  }
  return slid(changes, left, right);
}

/** Of several places that are the same, GNU's diff takes the last. */
function slid(changes: readonly Change[], a: readonly string[], b: readonly string[]): Change[] {
  const result: Change[] = [];
  for (const change of changes.toReversed()) {
    const next = result[0];
    result.unshift(slideDown(change, next, a, b));
  }
  return result;
}

function slideDown(
  change: Change,
  next: Change | undefined,
  a: readonly string[],
  b: readonly string[],
): Change {
  let { aFrom, aTo, bFrom, bTo } = change;
  const isInsertion = aFrom === aTo;
  if (!isInsertion && bFrom !== bTo) return change;
  const [lines, limit] = isInsertion ? [b, next?.bFrom ?? b.length] : [a, next?.aFrom ?? a.length];
  for (;;) {
    const [from, to] = isInsertion ? [bFrom, bTo] : [aFrom, aTo];
    if (to >= limit || lines[from] !== lines[to]) return { aFrom, aTo, bFrom, bTo };
    aFrom++;
    aTo++;
    bFrom++;
    bTo++;
  }
}
