import type { Manifest } from "../model/manifest.ts";
import { type Flags, flagsOf } from "../tree/flags.ts";
import { type TreeNode, compareNames } from "../tree/node.ts";
import type { Tree } from "../tree/tree.ts";
import { nameOf } from "./lockfile.ts";

type Json =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Json[]
  | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

/** These come first in every object of a lockfile; of the others, plain values come before objects. */
const FIRST_KEYS = [
  "name",
  "version",
  "lockfileVersion",
  "resolved",
  "integrity",
  "requires",
  "packages",
  "dependencies",
];

/** Writes the tree as npm writes a package-lock.json of version 3. */
export function formatLockfile(tree: Tree, indent: string): string {
  const flags = flagsOf(tree);
  const nodes = tree.all().filter((node) => flags.has(node) || node.isTop);
  const { root } = tree;
  const packages = {
    "": projectEntry(root),
    ...Object.fromEntries(nodes.map((node) => [placeOf(node), entryOf(node, flags.get(node))])),
  };
  return stringify({ ...headOf(root.manifest), packages }, indent);
}

/** Writes what was put into node_modules, for the next install to compare with. */
export function formatHiddenLockfile(tree: Tree): string {
  const flags = flagsOf(tree);
  const nodes = tree.all().filter((node) => flags.has(node));
  const packages = nodes.map((node): [string, Json] => [
    placeOf(node),
    entryOf(node, flags.get(node)),
  ]);
  return stringify({ ...headOf(tree.root.manifest), packages: Object.fromEntries(packages) }, "  ");
}

function headOf({ name, version }: Manifest): JsonObject {
  return { name, ...(version !== "" && { version }), lockfileVersion: 3, requires: true };
}

/** A link stands in node_modules, its target beside it. */
function placeOf(node: TreeNode): string {
  return node.location;
}

function projectEntry({ manifest }: TreeNode): JsonObject {
  const { name, version } = manifest;
  const { workspaces } = manifest;
  return prune({
    name,
    ...(version !== "" && { version }),
    ...fieldsOf(manifest),
    devDependencies: manifest.devDependencies,
    workspaces,
  });
}

function entryOf(node: TreeNode, flags: Flags | undefined): JsonObject {
  const marks = flags === undefined ? {} : marksOf(flags);
  if (node.target !== null) return { resolved: node.target.location, link: true, ...marks };
  const { manifest } = node;
  return prune({
    ...(manifest.name !== nameOf(node.location) && { name: manifest.name }),
    ...(manifest.version !== "" && { version: manifest.version }),
    resolved: node.resolved,
    integrity: node.inBundle ? undefined : manifest.integrity,
    ...fieldsOf(manifest),
    ...(node.isTop && { devDependencies: manifest.devDependencies }),
    ...(node.inBundle && { inBundle: true }),
    ...marks,
  });
}

function marksOf({ dev, optional, devOptional, peer }: Flags): JsonObject {
  return {
    ...(dev && { dev }),
    ...(optional && { optional }),
    ...(devOptional && { devOptional }),
    ...(peer && { peer }),
  };
}

function fieldsOf(manifest: Manifest): JsonObject {
  const optionalPeers = [...manifest.optionalPeers].map((name) => [name, { optional: true }]);
  return {
    dependencies: manifest.dependencies,
    optionalDependencies: manifest.optionalDependencies,
    peerDependencies: manifest.peerDependencies,
    peerDependenciesMeta: Object.fromEntries(optionalPeers),
    bundleDependencies: manifest.bundled,
    funding: fundingOf(manifest.funding),
    engines: manifest.engines,
    os: manifest.os,
    cpu: manifest.cpu,
    libc: manifest.libc,
    license: manifest.license,
    deprecated: manifest.deprecated,
    bin: manifest.bin,
    ...(manifest.hasInstallScript && { hasInstallScript: true }),
  };
}

function fundingOf(funding: Json): Json {
  if (typeof funding === "string") return { url: funding };
  return Array.isArray(funding) ? (funding as Json[]).map(fundingOf) : funding;
}

/** Without what is empty. */
function prune(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: Json): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function stringify(value: JsonObject, indent: string): string {
  return `${JSON.stringify(sorted(value), null, indent)}\n`;
}

function sorted(value: Json): Json {
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  entries.sort(([a, x], [b, y]) =>
    isObject(x) === isObject(y) ? compareKeys(a, b) : isObject(x) ? 1 : -1,
  );
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function compareKeys(a: string, b: string): number {
  const [x, y] = [FIRST_KEYS.indexOf(a), FIRST_KEYS.indexOf(b)];
  if (x !== -1 && y !== -1) return x - y;
  if (x !== -1 || y !== -1) return x === -1 ? 1 : -1;
  return compareNames(a, b);
}
