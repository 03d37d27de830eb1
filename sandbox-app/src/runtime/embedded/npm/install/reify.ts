import { formatHiddenLockfile } from "../lock/format.ts";
import { type LockEntry, parseLockfile } from "../lock/lockfile.ts";
import type { TreeNode } from "../tree/node.ts";
import type { Tree } from "../tree/tree.ts";
import { linkPrograms } from "./bins.ts";
import { type Disk } from "./disk.ts";
import type { InstallSource } from "./source.ts";
import { parentOf } from "../../../../parent-of.ts";

export interface Reified {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** Packages that were written, parents first. */
  readonly written: readonly TreeNode[];
}

/** What is told while packages are written. */
export type OnPackage = (name: string, done: number, total: number) => void;

/**
 * Makes node_modules what the tree says, and touches nothing that is so already.
 *
 * @throws NpmError of the registry; what was written stays, and the next install goes on from there
 */
export async function reify(
  tree: Tree,
  project: string,
  parts: { readonly disk: Disk; readonly source: InstallSource; readonly onPackage: OnPackage },
): Promise<Reified> {
  const { disk, source, onPackage } = parts;
  const hidden = `${project}/node_modules/.package-lock.json`;
  const installed = await readInstalled(disk, project, hidden);
  const wanted = tree.all().filter((node) => !node.isTop);
  const places = new Set(wanted.map((node) => node.location));
  const stale = [...installed.keys()].filter((location) => !places.has(location));
  const fresh = await changedNodes(disk, project, wanted, installed);
  // From here on it is neither the old tree nor the new one.
  await disk.remove(hidden);
  for (const location of stale) await disk.remove(`${project}/${location}`);
  for (const node of fresh) {
    if (!node.inBundle) await disk.remove(`${project}/${node.location}`);
  }
  let done = 0;
  const total = fresh.length;
  const write = async (node: TreeNode): Promise<void> => {
    await writePackage(node, project, disk, source);
    done += 1;
    onPackage(node.name, done, total);
  };
  await Promise.all(fresh.filter((node) => !node.inBundle).map(write));
  await linkPrograms(disk, project, tree);
  if (wanted.length > 0) await disk.write(hidden, formatHiddenLockfile(tree));
  else await disk.remove(`${project}/node_modules`);
  const changed = fresh.filter((node) => installed.has(node.location)).length;
  return { added: total - changed, removed: stale.length, changed, written: fresh };
}

type Installed = ReadonlyMap<string, LockEntry>;

/** What the last install wrote down; without that, nothing that is there can be trusted. */
async function readInstalled(disk: Disk, project: string, hidden: string): Promise<Installed> {
  const text = await disk.readText(hidden);
  const known = text === undefined ? null : parseLockfileOrNull(text);
  if (known !== null) return known;
  await disk.remove(`${project}/node_modules`);
  return new Map();
}

function parseLockfileOrNull(text: string): Installed | null {
  try {
    const lock = parseLockfile(text);
    return lock === null
      ? null
      : new Map([...lock.entries].filter(([at]) => at.includes("node_modules/")));
  } catch {
    return null;
  }
}

/** A package whose holder is written anew is written anew with it. */
async function changedNodes(
  disk: Disk,
  project: string,
  wanted: readonly TreeNode[],
  installed: Installed,
): Promise<TreeNode[]> {
  const changed = new Set<TreeNode>();
  const same = await Promise.all(wanted.map((node) => isInstalled(disk, project, node, installed)));
  for (const [index, node] of wanted.entries()) {
    const holder = node.parent;
    if (same[index] !== true || (holder !== null && changed.has(holder))) changed.add(node);
  }
  return [...changed];
}

async function isInstalled(
  disk: Disk,
  project: string,
  node: TreeNode,
  installed: Installed,
): Promise<boolean> {
  const entry = installed.get(node.location);
  if (entry === undefined) return false;
  const path = `${project}/${node.location}`;
  if (node.target !== null) {
    return entry.resolved === node.target.location && (await disk.typeOf(path)) === "symlink";
  }
  const { name, version, integrity } = node.manifest;
  const isSame = entry.manifest.name === name && entry.manifest.version === version;
  const fits = integrity === undefined || entry.manifest.integrity === integrity;
  return isSame && (fits || node.inBundle) && (await disk.isFile(`${path}/package.json`));
}

async function writePackage(
  node: TreeNode,
  project: string,
  disk: Disk,
  source: InstallSource,
): Promise<void> {
  const path = `${project}/${node.location}`;
  if (node.target !== null) {
    await disk.link(linkTarget(node.location, node.target.location), path);
    return;
  }
  const programs = new Set(Object.values(node.manifest.bin));
  const files = await source.files(node.manifest, node.resolved);
  const directories = new Set(files.map((file) => parentOf(`${path}/${file.path}`)));
  for (const directory of directories) await disk.makeDirectory(directory);
  await Promise.all(
    files.map(async ({ path: name, mode, content }) => {
      const executable = programs.has(name) ? 0o111 : 0;
      await disk.write(`${path}/${name}`, content, ((mode | 0o644) & 0o755) | executable);
    }),
  );
}

/** From the directory that holds the link to the project, and down again. */
function linkTarget(location: string, target: string): string {
  if (target.startsWith("/")) return target;
  return "../".repeat(location.split("/").length - 1) + target;
}
