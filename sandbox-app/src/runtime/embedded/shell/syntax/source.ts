/** Text that a syntax tree points into. A substitution brings its own piece of the text above it. */
export class Source {
  readonly text: string;
  /** Offset of the first character, as the tree counts. */
  readonly base: number;
  /** Number of the first line; lines count from 1. */
  readonly line: number;
  #starts: number[] | undefined;

  constructor(text: string, base = 0, line = 1) {
    this.text = text;
    this.base = base;
    this.line = line;
  }

  slice(node: { readonly pos: number; readonly end: number }): string {
    return this.text.slice(node.pos - this.base, node.end - this.base);
  }

  lineAt(pos: number): number {
    this.#starts ??= lineStarts(this.text);
    const offset = pos - this.base;
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return this.line + low;
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
