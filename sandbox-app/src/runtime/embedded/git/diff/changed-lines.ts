import { compact } from "./compact.ts";
import { discarded } from "./discard.ts";
import { markChanges } from "./myers.ts";

/** Lines `oldStart…oldEnd` became `newStart…newEnd`; counted from 0, ends not included. */
export interface Change {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/**
 * What changed between two lists of lines, by the same choices as git's: Myers' algorithm (1986) in
 * linear space, over what is left without lines that match nothing, then each change slid to where it
 * reads best.
 */
export function changedLines(before: readonly string[], after: readonly string[]): Change[] {
  const numbers = new Map<string, number>();
  const numbered = (lines: readonly string[]): Int32Array =>
    Int32Array.from(lines, (line) => {
      const number = numbers.get(line) ?? numbers.size;
      numbers.set(line, number);
      return number;
    });
  const [a, b] = [numbered(before), numbered(after)];
  const marksA = new Uint8Array(a.length + 1);
  const marksB = new Uint8Array(b.length + 1);
  mark(a, b, marksA, marksB);
  compact({ lines: before, ids: a, marks: marksA }, { lines: after, ids: b, marks: marksB });
  compact({ lines: after, ids: b, marks: marksB }, { lines: before, ids: a, marks: marksA });
  return collect(marksA, marksB, a.length, b.length);
}

function mark(a: Int32Array, b: Int32Array, marksA: Uint8Array, marksB: Uint8Array): void {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
  }
  const keptA = kept(a, b, start, endA, marksA);
  const keptB = kept(b, a, start, endB, marksB);
  const [changedA, changedB] = markChanges(
    keptA.map((at) => a[at] ?? 0),
    keptB.map((at) => b[at] ?? 0),
  );
  keptA.forEach((at, index) => (marksA[at] = changedA[index] ?? 0));
  keptB.forEach((at, index) => (marksB[at] = changedB[index] ?? 0));
}

/** Where the lines stand that take part; the others are changed for certain. */
function kept(
  own: Int32Array,
  other: Int32Array,
  start: number,
  end: number,
  marks: Uint8Array,
): number[] {
  const gone = discarded(own, other, start, end);
  const places: number[] = [];
  for (let at = start; at < end; at += 1) {
    if (gone[at - start] === 1) marks[at] = 1;
    else places.push(at);
  }
  return places;
}

function collect(marksA: Uint8Array, marksB: Uint8Array, sizeA: number, sizeB: number): Change[] {
  const changes: Change[] = [];
  let [atA, atB] = [0, 0];
  while (atA < sizeA || atB < sizeB) {
    const [oldStart, newStart] = [atA, atB];
    while (atA < sizeA && marksA[atA] === 1) atA += 1;
    while (atB < sizeB && marksB[atB] === 1) atB += 1;
    if (atA > oldStart || atB > newStart)
      changes.push({ oldStart, oldEnd: atA, newStart, newEnd: atB });
    atA += 1;
    atB += 1;
  }
  return changes;
}
