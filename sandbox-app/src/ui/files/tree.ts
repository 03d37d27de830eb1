import type { DirectoryEntry, FileEvent, FileType } from "../../runtime/runtime.ts";

/** Entries shown per directory; the rest is counted. A tree of more is searched, not read. */
export const ENTRIES_SHOWN_MAX = 1_000;

/** What is known of the workspace: directories are listed when they are first opened. */
export interface Tree {
  readonly root: string;
  /** Absolute path of each listed directory → its entries, directories first. */
  readonly listed: ReadonlyMap<string, readonly DirectoryEntry[]>;
  readonly expanded: ReadonlySet<string>;
}

/** One visible line of the tree. */
export interface TreeRow {
  readonly path: string;
  /** Untrusted text. */
  readonly name: string;
  readonly type: FileType;
  /** From 1, as `aria-level` counts. */
  readonly level: number;
  readonly expanded: boolean;
  readonly position: number;
  readonly siblings: number;
}

export function emptyTree(root: string): Tree {
  return { root, listed: new Map(), expanded: new Set([root]) };
}

export function childPath(directory: string, name: string): string {
  return directory === "/" ? `/${name}` : `${directory}/${name}`;
}

export function parentPath(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The tree after a directory was listed. What was known below entries that are gone is forgotten. */
export function withListing(
  tree: Tree,
  directory: string,
  entries: readonly DirectoryEntry[],
): Tree {
  const kept = new Set(entries.map(({ name }) => childPath(directory, name)));
  const gone = (path: string) => {
    if (!isBelow(path, directory)) return false;
    const child = childPath(directory, path.slice(directory.length + 1).split("/")[0] ?? "");
    return !kept.has(child);
  };
  const listed = new Map([...tree.listed].filter(([path]) => !gone(path)));
  listed.set(directory, entries.toSorted(byTypeThenName));
  const expanded = new Set([...tree.expanded].filter((path) => !gone(path)));
  return { ...tree, listed, expanded };
}

/** The tree without a directory that could not be listed any more. */
export function withoutDirectory(tree: Tree, directory: string): Tree {
  const inside = (path: string) => path === directory || isBelow(path, directory);
  return {
    ...tree,
    listed: new Map([...tree.listed].filter(([path]) => !inside(path))),
    expanded: new Set([...tree.expanded].filter((path) => !inside(path) || path === tree.root)),
  };
}

export function withExpanded(tree: Tree, path: string, open: boolean): Tree {
  const expanded = new Set(tree.expanded);
  if (open) expanded.add(path);
  else expanded.delete(path);
  return { ...tree, expanded };
}

/** The tree with every directory above the path open. */
export function withRevealed(tree: Tree, path: string): Tree {
  const expanded = new Set(tree.expanded);
  for (let at = parentPath(path); isBelow(at, tree.root); at = parentPath(at)) expanded.add(at);
  return { ...tree, expanded };
}

/** Directories that are open and not listed yet. */
export function unlisted(tree: Tree): readonly string[] {
  return [...tree.expanded].filter((path) => !tree.listed.has(path));
}

/** The directory to list again after an event; null when the tree does not show it. */
export function staleDirectory(tree: Tree, event: FileEvent): string | null {
  if (event.type === "changed") return null;
  const directory = parentPath(event.path);
  return tree.listed.has(directory) ? directory : null;
}

/** The visible lines, top to bottom. */
export function treeRows(tree: Tree): readonly TreeRow[] {
  const rows: TreeRow[] = [];
  const visit = (directory: string, level: number) => {
    const entries = tree.listed.get(directory) ?? [];
    for (const [index, { name, type }] of entries.slice(0, ENTRIES_SHOWN_MAX).entries()) {
      const path = childPath(directory, name);
      const expanded = type === "directory" && tree.expanded.has(path);
      const row = { path, name, type, level, expanded };
      rows.push({ ...row, position: index + 1, siblings: entries.length });
      if (expanded) visit(path, level + 1);
    }
  };
  visit(tree.root, 1);
  return rows;
}

/** Entries of shown directories that are left out. */
export function hiddenEntries(tree: Tree): number {
  let hidden = 0;
  for (const [path, entries] of tree.listed) {
    if (tree.expanded.has(path)) hidden += Math.max(0, entries.length - ENTRIES_SHOWN_MAX);
  }
  return hidden;
}

/** Every file that has been listed, for the command palette. */
export function knownFiles(tree: Tree): readonly string[] {
  return [...tree.listed].flatMap(([directory, entries]) =>
    entries
      .filter(({ type }) => type !== "directory")
      .map(({ name }) => childPath(directory, name)),
  );
}

export function isBelow(path: string, directory: string): boolean {
  return path !== directory && path.startsWith(directory === "/" ? "/" : `${directory}/`);
}

const names = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function byTypeThenName(a: DirectoryEntry, b: DirectoryEntry): number {
  const rank = Number(b.type === "directory") - Number(a.type === "directory");
  return rank === 0 ? names.compare(a.name, b.name) || (a.name < b.name ? -1 : 1) : rank;
}
