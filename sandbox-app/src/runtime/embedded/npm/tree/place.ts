import semver from "semver";
import type { Manifest } from "../model/manifest.ts";
import { type Edge, TreeNode, satisfies } from "./node.ts";
import type { Tree } from "./tree.ts";

/** A package on its way into the tree, under the name that it is asked for. */
export interface Candidate {
  readonly name: string;
  readonly manifest: Manifest;
  /** The dependency that asks for it. */
  readonly edge: Edge;
}

/** What becomes of a candidate in one node_modules directory. */
type Verdict = "new" | "replace" | "keep" | "conflict";

/** Why a package and its peers have no place. */
export interface Conflict {
  readonly candidate: Candidate;
  /** The package that is in the way; absent when only a request is. */
  readonly current: TreeNode | undefined;
}

export type Placement =
  | { readonly found: true; readonly at: TreeNode; readonly verdicts: readonly Verdict[] }
  | { readonly found: false; readonly conflict: Conflict };

/**
 * Looks for the place of a package together with its peers: as high as nobody's requests are hurt,
 * since a package that stands high serves many (npm, folders, "Cycles, Conflicts, and Folder Parsimony").
 *
 * @param candidates the package, then its peers
 */
export function findPlace(tree: Tree, candidates: readonly Candidate[], edge: Edge): Placement {
  let best: Placement | undefined;
  let conflict: Conflict | undefined;
  for (const target of startOf(edge).ancestry()) {
    if (isPeerOf(target, edge.name)) continue;
    const verdicts: Verdict[] = [];
    for (const candidate of candidates) {
      const verdict = judge(tree, candidate, target, edge);
      if (verdict === "conflict") {
        conflict ??= { candidate, current: target.resolve(candidate.name) };
        break;
      }
      verdicts.push(verdict);
    }
    if (verdicts.length < candidates.length) break;
    best = { found: true, at: target, verdicts };
    // What is there already is not asked for again further up.
    if (verdicts[0] === "keep") break;
  }
  if (best !== undefined) return best;
  const [first] = candidates;
  if (first === undefined) throw new TypeError("there is nothing to place");
  return { found: false, conflict: conflict ?? { candidate: first, current: undefined } };
}

/** A peer stands beside the package that asks for it, never inside. */
function startOf(edge: Edge): TreeNode {
  const isPeer = edge.type === "peer" || edge.type === "peerOptional";
  return isPeer && edge.from.parent !== null ? edge.from.parent : edge.from;
}

function isPeerOf(target: TreeNode, name: string): boolean {
  if (target.isTop) return false;
  const own = target.edges.find((edge) => edge.name === name);
  return own?.type === "peer" || own?.type === "peerOptional";
}

function judge(tree: Tree, candidate: Candidate, target: TreeNode, entry: Edge): Verdict {
  const { name, edge } = candidate;
  if (edge !== entry) {
    const found = target.resolve(name);
    if (found !== undefined && satisfies(edge, found)) return "keep";
  }
  if (isPeerOf(target, name)) return "conflict";
  const probe = detached(candidate);
  const own = target.edges.find((other) => other.name === name);
  if (own !== undefined && own !== edge && !satisfies(own, probe)) return "conflict";
  const current = target.children.get(name);
  if (current !== undefined)
    return judgeCurrent(tree, { candidate, probe, current, target, entry });
  // Where the asking package is, it must stand; those below it that are hurt find another.
  if (target === entry.from) return "new";
  const below = tree.seenThrough(target, name);
  return below.every((other) => satisfies(other, probe)) ? "new" : "conflict";
}

interface Meeting {
  readonly candidate: Candidate;
  readonly probe: TreeNode;
  /** What has the name already. */
  readonly current: TreeNode;
  readonly target: TreeNode;
  readonly entry: Edge;
}

function judgeCurrent(tree: Tree, { candidate, probe, current, target, entry }: Meeting): Verdict {
  const { edge, manifest } = candidate;
  if (satisfies(edge, current)) return "keep";
  if (current.target !== null || current.inBundle) return "conflict";
  const others = tree.leadingTo(current).filter((other) => other !== edge);
  const isNewer = isAtLeast(manifest.version, current.manifest.version);
  if (isNewer && others.every((other) => satisfies(other, probe))) return "replace";
  // Its own dependency cannot go deeper: others that used what is here find their own place anew.
  const isOwn = edge === entry && edge.from === target && edge.type !== "peer";
  return isOwn ? "replace" : "conflict";
}

function isAtLeast(version: string, other: string): boolean {
  return (
    semver.valid(version, true) !== null &&
    semver.valid(other, true) !== null &&
    semver.gte(version, other, true)
  );
}

/** The candidate as a node that stands nowhere, to hold requests against. */
function detached({ name, manifest, edge }: Candidate): TreeNode {
  return new TreeNode({ name, manifest, rules: edge.from.rules, location: "" });
}
