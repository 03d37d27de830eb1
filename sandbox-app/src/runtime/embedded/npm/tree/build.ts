import { NpmError } from "../model/npm-error.ts";
import type { Manifest } from "../model/manifest.ts";
import { type RegistrySpec, foreignError, parseSpec, registryPart } from "../model/spec.ts";
import { type Edge, type TreeNode, compareNames, directoryOf, isValid, satisfies } from "./node.ts";
import { withPeers } from "./peers.ts";
import { type Candidate, type Conflict, type Placement, findPlace } from "./place.ts";
import { describeConflict } from "./resolve-error.ts";
import type { Tree } from "./tree.ts";

/** Where packages and directories are looked up while a tree is built. */
export interface PackageSource {
  /** @throws NpmError E404, ETARGET, or what the network said */
  pick(spec: RegistrySpec): Promise<Manifest>;
  /** Starts looking for what will be asked for soon; failures show when it is. */
  prefetch(spec: RegistrySpec): void;
  /** The package.json of a directory, by its path below the project. */
  directory(location: string): Promise<Manifest>;
  /** What a tarball brings along: manifests by path below the package. */
  bundle(manifest: Manifest): Promise<ReadonlyMap<string, Manifest>>;
}

export interface BuildOptions {
  /** Peers are left out, as npm 6 did (`--legacy-peer-deps`). */
  readonly legacyPeers: boolean;
  /** Peers that do not fit are told, and installed all the same (`--force`). */
  readonly force: boolean;
}

/** A tree that grows by more than this in one go does not come to rest. */
const STEPS_MAX = 50_000;

/**
 * Completes a tree: every dependency gets a package that satisfies it, as high up as it can stand.
 * What the tree has already stays while it satisfies. The result depends on the input alone, not on
 * which answer of the registry comes first.
 *
 * @returns warnings, in npm's words
 */
export async function buildTree(
  tree: Tree,
  source: PackageSource,
  options: BuildOptions,
): Promise<string[]> {
  return new Builder(tree, source, options).run();
}

class Builder {
  readonly #tree: Tree;
  readonly #source: PackageSource;
  readonly #options: BuildOptions;
  readonly #warnings: string[] = [];
  readonly #queue = new Set<TreeNode>();
  /** Requests that nothing can be done about; they were told once. */
  readonly #given = new Set<Edge>();

  constructor(tree: Tree, source: PackageSource, options: BuildOptions) {
    this.#tree = tree;
    this.#source = source;
    this.#options = options;
  }

