import { FileError, type FileType, type Files } from "../runtime/runtime.ts";

/** Entries that one listing looks at; a larger tree is told as truncated. */
export const TREE_ENTRIES_MAX = 100_000;

/** Directories read at the same time: hides the way to the runtime without flooding it. */
const PARALLEL = 16;

/** Named but not entered: thousands of files that nobody asked for. */
const notEntered: ReadonlySet<string> = new Set(["node_modules", ".git"]);

interface TreeEntry {
  /** Relative to the directory that is listed. */
  readonly path: string;
  readonly type: FileType;
}

/**
 * Everything below a directory, to a depth, sorted by path in code unit order. Follows no links.
 *
 * @param enters whether to look into a directory of this name; default: not into those of packages
 */
export async function listTree(
  files: Files,
  directory: string,
  depth: number,
  signal: AbortSignal,
  enters = (name: string): boolean => !notEntered.has(name),
): Promise<{ entries: TreeEntry[]; complete: boolean }> {
  const entries: TreeEntry[] = [];
  let level = [""];
  for (let left = depth; left > 0 && level.length > 0; left--) {
    const below: string[] = [];
    for (let at = 0; at < level.length && entries.length < TREE_ENTRIES_MAX; at += PARALLEL) {
      signal.throwIfAborted();
      const batch = level.slice(at, at + PARALLEL);
      const lists = await Promise.all(batch.map((path) => listOne(files, directory, path)));
      for (const entry of lists.flat()) {
        entries.push(entry);
        const name = entry.path.slice(entry.path.lastIndexOf("/") + 1);
        if (entry.type === "directory" && enters(name)) below.push(entry.path);
      }
    }
    level = below;
  }
  const complete = entries.length < TREE_ENTRIES_MAX;
  entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { entries: entries.slice(0, TREE_ENTRIES_MAX), complete };
}

async function listOne(files: Files, directory: string, path: string): Promise<TreeEntry[]> {
  try {
    const list = await files.list(path === "" ? directory : `${directory}/${path}`);
    return list.map(({ name, type }) => ({ path: path === "" ? name : `${path}/${name}`, type }));
  } catch (error) {
    // A subdirectory that is gone by now has no entries; the one that was asked for must be there.
    if (path !== "" && error instanceof FileError) return [];
    throw error;
  }
}
