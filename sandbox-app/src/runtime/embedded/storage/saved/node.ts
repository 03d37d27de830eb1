/**
 * Two parts of a container's files that are saved apart, because they change at another pace:
 * `modules` is all that was made below a `node_modules`, `files` is the rest. An inode stays in the
 * layer in which it was saved first.
 */
export const layers = ["files", "modules"] as const;
export type Layer = (typeof layers)[number];

/** The home directory and the workspace in it are laid out at boot; these numbers stand for them. */
export const HOME_INO = 0;
export const WORKSPACE_INO = 1;

interface Common {
  readonly ino: number;
  readonly mode: number;
  /** Milliseconds since the epoch. */
  readonly mtimeMs: number;
  readonly birthtimeMs: number;
}

export interface SavedFile extends Common {
  readonly type: "file";
  readonly content: Uint8Array<ArrayBuffer>;
}

export interface SavedDirectory extends Common {
  readonly type: "directory";
  /** Name and inode number, in the order in which they were made. */
  readonly entries: readonly (readonly [name: string, ino: number])[];
}

export interface SavedSymlink extends Common {
  readonly type: "symlink";
  readonly target: string;
}

/** An inode as it is saved; hard links are several entries with one number. */
export type SavedNode = SavedFile | SavedDirectory | SavedSymlink;

/** One step of history: an inode is as told from now on, or is gone. */
export type Change =
  | { readonly layer: Layer; readonly ino: number; readonly node: SavedNode }
  | { readonly layer: Layer; readonly ino: number; readonly node: null };

/** Bytes of content that the changes carry. */
export function contentBytes(changes: readonly Change[]): number {
  let bytes = 0;
  for (const { node } of changes) if (node?.type === "file") bytes += node.content.byteLength;
  return bytes;
}
