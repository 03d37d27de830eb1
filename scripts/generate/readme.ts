import type { Operation } from "#protocol/operation.ts";
import { toolOperations } from "#protocol/registry.ts";
import { restRoutes, type Route } from "#protocol/routes.ts";

/** Tables of the README by the name of their markers. */
const tables: Readonly<Record<string, () => string>> = {
  tools: toolTable,
  routes: routeTable,
};

/**
 * Writes each table between its markers, `<!-- generated:tools -->` and `<!-- /generated:tools -->`.
 *
 * @throws Error when a marker is missing
 */
export function fillTables(readme: string): string {
  let text = readme;
  for (const [name, table] of Object.entries(tables)) {
    const [open, close] = [`<!-- generated:${name} -->`, `<!-- /generated:${name} -->`];
    const from = text.indexOf(open);
    const to = text.indexOf(close);
    if (from < 0 || to < from) throw new Error(`README.md lacks the markers ${open} … ${close}`);
    text = `${text.slice(0, from + open.length)}\n\n${table()}\n\n${text.slice(to)}`;
  }
  return text;
}

function toolTable(): string {
  const rows = toolOperations.map(rowOf);
  return formatTable([["tool", "what it does", "REST", "kind"], ...rows]);
}

/** The routes that the table of tools does not have. */
function routeTable(): string {
  const tools = new Set<string>(toolOperations.map(({ name }) => name));
  const rows = restRoutes.filter(({ id }) => !tools.has(id)).map(routeRow);
  return formatTable([["route", "what it does", "kind"], ...rows]);
}

function routeRow({ method, path, description, operation }: Route): string[] {
  const kind = operation.hints.readOnly ? "reads" : "changes";
  return [`\`${method} /api/v1${path}\``, firstSentence(description), kind];
}

function rowOf(operation: Operation): string[] {
  const { method, path } = operation.http;
  return [
    `\`${operation.name}\``,
    firstSentence(operation.description),
    `\`${method} /api/v1${path}\``,
    operation.hints.readOnly ? "reads" : "changes",
  ];
}

/** Up to the first full stop that ends a sentence; a dot inside a name is followed by no space. */
function firstSentence(text: string): string {
  return (/^.*?\.(?=\s|$)/.exec(text)?.[0] ?? text).replaceAll("|", "\\|");
}

/** Columns as wide as their widest cell, which is also how the formatter writes them. */
function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(3, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(head), rule, ...body.map(line)].join("\n");
}
