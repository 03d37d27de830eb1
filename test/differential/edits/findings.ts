/** How a case came out. */
type Fate = "equal" | "by the rule" | `refused: ${string}`;

/** What all cases came to, for the report and for the verdict. */
export class Findings {
  readonly wrong: string[] = [];
  readonly #counts = new Map<string, Map<Fate, number>>();
  files = 0;

  /** @param kind how the caller wrote it */
  count(kind: string, fate: Fate): void {
    const counts = this.#counts.get(kind) ?? new Map<Fate, number>();
    this.#counts.set(kind, counts.set(fate, (counts.get(fate) ?? 0) + 1));
  }

  fail(kind: string, where: string, what: string): void {
    this.wrong.push(`${where}, ${kind}: ${what}`);
  }

  total(fate?: Fate): number {
    let sum = 0;
    for (const counts of this.#counts.values()) {
      for (const [one, count] of counts) if (fate === undefined || fate === one) sum += count;
    }
    return sum;
  }

  report(): string {
    const rows = [...this.#counts].map(([kind, counts]) => {
      const fates = [...counts].map(([fate, count]) => `${count} ${fate}`);
      return `  ${kind}: ${fates.join(", ")}`;
    });
    const head = `${this.files} changed files, ${this.total()} edits and patches, `;
    return [`${head}${this.wrong.length} wrong`, ...rows.toSorted()].join("\n");
  }
}
