import type { NpmContext } from "../cli/context.ts";
import { isStandIn } from "../model/substitutions.ts";
import { type Edge, type TreeNode, isValid } from "../tree/node.ts";
import { installedTree } from "./installed-tree.ts";

/** One line of the tree. */
interface Item {
  readonly label: string;
  readonly name: string;
  readonly problem: string | null;
  readonly json: Record<string, unknown>;
  readonly children: readonly Item[];
}

/** `npm ls [name…] [--all] [--depth n] [--json]`: what is installed, and what is wrong with it. */
export async function lsCommand(context: NpmContext): Promise<number> {
  const { config, output, project, words } = context;
  const { root } = await installedTree(context);
  const said = config.get("depth");
  const depth = config.is("all") || words.length > 0 ? Number.POSITIVE_INFINITY : Number(said ?? 0);
  const all = itemsOf(root, depth, new Set([root]));
  const items = words.length === 0 ? all : matching(all, new Set(words));
  const problems = problemsOf(items);
  output.result(config.is("json") ? asJson(root, items, problems) : asText(root, items, project));
  for (const problem of problems) output.error(problem);
  if (problems.length > 0) output.error("code ELSPROBLEMS");
  return problems.length > 0 || (words.length > 0 && items.length === 0) ? 1 : 0;
}

function asJson(
  { manifest }: TreeNode,
  items: readonly Item[],
  problems: readonly string[],
): string {
  const { name, version } = manifest;
  const dependencies = Object.fromEntries(items.map((item) => [item.name, jsonOf(item)]));
  const json = {
    ...(version !== "" && { version }),
    name,
    ...(problems.length > 0 && { problems }),
    ...(items.length > 0 && { dependencies }),
  };
  return JSON.stringify(json, null, 2);
}

function asText({ manifest }: TreeNode, items: readonly Item[], project: string): string {
  const { name, version } = manifest;
  const label = version === "" ? name : `${name}@${version}`;
  const body = items.length === 0 ? ["└── (empty)"] : draw(items, "");
  return [`${label} ${project}`, ...body, ""].join("\n");
}

function itemsOf(node: TreeNode, depth: number, above: ReadonlySet<TreeNode>): Item[] {
  const listed = node.edges.map((edge) => itemOf(edge, depth, above));
  return listed.filter((item): item is Item => item !== null);
}

function itemOf(edge: Edge, depth: number, above: ReadonlySet<TreeNode>): Item | null {
  const { name, raw, from } = edge;
  const found = from.resolve(name);
  const isOptional = edge.type === "optional" || edge.type === "peerOptional";
  if (found === undefined) {
    if (isOptional) return null;
    const problem = `missing: ${name}@${raw}, required by ${from.manifest.name}@${from.manifest.version}`;
    return {
      label: `UNMET DEPENDENCY ${name}@${raw}`,
      name,
      problem,
      json: { required: raw, missing: true, problems: [problem] },
      children: [],
    };
  }
  const node = found.target ?? found;
  const { manifest } = node;
  const alias = manifest.name === name ? "" : `npm:${manifest.name}@`;
  const arrow = found.target === null ? "" : ` -> ./${found.target.location}`;
  const isFine = isValid(edge) || isStandIn(name, manifest.name, manifest.version);
  const problem = isFine ? null : `invalid: ${name}@${manifest.version} ${found.location}`;
  const isElsewhere = found.parent !== from && !from.isTop;
  const isSeen = above.has(node);
  const inner = depth > 0 && !isSeen && !isElsewhere;
  return {
    label: `${name}@${alias}${manifest.version}${arrow}${isElsewhere ? " deduped" : ""}${problem === null ? "" : " invalid"}`,
    name,
    problem,
    json: { version: manifest.version, overridden: raw !== rawOf(edge) },
    children: inner ? itemsOf(node, depth - 1, new Set([...above, node])) : [],
  };
}

/** What the package itself asks for. */
function rawOf({ from, name, raw }: Edge): string {
  const { manifest } = from;
  const fields = [
    manifest.dependencies,
    manifest.devDependencies,
    manifest.optionalDependencies,
    manifest.peerDependencies,
  ];
  return fields.map((field) => field[name]).find((found) => found !== undefined) ?? raw;
}

function matching(items: readonly Item[], names: ReadonlySet<string>): Item[] {
  return items.flatMap((item) => {
    const children = matching(item.children, names);
    return names.has(item.name) || children.length > 0 ? [{ ...item, children }] : [];
  });
}

function problemsOf(items: readonly Item[]): string[] {
  const all = items.flatMap((item) => [
    ...(item.problem === null ? [] : [item.problem]),
    ...problemsOf(item.children),
  ]);
  return [...new Set(all)];
}

function jsonOf({ json, children }: Item): Record<string, unknown> {
  if (children.length === 0) return json;
  return {
    ...json,
    dependencies: Object.fromEntries(children.map((item) => [item.name, jsonOf(item)])),
  };
}

function draw(items: readonly Item[], indent: string): string[] {
  return items.flatMap((item, index) => {
    const isLast = index === items.length - 1;
    const branch = `${isLast ? "└" : "├"}─${item.children.length > 0 ? "┬" : "─"}`;
    const inner = draw(item.children, `${indent}${isLast ? "  " : "│ "}`);
    return [`${indent}${branch} ${item.label}`, ...inner];
  });
}
