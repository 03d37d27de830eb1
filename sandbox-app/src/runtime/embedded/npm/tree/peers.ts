import type { Manifest } from "../model/manifest.ts";
import { type RegistrySpec, parseSpec, registryPart } from "../model/spec.ts";
import { type Edge, TreeNode, satisfies } from "./node.ts";
import type { Candidate } from "./place.ts";

/** Finds the version of a package that a request asks for. */
export type Pick = (spec: RegistrySpec) => Promise<Manifest>;

/**
 * A package with the peers that must stand beside or above it, and theirs. A peer that
 * the asking package depends on as well is chosen by its request, so that one serves both.
 */
export async function withPeers(first: Candidate, pick: Pick): Promise<Candidate[]> {
  const set = new Map([[first.name, first]]);
  for (const candidate of set.values()) {
    for (const edge of peerEdges(candidate)) {
      if (set.has(edge.name)) continue;
      const manifest = await choosePeer(edge, first.edge, pick);
      if (manifest !== null) set.set(edge.name, { name: edge.name, manifest, edge });
    }
  }
  return [...set.values()];
}

function peerEdges({ name, manifest, edge }: Candidate): Edge[] {
  const rules = edge.from.rules.below(manifest.name, manifest.version);
  // Stands inside the asking package for the moment, so that its requests look from there.
  const node = new TreeNode({ name, manifest, rules, fsParent: edge.from, location: "" });
  return node.edges.filter((peer) => peer.type === "peer");
}

/** The one that is found from there, when it will do: the package must stand where it finds it too. */
async function choosePeer(edge: Edge, entry: Edge, pick: Pick): Promise<Manifest | null> {
  const asking = entry.from;
  const found = asking.resolve(edge.name);
  if (found !== undefined && satisfies(edge, found)) return (found.target ?? found).manifest;
  const own = asking.edges.find((other) => other.name === edge.name);
  if (own !== undefined && (found === undefined || !satisfies(own, found))) {
    const manifest = await pickFor(own, pick).catch(() => null);
    if (manifest !== null && fits(edge, manifest)) return manifest;
  }
  return pickFor(edge, pick);
}

async function pickFor(edge: Edge, pick: Pick): Promise<Manifest | null> {
  const spec = registryPart(parseSpec(edge.name, edge.raw));
  return spec === null ? null : pick(spec);
}

function fits(edge: Edge, manifest: Manifest): boolean {
  const probe = new TreeNode({ name: edge.name, manifest, rules: edge.from.rules, location: "" });
  return satisfies(edge, probe);
}