  async run(): Promise<string[]> {
    for (const node of [this.#tree.root, ...this.#tree.all()]) this.#enqueue(node);
    for (let steps = 0; this.#queue.size > 0; steps += 1) {
      if (steps > STEPS_MAX) throw new NpmError("ERESOLVE", ["could not resolve: no stable tree"]);
      const node = this.#next();
      for (const edge of node.edges) {
        if (this.#isOpen(edge)) await this.#satisfy(edge);
      }
    }
    return this.#warnings;
  }

  #enqueue(node: TreeNode): void {
    const open = node.edges.filter((edge) => this.#isOpen(edge));
    if (open.length > 0) this.#queue.add(node);
    for (const edge of open) {
      const spec = registryPart(parseSpec(edge.name, edge.raw));
      if (spec !== null) this.#source.prefetch(spec);
    }
  }

  /** The shallowest first, so that what the project asks for gets the best places. */
  #next(): TreeNode {
    let best: TreeNode | undefined;
    for (const node of this.#queue) if (best === undefined || isBefore(node, best)) best = node;
    if (best === undefined) throw new TypeError("the queue is empty");
    this.#queue.delete(best);
    return best;
  }

  #isOpen(edge: Edge): boolean {
    if (this.#given.has(edge)) return false;
    // What may be missing is asked for all the same.
    const isMissing = edge.type === "optional" && edge.from.resolve(edge.name) === undefined;
    if (isValid(edge) && !isMissing) return false;
    const isPeer = edge.type === "peer" || edge.type === "peerOptional";
    return !(isPeer && this.#options.legacyPeers) && isAttached(edge.from, this.#tree);
  }

  async #satisfy(edge: Edge): Promise<void> {
    const spec = parseSpec(edge.name, edge.raw);
    if (spec.type === "foreign") throw foreignError(`${edge.name}@${spec.raw}`);
    if (spec.type === "directory") return this.#link(edge, directoryOf(edge.from, spec.path));
    const wanted = registryPart(spec);
    let manifest: Manifest;
    try {
      manifest = await this.#source.pick(wanted ?? { type: "tag", name: edge.name, tag: "latest" });
    } catch (error) {
      if (edge.type !== "optional" && edge.type !== "peerOptional") throw error;
      this.#given.add(edge);
      return;
    }
    const first: Candidate = { name: edge.name, manifest, edge };
    const pick = (peer: RegistrySpec): Promise<Manifest> => this.#source.pick(peer);
    const candidates = this.#options.legacyPeers ? [first] : await withPeers(first, pick);
    await this.#settle(edge, candidates, findPlace(this.#tree, candidates, edge));
  }

  async #settle(edge: Edge, candidates: readonly Candidate[], place: Placement): Promise<void> {
    if (place.found) {
      for (const [index, candidate] of candidates.entries()) {
        if (place.verdicts[index] !== "keep") await this.#put(place.at, candidate);
      }
      if (!isValid(edge)) this.#giveUp(edge);
      return;
    }
    this.#complain(edge, place.conflict);
    const alone = candidates.slice(0, 1);
    const placeAlone = findPlace(this.#tree, alone, edge);
    if (candidates.length > 1 && placeAlone.found) await this.#settle(edge, alone, placeAlone);
    else this.#giveUp(edge);
  }

  /** Only the project's own conflicts can be mended by its author; those of others are told. */
  #complain(edge: Edge, conflict: Conflict): void {
    const lines = describeConflict(edge, conflict);
    if (edge.from.isTop && !this.#options.force) throw new NpmError("ERESOLVE", lines);
    this.#warnings.push(
      "ERESOLVE overriding peer dependency",
      ...lines.map((l) => `ERESOLVE ${l}`),
    );
  }

  #giveUp(edge: Edge): void {
    this.#given.add(edge);
  }

  async #put(parent: TreeNode, candidate: Candidate): Promise<void> {
    const { name, manifest, edge } = candidate;
    refuseRegress(parent, manifest);
    const rules = edge.from.rules.below(manifest.name, manifest.version);
    const { node, hurt } = this.#tree.put(parent, name, { manifest, rules });
    if (manifest.bundled.length > 0) await this.#unbundle(node);
    this.#enqueue(node);
    // It may also stand in the way of what others found further up.
    for (const other of [...hurt, ...this.#tree.leadingTo(node)]) this.#enqueue(other.from);
  }

  async #unbundle(node: TreeNode): Promise<void> {
    const bundle = await this.#source.bundle(node.manifest);
    const byDepth = [...bundle].toSorted(([a], [b]) => a.length - b.length);
    for (const [path, manifest] of byDepth) {
      const names = path.split(/(?:^|\/)node_modules\//).slice(1);
      const name = names.pop() ?? "";
      const parent = names.reduce<TreeNode | undefined>((at, part) => at?.children.get(part), node);
      if (parent === undefined) continue;
      const put = this.#tree.put(parent, name, { manifest, rules: node.rules, inBundle: true });
      this.#enqueue(put.node);
    }
  }

  async #link(edge: Edge, location: string): Promise<void> {
    const manifest = await this.#source.directory(location);
    const parent = edge.from.isTop ? this.#tree.root : edge.from;
    const target = this.#tree.putLink(parent, edge.name, location, manifest);
    // A directory outside the project keeps its own node_modules.
    if (!location.startsWith("..") && !location.startsWith("/")) this.#enqueue(target);
    if (!satisfiesNow(edge)) this.#giveUp(edge);
  }
}

/** Two packages that ask for each other's other version would stand inside each other for ever. */
function refuseRegress(parent: TreeNode, { name, version }: Manifest): void {
  const same = [...parent.ancestry()].filter(
    ({ manifest }) => manifest.name === name && manifest.version === version,
  );
  if (same.length < 2) return;
  throw new NpmError("ERESOLVE", [
    "unable to resolve dependency tree",
    `${name}@${version} would stand inside itself without end, in ${parent.location}`,
  ]);
}

function satisfiesNow(edge: Edge): boolean {
  const found = edge.from.resolve(edge.name);
  return found !== undefined && satisfies(edge, found);
}

/** What was replaced while it waited in the queue asks for nothing any more. */
function isAttached(node: TreeNode, tree: Tree): boolean {
  if (node.parent === null) return node === tree.root || node.fsParent !== null;
  return node.parent.children.get(node.name) === node && isAttached(node.parent, tree);
}

function isBefore(a: TreeNode, b: TreeNode): boolean {
  const depth = depthOf(a) - depthOf(b);
  return depth === 0 ? compareNames(a.location, b.location) < 0 : depth < 0;
}

function depthOf(node: TreeNode): number {
  return [...node.ancestry()].length;
}
