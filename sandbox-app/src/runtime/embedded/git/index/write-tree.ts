import { failure } from "../cli/failure.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { formatTree, Mode, type TreeEntry } from "../objects/tree.ts";

/** What a tree is made of: the index, or a part of it. */
export interface Staged {
  /** Paths in conflict. */
  readonly unmerged: readonly string[];
  readonly entries: readonly {
    readonly path: string;
    readonly mode: number;
    readonly oid: string;
    readonly isIntent?: boolean;
  }[];
}

interface Directory {
  readonly files: TreeEntry[];
  readonly below: Map<string, Directory>;
}

/**
 * Makes the trees of what the index holds.
 *
 * @returns name of the top one
 * @throws GitFailure when there are conflicts
 */
export function writeTree(index: Staged, objects: ObjectStore): string {
  if (index.unmerged.length > 0) throw failure("error building trees", 128);
  const top: Directory = { files: [], below: new Map() };
  for (const { path, mode, oid, isIntent } of index.entries) {
    if (isIntent === true) continue;
    const parts = path.split("/");
    const name = parts.pop() ?? "";
    let at = top;
    for (const part of parts) {
      const next = at.below.get(part) ?? { files: [], below: new Map() };
      at.below.set(part, next);
      at = next;
    }
    at.files.push({ name, mode, oid });
  }
  return write(top, objects);
}

function write({ files, below }: Directory, objects: ObjectStore): string {
  const trees = [...below].map(([name, directory]) => ({
    name,
    mode: Mode.directory,
    oid: write(directory, objects),
  }));
  return objects.write("tree", formatTree([...files, ...trees]));
}
