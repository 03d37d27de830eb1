import { compareScores, scoreOf, type Score } from "./indent-score.ts";

/** One side of a comparison: its lines, their numbers, and which are changed. */
export interface Side {
  readonly lines: readonly string[];
  readonly ids: Int32Array;
  readonly marks: Uint8Array;
}

/** Furthest that a change is slid for its looks. */
const SLIDE_MAX = 100;

/** A run of changed lines, maybe empty, between two unchanged ones. */
class Group {
  start = 0;
  end = 0;
  readonly #side: Side;

  constructor(side: Side) {
    this.#side = side;
    while (side.marks[this.end] === 1) this.end += 1;
  }

  get isEmpty(): boolean {
    return this.start === this.end;
  }

  next(): boolean {
    if (this.end === this.#side.ids.length) return false;
    this.start = this.end + 1;
    for (this.end = this.start; this.#side.marks[this.end] === 1;) this.end += 1;
    return true;
  }

  previous(): void {
    if (this.start === 0) return;
    this.end = this.start - 1;
    for (this.start = this.end; this.#side.marks[this.start - 1] === 1;) this.start -= 1;
  }

  /** One line up, where that changes nothing; groups that then touch become one. */
  up(): boolean {
    const { ids, marks } = this.#side;
    if (this.start === 0 || ids[this.start - 1] !== ids[this.end - 1]) return false;
    this.start -= 1;
    this.end -= 1;
    marks[this.start] = 1;
    marks[this.end] = 0;
    while (marks[this.start - 1] === 1) this.start -= 1;
    return true;
  }

  down(): boolean {
    const { ids, marks } = this.#side;
    if (this.end >= ids.length || ids[this.start] !== ids[this.end]) return false;
    marks[this.start] = 0;
    marks[this.end] = 1;
    this.start += 1;
    this.end += 1;
    while (marks[this.end] === 1) this.end += 1;
    return true;
  }
}

/**
 * Slides each change of one side: next to a change of the other side if it can get there, else to
 * where the indentation says that something begins, else as far down as it goes.
 */
export function compact(side: Side, other: Side): void {
  const own = new Group(side);
  const across = new Group(other);
  do {
    if (!own.isEmpty) place(side, own, across);
    across.next();
  } while (own.next());
}

function place(side: Side, own: Group, across: Group): void {
  let size = 0;
  let earliest = 0;
  let beside = -1;
  do {
    size = own.end - own.start;
    beside = -1;
    while (own.up()) across.previous();
    earliest = own.end;
    if (!across.isEmpty) beside = own.end;
    while (own.down()) {
      across.next();
      if (!across.isEmpty) beside = own.end;
    }
    // It may have grown by groups that it met.
  } while (size !== own.end - own.start);
  if (own.end === earliest) return;
  if (beside !== -1) {
    while (across.isEmpty && own.up()) across.previous();
    return;
  }
  const best = bestEnd(side, earliest, own.end, size);
  while (own.end > best && own.up()) across.previous();
}

function bestEnd(side: Side, earliest: number, latest: number, size: number): number {
  let best = -1;
  let bestScore: Score = { indent: 0, penalty: 0 };
  for (
    let end = Math.max(earliest, latest - size - 1, latest - SLIDE_MAX);
    end <= latest;
    end += 1
  ) {
    const [after, before] = [scoreOf(side.lines, end), scoreOf(side.lines, end - size)];
    const score = {
      indent: after.indent + before.indent,
      penalty: after.penalty + before.penalty,
    };
    if (best !== -1 && compareScores(score, bestScore) > 0) continue;
    best = end;
    bestScore = score;
  }
  return best;
}
