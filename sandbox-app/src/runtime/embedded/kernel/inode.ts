import type { FileStat, FileType } from "../../runtime.ts";
import type { FileStatus } from "./system-calls.ts";

/** Who owns an inode: the container's one user, or the system, whose files the user only reads. */
export type Owner = "user" | "system";

/** Numbers of the two owners, as `/etc/passwd` names them. */
const ownerIds: Readonly<Record<Owner, number>> = { system: 0, user: 1000 };

interface Common {
  readonly ino: number;
  readonly owner: Owner;
  mode: number;
  /** Times are milliseconds since the epoch. */
  atimeMs: number;
  mtimeMs: number;
  ctimeMs: number;
  readonly birthtimeMs: number;
  /** Directory entries that name this inode. */
  links: number;
  /** The directory and the name that it was given last; null for the root. */
  parent: DirectoryNode | null;
  name: string;
}

export interface FileNode extends Common {
  readonly type: "file";
  /** Room for the content; only the first `size` bytes are the file. */
  buffer: Uint8Array<ArrayBuffer>;
  size: number;
  /** Open descriptions of it; its bytes are given back when these and the links are zero. */
  opens: number;
}

export interface DirectoryNode extends Common {
  readonly type: "directory";
  readonly entries: Map<string, Inode>;
}

export interface SymlinkNode extends Common {
  readonly type: "symlink";
  readonly target: string;
}

export type DeviceName =
  | "null"
  | "zero"
  | "full"
  | "random"
  | "tty"
  | "stdin"
  | "stdout"
  | "stderr";

export interface DeviceNode extends Common {
  readonly type: "device";
  readonly device: DeviceName;
}

export type Inode = FileNode | DirectoryNode | SymlinkNode | DeviceNode;

/** Bits of one class in a mode (POSIX `S_IR*`, `S_IW*`, `S_IX*`). */
export const READ = 0o4;
export const WRITE = 0o2;
export const EXECUTE = 0o1;

const OWNER_SHIFT = 6;

/** Whether the container's user may do this: owner bits on own inodes, the bits of others on the rest. */
export function permits(node: Inode, bit: number): boolean {
  const bits = node.owner === "user" ? node.mode >> OWNER_SHIFT : node.mode;
  return (bits & bit) !== 0;
}

export function statusOf(node: Inode): FileStatus {
  const { type, ino, mode, atimeMs, mtimeMs, ctimeMs, birthtimeMs } = node;
  const owner = ownerIds[node.owner];
  const times = { atimeMs, mtimeMs, ctimeMs, birthtimeMs };
  return {
    type,
    ino,
    mode,
    nlink: linksOf(node),
    uid: owner,
    gid: owner,
    size: sizeOf(node),
    ...times,
  };
}

/** What the page and callers are told: they know of no devices. */
export function fileStatOf({ type, size, mode, mtimeMs }: FileStatus): FileStat {
  return { type: fileTypeOf(type), size, mode, mtimeMs };
}

export function fileTypeOf(type: FileStatus["type"]): FileType {
  return type === "directory" || type === "symlink" ? type : "file";
}

/** Where an inode stands now; null when no directory names it any more. */
export function pathOf(node: Inode): string | null {
  const names: string[] = [];
  let at = node;
  for (let { parent } = at; parent !== null; { parent } = at) {
    if (parent.entries.get(at.name) !== at) return null;
    names.push(at.name);
    at = parent;
  }
  return at.type === "directory" && at.name === "" ? `/${names.toReversed().join("/")}` : null;
}

/** A directory is named by its parent, by its own `.` and by the `..` of each directory in it. */
function linksOf(node: Inode): number {
  if (node.type !== "directory") return node.links;
  let links = 2;
  for (const { type } of node.entries.values()) if (type === "directory") links++;
  return links;
}

function sizeOf(node: Inode): number {
  switch (node.type) {
    case "file":
      return node.size;
    case "symlink":
      return new TextEncoder().encode(node.target).length;
    default:
      return 0;
  }
}
