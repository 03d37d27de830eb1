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
  if (!path.startsWith("/") || path.includes("\0") || path.length > PATH_MAX_CHARS) {
    throw fileError("EINVAL", call, path);
  }
  const wantsDirectory = path.endsWith("/");
  const pending = partsOf(path).reverse();
  const trail: Step[] = [{ node: root, path: "/" }];
  let links = 0;
  for (;;) {
    const here = trail.at(-1) ?? { node: root, path: "/" };
    const name = pending.pop();
    if (name === undefined) return placeOf(trail);
    if (here.node.type !== "directory") throw fileError("ENOTDIR", call, path);
    if (!permits(here.node, EXECUTE)) throw fileError("EACCES", call, path);
    if (name === "..") {
      if (trail.length > 1) trail.pop();
      continue;
    }
    const next = here.node.entries.get(name);
    const isLast = pending.length === 0;
    if (next === undefined) {
      if (!isLast) throw fileError("ENOENT", call, path);
      return { parent: here.node, name, path: joinPath(here.path, name), node: undefined };
    }
    if (next.type === "symlink" && (!isLast || follow || wantsDirectory)) {
      if (++links > SYMLINKS_MAX) throw fileError("ELOOP", call, path);
      if (next.target.startsWith("/")) trail.length = 1;
      pending.push(...partsOf(next.target).reverse());
      continue;
    }
    if (isLast && wantsDirectory && next.type !== "directory") {
      throw fileError("ENOTDIR", call, path);
    }
    trail.push({ node: next, path: joinPath(here.path, name) });
  }
}

function placeOf(trail: readonly Step[]): Place {
  const last = trail.at(-1);
  const parent = trail.at(-2)?.node;
  if (last === undefined || parent === undefined || parent.type !== "directory") {
    return { parent: null, name: "", path: "/", node: last?.node };
  }
  const name = last.path.slice(last.path.lastIndexOf("/") + 1);
  return { parent, name, path: last.path, node: last.node };
}
