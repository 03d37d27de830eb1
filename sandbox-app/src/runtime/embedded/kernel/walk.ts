import { PATH_MAX_CHARS } from "#protocol/limits.ts";
import { fileError } from "./file-errors.ts";
import { type DirectoryNode, EXECUTE, type Inode, permits } from "./inode.ts";
import { joinPath, partsOf } from "./path.ts";

/** Symbolic links followed in one look-up, as on Linux (path_resolution(7)). */
const SYMLINKS_MAX = 40;

/** Where a path leads. */
export interface Place {
  /** Null for the root only. */
  readonly parent: DirectoryNode | null;
  /** Last part of the canonical path; empty for the root. */
  readonly name: string;
  /** Canonical: no symbolic link, `.` or `..` in it. */
  readonly path: string;
  /** Absent when the last part does not exist. */
  readonly node: Inode | undefined;
}

interface Step {
  readonly node: Inode;
  readonly path: string;
}

/**
 * Takes a path apart, from the root, through symbolic links (POSIX.1-2017, 4.13).
 *
 * @param follow whether a symbolic link in the last part is followed
 * @throws FileError ENOENT, ENOTDIR, EACCES, ELOOP on the way; EINVAL for a path that is none
 */
export function walk(root: DirectoryNode, path: string, call: string, follow: boolean): Place {
  checkPath(path, call);
  const wantsDirectory = path.endsWith("/");
  const pending = partsOf(path).toReversed();
  const trail: Step[] = [{ node: root, path: "/" }];
  for (let links = 0; ;) {
    const name = pending.pop();
    if (name === undefined) return placeOf(trail);
    const here = lastOf(trail);
    const directory = enter(here.node, path, call);
    const next = directory.entries.get(name);
    const isLast = pending.length === 0;
    if (name === "..") {
      // Above the root is the root.
      trail.length = Math.max(1, trail.length - 1);
    } else if (next === undefined) {
      if (!isLast) throw fileError("ENOENT", call, path);
      return { parent: directory, name, path: joinPath(here.path, name), node: undefined };
    } else if (next.type === "symlink" && (!isLast || follow || wantsDirectory)) {
      if (++links > SYMLINKS_MAX) throw fileError("ELOOP", call, path);
      if (next.target.startsWith("/")) trail.length = 1;
      pending.push(...partsOf(next.target).toReversed());
    } else {
      if (isLast && wantsDirectory) enter(next, path, call);
      trail.push({ node: next, path: joinPath(here.path, name) });
    }
  }
}

function checkPath(path: string, call: string): void {
  if (!path.startsWith("/") || path.includes("\0") || path.length > PATH_MAX_CHARS) {
    throw fileError("EINVAL", call, path);
  }
}

/** The directory to look a name up in. */
function enter(node: Inode, path: string, call: string): DirectoryNode {
  if (node.type !== "directory") throw fileError("ENOTDIR", call, path);
  if (!permits(node, EXECUTE)) throw fileError("EACCES", call, path);
  return node;
}

function lastOf(trail: readonly Step[]): Step {
  const last = trail.at(-1);
  if (last === undefined) throw new TypeError("a trail starts at the root");
  return last;
}

function placeOf(trail: readonly Step[]): Place {
  const last = lastOf(trail);
  const parent = trail.at(-2)?.node;
  if (parent === undefined || parent.type !== "directory") {
    return { parent: null, name: "", path: "/", node: last.node };
  }
  const name = last.path.slice(last.path.lastIndexOf("/") + 1);
  return { parent, name, path: last.path, node: last.node };
}
