import type { Manifest } from "../model/manifest.ts";
import { NpmError } from "../model/npm-error.ts";
import { platform, runsHere } from "../model/platform.ts";
import { substitutionFor, wasmParts } from "../model/substitutions.ts";
import { type BuildOptions, type PackageSource, buildTree } from "../tree/build.ts";
import { flagsOf, reachable } from "../tree/flags.ts";
import type { TreeNode } from "../tree/node.ts";
import type { Tree } from "../tree/tree.ts";

export interface ReifyOptions extends BuildOptions {
  readonly omit: ReadonlySet<"dev" | "optional" | "peer">;
}

/** One package that something else stands in for. */
export interface Substituted {
  readonly name: string;
  readonly version: string;
  readonly by: Manifest;
}

/**
 * Turns the tree that a lockfile describes, which is the same on every machine, into what is put on
 * disk here: twins in the place of native packages, WebAssembly parts added, and without what does
 * not run here or was not wanted.
 *
 * @throws NpmError EBADPLATFORM for a package that is needed and does not run here
 */
export async function adaptTree(
  tree: Tree,
  source: PackageSource,
  options: ReifyOptions,
): Promise<Substituted[]> {
  const substituted = await substitute(tree, source);
  await buildTree(tree, source, { ...options, force: true });
  skipForeign(tree, options.force);
  const kinds = reachable(tree, [...options.omit]);
  tree.retain((node) => kinds.has(node));
  return substituted.filter(({ by }) => tree.all().some((node) => node.manifest === by));
}

async function substitute(tree: Tree, source: PackageSource): Promise<Substituted[]> {
  const done: Substituted[] = [];
  for (const node of tree.all()) {
    if (node.target !== null || node.isTop || node.inBundle || node.parent === null) continue;
    const { manifest } = node;
    const twin = await twinOf(manifest, source);
    const parts = await partsOf(manifest, source);
    if (twin === null && Object.keys(parts).length === 0) continue;
    const { optionalDependencies } = twin ?? manifest;
    const adapted = {
      ...(twin ?? manifest),
      optionalDependencies: { ...optionalDependencies, ...parts },
    };
    tree.put(node.parent, node.name, {
      manifest: adapted,
      rules: node.rules,
      standsFor: manifest,
      ...(twin === null && { resolved: node.resolved }),
    });
    if (twin !== null) done.push({ name: manifest.name, version: manifest.version, by: adapted });
  }
  return done;
}

/** @returns null when the package needs none, or the registry has none */
async function twinOf(manifest: Manifest, source: PackageSource): Promise<Manifest | null> {
  const twin = substitutionFor(manifest.name, manifest.version);
  if (twin === null) return null;
  const { name, range } = twin;
  // Now and then a twin is published later, or not in every version.
  for (const wanted of [range, `^${range}`, "*"]) {
    const found = await source.pick({ type: "range", name, range: wanted }).catch(() => null);
    if (found !== null) return found;
  }
  return null;
}

async function partsOf(manifest: Manifest, source: PackageSource): Promise<Record<string, string>> {
  const parts: Record<string, string> = {};
  for (const [name, range] of Object.entries(wasmParts(manifest.optionalDependencies))) {
    const part = await source.pick({ type: "range", name, range }).catch(() => null);
    if (part !== null) parts[name] = range;
  }
  return parts;
}

function skipForeign(tree: Tree, force: boolean): void {
  const flags = flagsOf(tree);
  const foreign = new Set<TreeNode>();
  for (const node of tree.all()) {
    if (node.isTop || node.target !== null || runsHere(node.manifest)) continue;
    if (flags.get(node)?.optional === true) foreign.add(node);
    else if (flags.has(node) && !force) throw badPlatform(node.manifest);
  }
  const left = reachable(tree, [], foreign);
  tree.retain((node) => left.has(node));
}

function badPlatform(manifest: Manifest): NpmError {
  const wanted = { os: manifest.os, cpu: manifest.cpu, libc: manifest.libc };
  return new NpmError("EBADPLATFORM", [
    `notsup Unsupported platform for ${manifest.name}@${manifest.version}: ` +
      `wanted ${JSON.stringify(wanted)} (current: ${JSON.stringify(platform)})`,
    "notsup It holds native code, which does not run in a browser tab.",
  ]);
}
