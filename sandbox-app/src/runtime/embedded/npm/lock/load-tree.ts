import type { Manifest } from "../model/manifest.ts";
import { parseManifest } from "../model/manifest.ts";
import { TreeNode } from "../tree/node.ts";
import { OverrideRules } from "../tree/overrides.ts";
import { Tree } from "../tree/tree.ts";
import { type LockEntry, type Lockfile, holderOf, nameOf } from "./lockfile.ts";

/** What is being installed: the project's package.json, and its workspaces by name. */
export interface Project {
  readonly manifest: Manifest;
  readonly workspaces: ReadonlyMap<
    string,
    { readonly location: string; readonly manifest: Manifest }
  >;
}

/** A tree with nothing in it but the project and its workspaces. */
export function emptyTree(project: Project): Tree {
  const rules = OverrideRules.of(project.manifest);
  const places = [...project.workspaces].map(([name, { location }]) => [name, location]);
  const root = new TreeNode({
    name: project.manifest.name,
    manifest: project.manifest,
    rules,
    location: "",
    workspaces: Object.fromEntries(places),
  });
  const tree = new Tree(root);
  for (const [name, { location, manifest }] of project.workspaces) {
    tree.putLink(root, name, location, manifest);
  }
  return tree;
}

/**
 * The tree that a lockfile describes. The project's own package.json is read anew, so requests that
 * changed since then show as not met.
 *
 * @param leaveOut names of packages to look up again
 */
export function loadTree(
  project: Project,
  lock: Lockfile,
  leaveOut: ReadonlySet<string> = new Set(),
): Tree {
  const tree = emptyTree(project);
  const rules = rulesByLocation(lock, tree.root.rules);
  const places = new Map<string, TreeNode>([["", tree.root]]);
  for (const node of tree.all()) if (node.isTop) places.set(node.location, node);
  const locations = [...lock.entries.keys()].filter((location) => location !== "");
  // Whoever holds a package has a shorter path than the package.
  locations.sort((a, b) => a.length - b.length);
  for (const location of locations) {
    const entry = lock.entries.get(location);
    const holder = holderOf(location);
    const parent = holder === null ? undefined : places.get(holder);
    const name = nameOf(location);
    if (entry === undefined || parent === undefined || leaveOut.has(name)) continue;
    // What the project links to is known from its directories.
    if (parent.children.get(name)?.target) continue;
    const node = entry.link
      ? linkFrom(tree, lock, parent, name, entry)
      : tree.put(parent, name, {
          manifest: entry.manifest,
          rules: rules.get(location) ?? tree.root.rules,
          inBundle: entry.inBundle,
          resolved: entry.resolved,
        }).node;
    places.set(node.isTop ? node.location : location, node);
  }
  return tree;
}

function linkFrom(
  tree: Tree,
  lock: Lockfile,
  parent: TreeNode,
  name: string,
  entry: LockEntry,
): TreeNode {
  const location = entry.resolved ?? "";
  const manifest = lock.entries.get(location)?.manifest ?? parseManifest({ name });
  return tree.putLink(parent, name, location, manifest);
}

/**
 * The overrides that hold at each place. They follow from who asks for whom, so they are handed down
 * along the requests, from the project on.
 */
function rulesByLocation(
  lock: Lockfile,
  project: OverrideRules,
): ReadonlyMap<string, OverrideRules> {
  const found = new Map<string, OverrideRules>();
  if (project === OverrideRules.none) return found;
  const pending: [string, OverrideRules][] = [["", project]];
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const [from, rules] = next;
    for (const name of requestedNames(lock.entries.get(from)?.manifest)) {
      const location = resolveLocation(lock, from, name);
      if (location === undefined || found.has(location)) continue;
      const { manifest } = lock.entries.get(location) ?? {};
      const below = manifest === undefined ? rules : rules.below(manifest.name, manifest.version);
      found.set(location, below);
      pending.push([location, below]);
    }
  }
  return found;
}

function requestedNames(manifest: Manifest | undefined): string[] {
  if (manifest === undefined) return [];
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = manifest;
  return Object.keys({
    ...dependencies,
    ...devDependencies,
    ...optionalDependencies,
    ...peerDependencies,
  });
}

function resolveLocation(lock: Lockfile, from: string, name: string): string | undefined {
  for (let at: string | null = from; at !== null; at = at === "" ? null : (holderOf(at) ?? "")) {
    const location = at === "" ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (lock.entries.has(location)) return location;
  }
  return undefined;
}
