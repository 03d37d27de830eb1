/** What stands at one position, from left to right: ends, beginnings, replacements. */
const Rank = { close: 0, open: 1, replace: 2 } as const;

/** A text that is known only when the walk is over may be given as a function. */
type Text = string | (() => string);

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: Text;
  readonly rank: number;
}

/**
 * Changes to a text, made in the order of a walk: what opens is recorded before its children, what
 * closes after them.
 */
export class Edits {
  readonly #edits: Edit[] = [];

  get isEmpty(): boolean {
    return this.#edits.length === 0;
  }

  open(at: number, text: string): void {
    this.#edits.push({ start: at, end: at, text, rank: Rank.open });
  }

  close(at: number, text: string): void {
    this.#edits.push({ start: at, end: at, text, rank: Rank.close });
  }

  replace(start: number, end: number, text: Text): void {
    this.#edits.push({ start, end, text, rank: Rank.replace });
  }

  apply(source: string): string {
    const edits = this.#edits.toSorted((a, b) => a.start - b.start || a.rank - b.rank);
    let result = "";
    let position = 0;
    for (const { start, end, text } of edits) {
      result += source.slice(position, start) + (typeof text === "string" ? text : text());
      position = end;
    }
    return result + source.slice(position);
  }
}
