/** Entries kept: more than a script has different words, few enough to cost no memory. */
const ENTRIES_MAX = 2_000;

/** Remembers what was made from a text; forgets everything when it is full. */
export class Memo<Value> {
  readonly #entries = new Map<string, Value>();

  get(key: string, make: () => Value): Value {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (this.#entries.size >= ENTRIES_MAX) this.#entries.clear();
    this.#entries.set(key, made);
    return made;
  }
}
