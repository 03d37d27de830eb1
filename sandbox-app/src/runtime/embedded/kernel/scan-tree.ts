import type { Scan, ScannedEntry, ScanOptions } from "../../runtime.ts";
import { fileError } from "./file-errors.ts";
import { type DirectoryNode, fileTypeOf, statusOf } from "./inode.ts";
import type { Tree } from "./tree.ts";

/**
 * All that is below a directory, also where the user may not look by now: a program that changes a mode
 * has deleted nothing.
 *
 * @throws FileError ENOENT or ENOTDIR
 */
export function scanTree(tree: Tree, path: string, { skip, since }: ScanOptions): Scan {
  const version = String(tree.store.version);
  if (since === version) return { version, entries: null };
  const top = tree.find(path);
  if (top.type !== "directory") throw fileError("ENOTDIR", "scandir", path);
  const entries: ScannedEntry[] = [];
  enter(tree, top, "", new Set(skip), entries);
  return { version, entries };
}

function enter(
  tree: Tree,
  directory: DirectoryNode,
  above: string,
  skip: ReadonlySet<string>,
  entries: ScannedEntry[],
): void {
  for (const [name, node] of directory.entries) {
    const { type, size, mode } = statusOf(node);
    const stamp = String(tree.store.stampOf(node));
    const path = above + name;
    entries.push({ path, type: fileTypeOf(type), size, mode, stamp });
    if (node.type === "directory" && !skip.has(name)) enter(tree, node, `${path}/`, skip, entries);
  }
}
