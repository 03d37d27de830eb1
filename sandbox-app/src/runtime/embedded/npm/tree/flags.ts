import type { Edge, TreeNode } from "./node.ts";
import type { Tree } from "./tree.ts";

/** Why a package is there, as lockfiles say it. */
export interface Flags {
  /** For the project's own work only. */
  readonly dev: boolean;
  /** Only for what may fail to install. */
  readonly optional: boolean;
  /** One way there is for work, another one is optional, and none is neither. */
  readonly devOptional: boolean;
  /** Only as somebody's peer. */
  readonly peer: boolean;
}

type Kind = "dev" | "optional" | "peer";

const kindsOf: Record<Edge["type"], readonly Kind[]> = {
  prod: [],
  workspace: [],
  dev: ["dev"],
  optional: ["optional"],
  peer: ["peer"],
  peerOptional: ["optional", "peer"],
};

/** Flags of every package that something asks for; the others are in nobody's way to it. */
export function flagsOf(tree: Tree): ReadonlyMap<TreeNode, Flags> {
  const all = reachable(tree, []);
  const noDev = reachable(tree, ["dev"]);
  const noOptional = reachable(tree, ["optional"]);
  const neither = reachable(tree, ["dev", "optional"]);
  const noPeer = reachable(tree, ["peer"]);
  const flags = new Map<TreeNode, Flags>();
  for (const node of all) {
    const dev = !noDev.has(node);
    const optional = !noOptional.has(node);
    const devOptional = !dev && !optional && !neither.has(node);
    flags.set(node, { dev, optional, devOptional, peer: !noPeer.has(node) });
  }
  return flags;
}

/**
 * Packages that the project needs.
 *
 * @param without kinds of requests that are not followed
 * @param skipped packages that are not there, and that nothing is followed through
 */
export function reachable(
  tree: Tree,
  without: readonly Kind[],
  skipped: ReadonlySet<TreeNode> = new Set(),
): ReadonlySet<TreeNode> {
  const found = new Set<TreeNode>();
  const pending = [tree.root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const edge of node.edges) {
      if (kindsOf[edge.type].some((kind) => without.includes(kind))) continue;
      const to = node.resolve(edge.name);
      if (to === undefined || found.has(to) || skipped.has(to)) continue;
      found.add(to);
      pending.push(to);
      if (to.target !== null && !found.has(to.target)) {
        found.add(to.target);
        pending.push(to.target);
      }
    }
    // What a tarball brings along comes with it.
    for (const child of node.children.values()) {
      if (!child.inBundle || found.has(child)) continue;
      found.add(child);
      pending.push(child);
    }
  }
  return found;
}
