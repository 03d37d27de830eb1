import * as inspection from "node-inspect-extracted";

// The package exports it on its default export only, and its types do not tell.
const { getStringWidth } = (
  inspection as unknown as { default: { getStringWidth: (text: string) => number } }
).default;

const INDEX = "(index)";
const ITERATION = "(iteration index)";
const KEY = "Key";
const VALUES = "Values";

type Columns = Map<string, Map<number, string>>;

function draw(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map(
    (title, column) =>
      Math.max(
        ...[title, ...rows.map((row) => row[column] ?? "")].map((text) => getStringWidth(text)),
      ) + 2,
  );
  const line = (left: string, middle: string, right: string) =>
    left + widths.map((width) => "─".repeat(width)).join(middle) + right;
  const row = (cells: readonly string[]) =>
    `│${widths.map((width, column) => ` ${cells[column] ?? ""}${" ".repeat(width - 1 - getStringWidth(cells[column] ?? ""))}`).join("│")}│`;
  return [
    line("┌", "┬", "┐"),
    row(head),
    line("├", "┼", "┤"),
    ...rows.map((each) => row(each)),
    line("└", "┴", "┘"),
  ].join("\n");
}

function renderMap(data: Map<unknown, unknown>, inspect: (value: unknown) => string): string {
  const rows = Array.from(data, ([key, value], index) => [
    String(index),
    inspect(key),
    inspect(value),
  ]);
  return draw([ITERATION, KEY, VALUES], rows);
}

/** Cells by column and row; `values` is the column of what is no object. */
function columnsOf(
  entries: readonly [string, unknown][],
  properties: readonly string[] | undefined,
  inspect: (value: unknown) => string,
): { columns: Columns; values: Map<number, string> } {
  const columns: Columns = new Map(properties?.map((name) => [name, new Map()]));
  const values = new Map<number, string>();
  for (const [index, [, value]] of entries.entries()) {
    if (typeof value !== "object" || value === null) {
      values.set(index, inspect(value));
      continue;
    }
    for (const [name, cell] of Object.entries(value)) {
      if (properties !== undefined && !properties.includes(name)) continue;
      const column = columns.get(name) ?? new Map<number, string>();
      columns.set(name, column);
      column.set(index, inspect(cell));
    }
  }
  return { columns, values };
}

/** The text of `console.table`; null where the data is no table. */
export function renderTable(
  data: unknown,
  properties: readonly string[] | undefined,
  inspect: (value: unknown) => string,
): string | null {
  if (typeof data !== "object" || data === null) return null;
  if (data instanceof Map) return renderMap(data, inspect);
  const isSet = data instanceof Set;
  const entries: [string, unknown][] = isSet
    ? Array.from(data, (value, index) => [String(index), value])
    : Object.entries(data);
  const { columns, values } = columnsOf(entries, properties, inspect);
  const head = [isSet ? ITERATION : INDEX, ...columns.keys(), ...(values.size > 0 ? [VALUES] : [])];
  const cells = [...columns.values(), ...(values.size > 0 ? [values] : [])];
  const rows = entries.map(([key], index) =>
    [key].concat(cells.map((column) => column.get(index) ?? "")),
  );
  return draw(head, rows);
}
