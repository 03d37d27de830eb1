import type { FileStat } from "../../runtime.ts";

/** Who owns an inode: the container's one user, or the system, whose files the user only reads. */
export type Owner = "user" | "system";

interface Common {
  readonly ino: number;
  readonly owner: Owner;
  mode: number;
  mtimeMs: number;
}

export interface FileNode extends Common {
  readonly type: "file";
  /** Room for the content; only the first `size` bytes are the file. */
  buffer: Uint8Array<ArrayBuffer>;
  size: number;
  /** Directory entries that name this inode; at zero its bytes are given back. */
  links: number;
}

export interface DirectoryNode extends Common {
  readonly type: "directory";
  readonly entries: Map<string, Inode>;
}

export interface SymlinkNode extends Common {
  readonly type: "symlink";
  readonly target: string;
}

export type Inode = FileNode | DirectoryNode | SymlinkNode;

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

/** A copy of the file's bytes: the caller's own, never a view of the file. */
export function contentOf(file: FileNode): Uint8Array<ArrayBuffer> {
  return file.buffer.slice(0, file.size);
}

/** Writes at the end; the buffer doubles, so that many small appends stay linear. */
export function appendTo(file: FileNode, bytes: Uint8Array): void {
  const size = file.size + bytes.byteLength;
  if (size > file.buffer.byteLength) {
    const grown = new Uint8Array(Math.max(size, file.buffer.byteLength * 2));
    grown.set(file.buffer.subarray(0, file.size));
    file.buffer = grown;
  }
  file.buffer.set(bytes, file.size);
  file.size = size;
}

/** What an inode says about itself: FileStat, and its number, which hard links share. */
export interface InodeStat extends FileStat {
  readonly ino: number;
}

export function statOf(node: Inode): InodeStat {
  const { type, mode, mtimeMs, ino } = node;
  return { type, size: sizeOf(node), mode, mtimeMs, ino };
}

function sizeOf(node: Inode): number {
  switch (node.type) {
    case "file":
      return node.size;
    case "symlink":
      return node.target.length;
    case "directory":
      return 0;
  }
}
