/**
 * Marks what is not common to two lists, by Myers' O(ND) algorithm with a middle snake ("An O(ND)
 * Difference Algorithm and Its Variations", 1986, section 4b).
 *
 * @returns 1 for each changed element of either list
 */
export function markChanges(a: readonly number[], b: readonly number[]): [Uint8Array, Uint8Array] {
  const comparison = new Comparison(a, b);
  comparison.compare(0, a.length, 0, b.length);
  return [comparison.marksA, comparison.marksB];
}

class Comparison {
  readonly marksA: Uint8Array;
  readonly marksB: Uint8Array;
  readonly #a: readonly number[];
  readonly #b: readonly number[];
  /** Furthest place in `a` on each diagonal `a - b`, from the start and from the end. */
  readonly #forward: Int32Array;
  readonly #backward: Int32Array;
  /** What a diagonal's number is moved by, since it may be negative. */
  readonly #shift: number;

  constructor(a: readonly number[], b: readonly number[]) {
    [this.#a, this.#b] = [a, b];
    this.marksA = new Uint8Array(a.length);
    this.marksB = new Uint8Array(b.length);
    this.#shift = b.length + 1;
    this.#forward = new Int32Array(a.length + b.length + 3);
    this.#backward = new Int32Array(a.length + b.length + 3);
  }

  compare(startA: number, endA: number, startB: number, endB: number): void {
    while (startA < endA && startB < endB && this.#a[startA] === this.#b[startB]) {
      startA += 1;
      startB += 1;
    }
    while (startA < endA && startB < endB && this.#a[endA - 1] === this.#b[endB - 1]) {
      endA -= 1;
      endB -= 1;
    }
    if (startA === endA) {
      this.marksB.fill(1, startB, endB);
    } else if (startB === endB) {
      this.marksA.fill(1, startA, endA);
    } else {
      const [a, b] = this.#middle(startA, endA, startB, endB);
      this.compare(startA, a, startB, b);
      this.compare(a, endA, b, endB);
    }
  }

  /** A point on a shortest way, about half of it. */
  #middle(startA: number, endA: number, startB: number, endB: number): [number, number] {
    const box: Box = { startA, endA, startB, endB };
    const [lowest, highest] = [startA - endB, endA - startB];
    const [first, last] = [startA - startB, endA - endB];
    const isOdd = ((first - last) & 1) !== 0;
    const ahead = new Front(this.#forward, this.#shift, first, startA, -1);
    const back = new Front(this.#backward, this.#shift, last, endA, FAR);
    for (;;) {
      ahead.widen(lowest, highest);
      const met = this.#advance(box, ahead, isOdd ? back : null);
      if (met !== null) return met;
      back.widen(lowest, highest);
      const found = this.#retreat(box, back, isOdd ? null : ahead);
      if (found !== null) return found;
    }
  }

  /** One step further from the start, on all diagonals; where it meets the other search. */
  #advance({ endA, endB }: Box, ahead: Front, back: Front | null): [number, number] | null {
    for (let diagonal = ahead.max; diagonal >= ahead.min; diagonal -= 2) {
      const [below, above] = [ahead.at(diagonal - 1), ahead.at(diagonal + 1)];
      let a = below >= above ? below + 1 : above;
      while (a < endA && a - diagonal < endB && this.#a[a] === this.#b[a - diagonal]) a += 1;
      ahead.set(diagonal, a);
      if (back?.covers(diagonal) === true && back.at(diagonal) <= a) return [a, a - diagonal];
    }
    return null;
  }

  #retreat({ startA, startB }: Box, back: Front, ahead: Front | null): [number, number] | null {
    for (let diagonal = back.max; diagonal >= back.min; diagonal -= 2) {
      const [below, above] = [back.at(diagonal - 1), back.at(diagonal + 1)];
      let a = below < above ? below : above - 1;
      while (a > startA && a - diagonal > startB && this.#a[a - 1] === this.#b[a - diagonal - 1])
        a -= 1;
      back.set(diagonal, a);
      if (ahead?.covers(diagonal) === true && a <= ahead.at(diagonal)) return [a, a - diagonal];
    }
    return null;
  }
}

interface Box {
  readonly startA: number;
  readonly endA: number;
  readonly startB: number;
  readonly endB: number;
}

/** A place that no search from the end has reached. */
const FAR = 0x7f_ff_ff_ff;

/** One of the two searches: the diagonals that it has reached. */
class Front {
  min: number;
  max: number;
  readonly #reached: Int32Array;
  readonly #shift: number;
  readonly #unreached: number;

  constructor(
    reached: Int32Array,
    shift: number,
    diagonal: number,
    start: number,
    unreached: number,
  ) {
    [this.#reached, this.#shift, this.#unreached] = [reached, shift, unreached];
    [this.min, this.max] = [diagonal, diagonal];
    this.set(diagonal, start);
  }

  at(diagonal: number): number {
    return this.#reached[diagonal + this.#shift] ?? 0;
  }

  set(diagonal: number, place: number): void {
    this.#reached[diagonal + this.#shift] = place;
  }

  covers(diagonal: number): boolean {
    return diagonal >= this.min && diagonal <= this.max;
  }

  /** One diagonal more to each side, and at the edges of the box one less. */
  widen(lowest: number, highest: number): void {
    if (this.min > lowest) {
      this.min -= 1;
      this.set(this.min - 1, this.#unreached);
    } else {
      this.min += 1;
    }
    if (this.max < highest) {
      this.max += 1;
      this.set(this.max + 1, this.#unreached);
    } else {
      this.max -= 1;
    }
  }
}
