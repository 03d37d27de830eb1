type Kind = " " | "+" | "-";
type Line = readonly [Kind, string];

/** Lines compared at most; beyond it the middle is taken as changed, so that a huge value ends too. */
const MAX_CELLS = 4_000_000;

/** Which lines stay, come (`+`, actual) and go (`-`, expected): a longest common subsequence. */
function compare(actual: readonly string[], expected: readonly string[]): Line[] {
  const [rows, columns] = [actual.length, expected.length];
  if (rows * columns > MAX_CELLS) {
    return [
      ...actual.map((line): Line => ["+", line]),
      ...expected.map((line): Line => ["-", line]),
    ];
  }
  const same = (a: string | undefined, b: string | undefined) =>
    a === b || a === `${b},` || `${a},` === b;
  const lengths = Array.from({ length: rows + 1 }, () => new Uint32Array(columns + 1));
  const at = (row: number, column: number) => lengths[row]?.[column] ?? 0;
  for (let row = rows - 1; row >= 0; row--) {
    const line = lengths[row] as Uint32Array;
    for (let column = columns - 1; column >= 0; column--) {
      line[column] = same(actual[row], expected[column])
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const result: Line[] = [];
  let [row, column] = [0, 0];
  while (row < rows || column < columns) {
    if (row < rows && column < columns && same(actual[row], expected[column])) {
      result.push([" ", actual[row++] as string]);
      column++;
    } else if (row < rows && (column === columns || at(row + 1, column) >= at(row, column + 1))) {
      result.push(["+", actual[row++] as string]);
    } else result.push(["-", expected[column++] as string]);
  }
  return result;
}

/** Unchanged lines shown around a change; longer runs are cut with `...`. */
const CONTEXT = 5;

export function differences(
  actual: readonly string[],
  expected: readonly string[],
): { text: string; skipped: boolean } {
  const lines = compare(actual, expected);
  const out: string[] = [];
  let run: string[] = [];
  let skipped = false;
  const flush = (last: boolean) => {
    if (run.length > CONTEXT) {
      skipped = true;
      const head = out.length === 0 ? run.slice(0, 2) : run.slice(0, 2);
      out.push(...head, "...", ...(last ? run.slice(-1) : run.slice(-2)));
    } else out.push(...run);
    run = [];
  };
  for (const [kind, line] of lines) {
    if (kind === " ") run.push(`  ${line}`);
    else {
      flush(false);
      out.push(`${kind} ${line}`);
    }
  }
  flush(true);
  return { text: out.join("\n"), skipped };
}
