import type { NpmContext } from "../cli/context.ts";
import { parseSpec, registryPart } from "../model/spec.ts";
import type { Edge } from "../tree/node.ts";
import { installedTree } from "./installed-tree.ts";

interface Row {
  readonly name: string;
  readonly current: string;
  readonly wanted: string;
  readonly latest: string;
  readonly location: string;
}

/** `npm outdated`: what package.json, or the registry, has something newer for. Ends with 1 if any. */
export async function outdatedCommand(context: NpmContext): Promise<number> {
  const { output, config, words } = context;
  const { root } = await installedTree(context);
  const edges = root.edges.filter((edge) => words.length === 0 || words.includes(edge.name));
  const rows = (await Promise.all(edges.map((edge) => rowOf(context, edge)))).filter(
    (row): row is Row => row !== null && (row.current !== row.wanted || row.current !== row.latest),
  );
  if (config.is("json")) {
    const entries = rows.map(({ name, ...row }) => [
      name,
      { ...row, dependent: root.manifest.name },
    ]);
    output.result(JSON.stringify(Object.fromEntries(entries), null, 2));
  } else if (rows.length > 0) {
    output.result(table(rows, root.manifest.name));
  }
  return rows.length > 0 ? 1 : 0;
}

async function rowOf({ registry }: NpmContext, edge: Edge): Promise<Row | null> {
  const spec = registryPart(parseSpec(edge.name, edge.raw));
  if (spec === null) return null;
  const latest = await registry
    .pick({ type: "tag", name: spec.name, tag: "latest" })
    .catch(() => null);
  if (latest === null) return null;
  const wanted = await registry.pick(spec).catch(() => latest);
  const found = edge.from.resolve(edge.name);
  return {
    name: edge.name,
    current: found?.manifest.version ?? "MISSING",
    wanted: wanted.version,
    latest: latest.version,
    location: found?.location ?? "-",
  };
}

function table(rows: readonly Row[], dependent: string): string {
  const lines = [
    ["Package", "Current", "Wanted", "Latest", "Location", "Depended by"],
    ...rows.map((row) => [row.name, row.current, row.wanted, row.latest, row.location, dependent]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const isNumber = (column: number): boolean => column >= 1 && column <= 3;
  return lines
    .map((line) =>
      line
        .map((cell, at) =>
          isNumber(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
        )
        .join("  "),
    )
    .join("\n");
}
