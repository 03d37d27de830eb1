export interface HeapEntry {
  /** Milliseconds on the loop's clock. */
  deadline: number;
  /** Breaks ties: earlier timers first. */
  sequence: number;
  /** Where it stands in the heap; -1 outside of it. */
  position: number;
}

/** A binary heap of timers by deadline, in which each can be removed at once. */
export class TimerHeap<Entry extends HeapEntry> {
  readonly #entries: Entry[] = [];

  get first(): Entry | undefined {
    return this.#entries[0];
  }

  add(entry: Entry): void {
    entry.position = this.#entries.length;
    this.#entries.push(entry);
    this.#rise(entry);
  }

  remove(entry: Entry): void {
    const { position } = entry;
    if (position < 0) return;
    entry.position = -1;
    const last = this.#entries.pop();
    if (last === undefined || last === entry) return;
    this.#place(last, position);
    this.#rise(last);
    this.#sink(last);
  }

  #place(entry: Entry, position: number): void {
    this.#entries[position] = entry;
    entry.position = position;
  }

  #rise(entry: Entry): void {
    while (entry.position > 0) {
      const above = this.#entries[(entry.position - 1) >> 1];
      if (above === undefined || !isBefore(entry, above)) return;
      this.#swap(entry, above);
    }
  }

  #sink(entry: Entry): void {
    for (;;) {
      const left = this.#entries[2 * entry.position + 1];
      const right = this.#entries[2 * entry.position + 2];
      const below =
        right !== undefined && left !== undefined && isBefore(right, left) ? right : left;
      if (below === undefined || !isBefore(below, entry)) return;
      this.#swap(below, entry);
    }
  }

  #swap(a: Entry, b: Entry): void {
    const { position } = a;
    this.#place(a, b.position);
    this.#place(b, position);
  }
}

function isBefore(a: HeapEntry, b: HeapEntry): boolean {
  return a.deadline < b.deadline || (a.deadline === b.deadline && a.sequence < b.sequence);
}
