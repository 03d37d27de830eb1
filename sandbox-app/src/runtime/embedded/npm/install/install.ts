import { formatLockfile } from "../lock/format.ts";
import { type Project, emptyTree, loadTree } from "../lock/load-tree.ts";
import type { Lockfile } from "../lock/lockfile.ts";
import { NpmError } from "../model/npm-error.ts";
import { nodeSatisfies } from "../registry/packument.ts";
import { buildTree } from "../tree/build.ts";
import { reachable } from "../tree/flags.ts";
import { type Edge, isValid } from "../tree/node.ts";
import type { Tree } from "../tree/tree.ts";
import type { Disk } from "./disk.ts";
import { type PackageFile, readLockfile, readProject, writePackageFile } from "./project-files.ts";
import { type ReifyOptions, type Substituted, adaptTree } from "./reify-tree.ts";
import { type OnPackage, type Reified, reify } from "./reify.ts";
import type { InstallSource } from "./source.ts";

export interface InstallOptions extends ReifyOptions {
  /** Nothing but the lockfile decides; it is refused when it does not fit package.json. */
  readonly frozen: boolean;
  /** Names to look up again although the lockfile has them; `all` for every one. */
  readonly update: ReadonlySet<string> | "all";
  /** package.json is written; without it, neither that nor the lockfile (`--no-save`). */
  readonly save: boolean;
  readonly packageLock: boolean;
  /** node_modules stays as it is (`--package-lock-only`). */
  readonly lockOnly: boolean;
  readonly dryRun: boolean;
}

export interface InstallParts {
  readonly disk: Disk;
  readonly source: InstallSource;
  readonly onPackage: OnPackage;
  /** Awaited when the tree is decided on and nothing has been written. */
  readonly onReady?: () => Promise<void>;
}

export interface Installed extends Reified {
  readonly warnings: readonly string[];
  readonly substituted: readonly Substituted[];
  readonly tree: Tree;
}

/**
 * Installs a project: decides on the tree, makes node_modules so, then writes package.json and the
 * lockfile, so that neither asks for what could not be had.
 *
 * @param file the project's package.json as it is to be
 */
export async function install(
  directory: string,
  file: PackageFile,
  options: InstallOptions,
  parts: InstallParts,
): Promise<Installed> {
  const { disk, source } = parts;
  const project = await readProject(disk, directory, file);
  const lock = await readLockfile(disk, directory);
  const tree = startTree(project, lock, options);
  const warnings: string[] = [];
  if (options.frozen) requireInSync(tree);
  else {
    warnings.push(...(await buildTree(tree, source, options)));
    const needed = reachable(tree, []);
    tree.retain((node) => needed.has(node));
  }
  warnings.push(...packageWarnings(tree));
  // Before the tree becomes what suits this machine; written when all of it has been found.
  const lockText = formatLockfile(tree, file.indent);
  const substituted = await adaptTree(tree, source, options);
  if (!options.dryRun) await parts.onReady?.();
  const isWritten = !options.dryRun && !options.lockOnly;
  const nothing: Reified = { added: 0, removed: 0, changed: 0, written: [] };
  const reified = isWritten ? await reify(tree, directory, parts) : nothing;
  if (options.save && !options.frozen && !options.dryRun) {
    await writePackageFile(disk, file);
    if (options.packageLock) await writeLockfile(disk, directory, lockText);
  }
  return { ...reified, warnings, substituted, tree };
}

function startTree(project: Project, lock: Lockfile | null, options: InstallOptions): Tree {
  if (options.frozen) {
    if (lock === null) throw noLockfile();
    return loadTree(project, lock);
  }
  if (lock === null || options.update === "all") return emptyTree(project);
  return loadTree(project, lock, options.update);
}

async function writeLockfile(disk: Disk, directory: string, text: string): Promise<void> {
  const shrinkwrap = `${directory}/npm-shrinkwrap.json`;
  const path = (await disk.isFile(shrinkwrap)) ? shrinkwrap : `${directory}/package-lock.json`;
  if ((await disk.readText(path)) !== text) await disk.write(path, text);
}

function noLockfile(): NpmError {
  return new NpmError("EUSAGE", [
    "",
    "The `npm ci` command can only install with an existing package-lock.json or",
    "npm-shrinkwrap.json with lockfileVersion >= 2. Run `npm install` to generate",
    "a package-lock.json file, then try again.",
  ]);
}

function requireInSync(tree: Tree): void {
  const wrong: string[] = [];
  for (const node of [tree.root, ...tree.all()]) {
    for (const edge of node.edges) if (!isValid(edge)) wrong.push(describeOutOfSync(edge));
  }
  if (wrong.length === 0) return;
  throw new NpmError("EUSAGE", [
    "",
    "`npm ci` can only install packages when your package.json and package-lock.json",
    "or npm-shrinkwrap.json are in sync. Please update your lock file with `npm install`",
    "before continuing.",
    "",
    ...wrong,
  ]);
}

function describeOutOfSync(edge: Edge): string {
  const found = edge.from.resolve(edge.name);
  if (found === undefined) return `Missing: ${edge.name}@${edge.raw} from lock file`;
  const { version } = found.manifest;
  return `Invalid: lock file's ${edge.name}@${version} does not satisfy ${edge.name}@${edge.raw}`;
}

/** Said in npm's words: packages that are deprecated, or made for another Node. */
function packageWarnings(tree: Tree): string[] {
  const lines: string[] = [];
  for (const { manifest, isTop, target } of tree.all()) {
    if (isTop || target !== null) continue;
    const label = `${manifest.name}@${manifest.version}`;
    const { node } = manifest.engines;
    if (node !== undefined && !nodeSatisfies(node)) {
      lines.push(`EBADENGINE Unsupported engine: ${label} requires node ${node}`);
    }
    if (manifest.deprecated !== undefined)
      lines.push(`deprecated ${label}: ${manifest.deprecated}`);
  }
  return [...new Set(lines)];
}
