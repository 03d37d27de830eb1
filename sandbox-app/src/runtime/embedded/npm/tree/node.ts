import semver from "semver";
import type { Manifest } from "../model/manifest.ts";
import { type RegistrySpec, parseSpec } from "../model/spec.ts";
import type { OverrideRules } from "./overrides.ts";

export type EdgeType = "prod" | "dev" | "optional" | "peer" | "peerOptional" | "workspace";

/** One dependency of one package. Where it leads follows from where the packages stand. */
export interface Edge {
  readonly from: TreeNode;
  readonly name: string;
  /** What is asked for, after overrides. */
  readonly raw: string;
  readonly type: EdgeType;
}

/** A package at its place in the tree of node_modules directories. */
export class TreeNode {
  /** Name of its directory: what others call it. */
  readonly name: string;
  /** Path below the project, as lockfiles write it; empty for the project itself. */
  readonly location: string;
  /** The package in whose node_modules it stands; null for the project and its workspaces. */
  readonly parent: TreeNode | null;
  /** Where a workspace looks on when its own node_modules does not have a name. */
  readonly fsParent: TreeNode | null;
  readonly children = new Map<string, TreeNode>();
  /** A link's directory. */
  readonly target: TreeNode | null;
  /** Came inside the tarball of the package above it. */
  readonly inBundle: boolean;
  readonly rules: OverrideRules;
  /** URL that the lockfile gives; only its path counts. */
  readonly resolved: string | undefined;
  readonly manifest: Manifest;
  /** The package that it takes the place of, and whose requests it meets. */
  readonly standsFor: Manifest | null;
  /** Of the project: where its workspaces are, by name. */
  readonly workspaces: Readonly<Record<string, string>>;
  readonly edges: readonly Edge[];

  constructor(options: {
    name: string;
    manifest: Manifest;
    rules: OverrideRules;
    parent?: TreeNode | null;
    fsParent?: TreeNode | null;
    /** Of a workspace: its path below the project. */
    location?: string;
    target?: TreeNode | null;
    inBundle?: boolean;
    resolved?: string | undefined;
    workspaces?: Readonly<Record<string, string>>;
    standsFor?: Manifest | null;
  }) {
    this.name = options.name;
    this.manifest = options.manifest;
    this.rules = options.rules;
    this.parent = options.parent ?? null;
    this.fsParent = options.fsParent ?? null;
    this.target = options.target ?? null;
    this.inBundle = options.inBundle ?? false;
    this.resolved = options.resolved;
    this.standsFor = options.standsFor ?? null;
    this.workspaces = options.workspaces ?? {};
    this.location = options.location ?? locationBelow(this.parent, this.name);
    this.edges = this.target === null ? edgesOf(this) : [];
    this.parent?.children.set(this.name, this);
  }

  /** The project, or a package of its workspace: nothing stands beside it. */
  get isTop(): boolean {
    return this.parent === null;
  }

  /** Where a look-up goes on. */
  get above(): TreeNode | null {
    return this.parent ?? this.fsParent;
  }

  /** The package and all those whose node_modules it sees, from the inside out. */
  *ancestry(): Generator<TreeNode> {
    yield this;
    for (let node = this.above; node !== null; node = node.above) yield node;
  }

  /** What `require(name)` finds from here (Node, modules, "Loading from node_modules folders"). */
  resolve(name: string): TreeNode | undefined {
    for (const node of this.ancestry()) {
      const found = node.children.get(name);
      if (found) return found;
    }
    return undefined;
  }

  isDescendantOf(other: TreeNode): boolean {
    for (const node of this.ancestry()) if (node === other) return true;
    return false;
  }
}

function locationBelow(parent: TreeNode | null, name: string): string {
  if (parent === null) return "";
  return parent.location === ""
    ? `node_modules/${name}`
    : `${parent.location}/node_modules/${name}`;
}

function edgesOf(node: TreeNode): Edge[] {
  const { manifest, isTop, rules } = node;
  const bundled = new Set(isTop ? [] : manifest.bundled);
  // What the project itself asks for is never overridden.
  const isProject = isTop && node.fsParent === null;
  const edges = new Map<string, Edge>();
  const add = (names: Readonly<Record<string, string>>, type: (name: string) => EdgeType): void => {
    for (const [name, raw] of Object.entries(names)) {
      if (bundled.has(name)) continue;
      edges.set(name, {
        from: node,
        name,
        raw: isProject ? raw : rules.specFor(name, raw),
        type: type(name),
      });
    }
  };
  add(manifest.peerDependencies, (name) =>
    manifest.optionalPeers.has(name) ? "peerOptional" : "peer",
  );
  add(manifest.dependencies, () => "prod");
  add(manifest.optionalDependencies, () => "optional");
  // npm installs these for what is being worked on only.
  if (isTop) {
    const known = { ...manifest.peerDependencies, ...manifest.dependencies };
    const dev = Object.entries(manifest.devDependencies).filter(([name]) => !(name in known));
    add(Object.fromEntries(dev), () => "dev");
  }
  for (const [name, location] of Object.entries(node.workspaces)) {
    edges.set(name, { from: node, name, raw: `file:${location}`, type: "workspace" });
  }
  return [...edges.values()].toSorted((a, b) => compareNames(a.name, b.name));
}

/** The order of names everywhere in npm's files. */
export function compareNames(a: string, b: string): number {
  return a.localeCompare(b, "en");
}

/** Whether a package is what the dependency asks for. */
export function satisfies(edge: Edge, node: TreeNode): boolean {
  const spec = parseSpec(edge.name, edge.raw);
  const manifest = node.standsFor ?? (node.target ?? node).manifest;
  switch (spec.type) {
    case "directory":
      return node.target?.location === directoryOf(edge.from, spec.path);
    case "foreign":
      return false;
    case "alias":
      return manifest.name === spec.target.name && inRange(spec.target, manifest.version);
    case "tag":
    case "range":
      return (
        (manifest.name === edge.name || node.target !== null) && inRange(spec, manifest.version)
      );
  }
}

/** Path below the project of a directory that a package names. */
export function directoryOf(from: TreeNode, path: string): string {
  if (path.startsWith("/")) return path;
  const parts: string[] = [];
  for (const part of `${from.location}/${path}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

/** Whether the dependency is met as the tree stands. */
export function isValid(edge: Edge): boolean {
  const to = edge.from.resolve(edge.name);
  if (to === undefined) return edge.type === "optional" || edge.type === "peerOptional";
  const isPeer = edge.type === "peer" || edge.type === "peerOptional";
  if (isPeer && !edge.from.isTop && to.parent === edge.from) return false;
  return satisfies(edge, to);
}

function inRange(spec: RegistrySpec, version: string): boolean {
  // A tag names whatever it named when it was installed.
  if (spec.type === "tag" || spec.range === "*") return true;
  return semver.satisfies(version, spec.range, { loose: true });
}
