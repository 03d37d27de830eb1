import type {
  DeviceName,
  DirectoryNode,
  FileNode,
  Inode,
  Owner,
  SymlinkNode,
  DeviceNode,
} from "./inode.ts";
import type { Space } from "./space.ts";
import type { Place } from "./walk.ts";

/**
 * Numbers from here on are the user's. The system's files are laid out anew at each boot, below it,
 * so that inodes restored from a saved container keep their numbers.
 */
const FIRST_USER_INO = 65_536;

const LINK_MODE = 0o777;
const DEVICE_MODE = 0o666;

/** What happened to an inode; a directory changes when its entries do. */
export interface InodeChange {
  readonly type: "created" | "content" | "attributes" | "entries" | "removed";
  readonly ino: number;
}

/** Makes inodes, names and unnames them, and tells of each change to whoever saves the container. */
export class InodeStore {
  readonly #now: () => number;
  readonly #space: Space;
  readonly #inodes = new Map<number, Inode>();
  readonly #listeners = new Set<(change: InodeChange) => void>();
  readonly #stamps = new WeakMap<Inode, number>();
  #version = 0;
  #nextIno = 1;

  constructor(now: () => number, space: Space) {
    this.#now = now;
    this.#space = space;
  }

  startUserNumbers(): void {
    this.#nextIno = Math.max(this.#nextIno, FIRST_USER_INO);
  }

  get(ino: number): Inode | undefined {
    return this.#inodes.get(ino);
  }

  /** Tells of every change, at once and in order. */
  onChange(listener: (change: InodeChange) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Grows with each change of any inode. */
  get version(): number {
    return this.#version;
  }

  /** The version that its last change made; no two inodes have the same. */
  stampOf(node: Inode): number {
    return this.#stamps.get(node) ?? 0;
  }

  changed(type: InodeChange["type"], node: Inode): void {
    this.#stamps.set(node, ++this.#version);
    for (const listener of this.#listeners) listener({ type, ino: node.ino });
  }

  file(mode: number, owner: Owner): FileNode {
    const buffer = new Uint8Array();
    return this.#add({ ...this.#common(mode, owner), type: "file", buffer, size: 0, opens: 0 });
  }

  directory(mode: number, owner: Owner): DirectoryNode {
    return this.#add({ ...this.#common(mode, owner), type: "directory", entries: new Map() });
  }

  symlink(target: string, owner: Owner): SymlinkNode {
    return this.#add({ ...this.#common(LINK_MODE, owner), type: "symlink", target });
  }

  device(device: DeviceName): DeviceNode {
    return this.#add({ ...this.#common(DEVICE_MODE, "system"), type: "device", device });
  }

  /** Puts back an inode as it was saved. */
  restore<T extends Inode>(node: T): T {
    this.#nextIno = Math.max(this.#nextIno, node.ino + 1);
    if (node.type === "file") this.#space.take(node.size, "restore");
    return this.#add(node);
  }

  attach(parent: DirectoryNode, name: string, node: Inode): void {
    parent.entries.set(name, node);
    node.links++;
    node.parent = parent;
    node.name = name;
    this.touch(parent);
    this.changed("entries", parent);
  }

  detach(parent: DirectoryNode, name: string, node: Inode): void {
    parent.entries.delete(name);
    node.links--;
    node.ctimeMs = this.#now();
    this.touch(parent);
    this.changed("entries", parent);
    this.drop(node);
  }

  /** Renames; what stood at the target goes. */
  move(node: Inode, source: Place, target: Place): void {
    if (source.parent === null || target.parent === null) return;
    if (target.node !== undefined) this.detach(target.parent, target.name, target.node);
    this.attach(target.parent, target.name, node);
    this.detach(source.parent, source.name, node);
  }

  /** Gives back what nobody names or holds open any more. */
  drop(node: Inode): void {
    if (node.links > 0 || (node.type === "file" && node.opens > 0)) return;
    if (!this.#inodes.delete(node.ino)) return;
    if (node.type === "file") this.#space.take(-node.size, "unlink");
    this.changed("removed", node);
  }

  /** The directory's entries or the file's content have changed. */
  touch(node: Inode): void {
    node.mtimeMs = this.#now();
    node.ctimeMs = node.mtimeMs;
  }

  #add<T extends Inode>(node: T): T {
    this.#inodes.set(node.ino, node);
    this.changed("created", node);
    return node;
  }

  #common(mode: number, owner: Owner) {
    const at = this.#now();
    return {
      ino: this.#nextIno++,
      owner,
      mode,
      atimeMs: at,
      mtimeMs: at,
      ctimeMs: at,
      birthtimeMs: at,
      links: 0,
      parent: null,
      name: "",
    };
  }
}
