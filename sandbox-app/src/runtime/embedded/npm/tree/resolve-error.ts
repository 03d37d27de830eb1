import type { Edge, TreeNode } from "./node.ts";
import type { Conflict } from "./place.ts";

/** Tells a conflict of peers as npm does: what was found, and what asked for something else. */
export function describeConflict(edge: Edge, { candidate, current }: Conflict): string[] {
  const asking = describe(edge.from);
  const asker = candidate.edge.from;
  const kind = candidate.edge.type === "peer" ? "peer " : "";
  const byWhom = `${asker.manifest.name}@${asker.manifest.version}`;
  return [
    "unable to resolve dependency tree",
    "",
    `While resolving: ${asking}`,
    ...(current === undefined
      ? []
      : [`Found: ${describe(current)}`, `node_modules/${current.name}`]),
    "",
    "Could not resolve dependency:",
    `${kind}${candidate.name}@"${candidate.edge.raw}" from ${byWhom}`,
    "",
    "Fix the upstream dependency conflict, or retry",
    "this command with --force or --legacy-peer-deps",
    "to accept an incorrect (and potentially broken) dependency resolution.",
  ];
}

function describe(node: TreeNode): string {
  const { name, version } = (node.target ?? node).manifest;
  return version === "" ? name : `${name}@${version}`;
}
