import type { DirectoryEntry, FileEvent, Unsubscribe } from "../../runtime.ts";
import { replaceContent } from "./file-content.ts";
import { fileError } from "./file-errors.ts";
import {
  type DeviceName,
  type DirectoryNode,
  type FileNode,
  fileTypeOf,
  type Inode,
  type Owner,
  pathOf,
  permits,
  READ,
  statusOf,
  WRITE,
} from "./inode.ts";
import { InodeStore } from "./inode-store.ts";
import { isWithin, joinPath } from "./path.ts";
import { Space } from "./space.ts";
import type { FileStatus } from "./system-calls.ts";
import { type Place, walk } from "./walk.ts";
import { Watchers } from "./watchers.ts";

const DIRECTORY_MODE = 0o755;
const MODE_BITS = 0o777;

export interface FileSystemOptions {
  /** Bytes that all files together may hold. */
  readonly maxBytes: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The names of the file system: directories, links and what they lead to. */
export class Tree {
  /** The inodes behind the names, for those who save and restore them. */
  readonly store: InodeStore;
  protected readonly now: () => number;
  protected readonly space: Space;
  readonly #watchers = new Watchers();
  readonly #root: DirectoryNode;
  #owner: Owner = "system";

  constructor({ maxBytes, now }: FileSystemOptions) {
    this.now = now;
    this.space = new Space(maxBytes);
    this.store = new InodeStore(now, this.space);
    this.#root = this.store.directory(DIRECTORY_MODE, "system");
  }

  /** Bytes that all files hold now. */
  get usedBytes(): number {
    return this.space.usedBytes;
  }

  /** Ends the system's own set-up: from here on the user acts, and owns what is made. */
  handToUser(): void {
    this.#owner = "user";
    this.store.startUserNumbers();
  }

  stat(path: string): FileStatus {
    return statusOf(this.existing(path, "stat"));
  }

  lstat(path: string): FileStatus {
    return statusOf(this.existing(path, "lstat", false));
  }

  realpath(path: string): string {
    const place = this.place(path, "realpath");
    nodeOf(place, "realpath", path);
    return place.path;
  }

  readlink(path: string): string {
    const node = this.existing(path, "readlink", false);
    if (node.type !== "symlink") throw fileError("EINVAL", "readlink", path);
    return node.target;
  }

  /** The inode itself, for those who look at or restore trees. */
  find(path: string): Inode {
    return this.existing(path, "stat", false);
  }

  /** Sorted by name, in code unit order. */
  list(path: string): DirectoryEntry[] {
    const node = this.existing(path, "scandir");
    if (node.type !== "directory") throw fileError("ENOTDIR", "scandir", path);
    if (!this.allows(node, READ)) throw fileError("EACCES", "scandir", path);
    return [...node.entries]
      .map(([name, { type }]) => ({ name, type: fileTypeOf(type) }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  mkdir(path: string, options: { recursive?: boolean; mode?: number; owner?: Owner } = {}): void {
    const place = this.place(path, "mkdir", options.recursive === true);
    if (place.node !== undefined) {
      if (options.recursive === true && place.node.type === "directory") return;
      throw fileError("EEXIST", "mkdir", path);
    }
    this.#checkEntry(place, "mkdir", path);
    const mode = (options.mode ?? DIRECTORY_MODE) & MODE_BITS;
    this.#attach(place, this.store.directory(mode, options.owner ?? this.#owner));
  }

  /** As `mkdir -p`: makes the directories above it too. */
  mkdirp(path: string, mode?: number): void {
    let at = "";
    for (const part of path.split("/")) {
      if (part === "") continue;
      at += `/${part}`;
      this.mkdir(at, { recursive: true, ...(mode === undefined ? {} : { mode }) });
    }
  }

  symlink(target: string, path: string): void {
    const place = this.place(path, "symlink", false);
    if (target === "") throw fileError("ENOENT", "symlink", target, path);
    if (place.node !== undefined) throw fileError("EEXIST", "symlink", target, path);
    this.#checkEntry(place, "symlink", path);
    this.#attach(place, this.store.symlink(target, this.#owner));
  }

  /** A device of the system's own (`mknod`). */
  addDevice(path: string, device: DeviceName): void {
    const place = this.place(path, "mknod", false);
    this.#checkEntry(place, "mknod", path);
    this.#attach(place, this.store.device(device));
  }

  link(source: string, path: string): void {
    const node = nodeOf(this.place(source, "link", false), "link", source, path);
    const place = this.place(path, "link", false);
    if (place.node !== undefined) throw fileError("EEXIST", "link", source, path);
    if (node.type === "directory") throw fileError("EPERM", "link", source, path);
    this.#checkOwned(node, "link", source);
    this.#checkEntry(place, "link", path);
    this.#attach(place, node);
  }

  /** Removes a file, a symbolic link, an empty directory, or with `recursive` a whole tree. */
  remove(path: string, options: { recursive?: boolean } = {}): void {
    const place = this.place(path, "rm", false);
    const node = nodeOf(place, "rm", path);
    this.#checkRemovable(place, "rm", path);
    if (node.type === "directory" && node.entries.size > 0) {
      if (options.recursive !== true) throw fileError("ENOTEMPTY", "rm", path);
      for (const name of Array.from(node.entries.keys())) {
        this.remove(joinPath(place.path, name), options);
      }
    }
    this.#detach(place, node);
  }

  unlink(path: string): void {
    const place = this.place(path, "unlink", false);
    const node = nodeOf(place, "unlink", path);
    if (node.type === "directory") throw fileError("EISDIR", "unlink", path);
    this.#checkRemovable(place, "unlink", path);
    this.#detach(place, node);
  }

  rmdir(path: string): void {
    const place = this.place(path, "rmdir", false);
    const node = nodeOf(place, "rmdir", path);
    if (node.type !== "directory") throw fileError("ENOTDIR", "rmdir", path);
    if (node.entries.size > 0) throw fileError("ENOTEMPTY", "rmdir", path);
    this.#checkRemovable(place, "rmdir", path);
    this.#detach(place, node);
  }

  /** POSIX `rename`: replaces a file by a file and an empty directory by a directory. */
  rename(from: string, to: string): void {
    const source = this.place(from, "rename", false);
    const node = nodeOf(source, "rename", from, to);
    const target = this.place(to, "rename", false);
    const { node: replaced } = target;
    if (source.parent === null || target.parent === null) {
      throw fileError("EINVAL", "rename", from, to);
    }
    if (node === replaced) return;
    if (node.type === "directory" && isWithin(source.path, target.path)) {
      throw fileError("EINVAL", "rename", from, to);
    }
    if (!this.allows(source.parent, WRITE) || !this.allows(target.parent, WRITE)) {
      throw fileError("EACCES", "rename", from, to);
    }
    if (node.type !== "directory" && to.endsWith("/"))
      throw fileError("ENOTDIR", "rename", from, to);
    if (replaced !== undefined) checkReplaceable(node, replaced, from, to);
    this.store.move(node, source, target);
    this.#watchers.tell("removed", source.path);
    this.#watchers.tell(replaced === undefined ? "created" : "changed", target.path);
  }

  chmod(path: string, mode: number): void {
    const node = this.existing(path, "chmod");
    this.#checkOwned(node, "chmod", path);
    node.mode = mode & MODE_BITS;
    this.#attributesChanged(node);
  }

  /** Times are milliseconds since the epoch. */
  utimes(path: string, atimeMs: number, mtimeMs: number = atimeMs): void {
    const node = this.existing(path, "utime");
    this.#checkOwned(node, "utime", path);
    node.atimeMs = atimeMs;
    node.mtimeMs = mtimeMs;
    this.#attributesChanged(node);
  }

  /** Tells of changes at and below the path; it need not exist yet. */
  watch(path: string, listener: (event: FileEvent) => void): Unsubscribe {
    return this.#watchers.add(this.place(path, "watch").path, listener);
  }

  protected place(path: string, call: string, follow = true): Place {
    return walk(this.#root, path, call, follow);
  }

  /** @throws FileError ENOENT when nothing is there */
  protected existing(path: string, call: string, follow = true): Inode {
    return nodeOf(this.place(path, call, follow), call, path);
  }

  protected allows(node: Inode, bit: number): boolean {
    return this.#owner === "system" || permits(node, bit);
  }

  /** Makes a file where a walk found none. */
  protected create(place: Place, path: string, mode: number, content?: Uint8Array): FileNode {
    if (path.endsWith("/")) throw fileError("EISDIR", "open", path);
    this.#checkEntry(place, "open", path);
    const file = this.store.file(mode & MODE_BITS, this.#owner);
    // Before it has a name: who is told of it may read it at once.
    if (content !== undefined) replaceContent(file, content, this.space);
    this.#attach(place, file);
    return file;
  }

  /** The content of a file is another one now. */
  protected modified(file: FileNode): void {
    this.store.touch(file);
    this.store.changed("content", file);
    if (this.#watchers.isEmpty) return;
    const path = pathOf(file);
    if (path !== null) this.#watchers.tell("changed", path);
  }

  #attach(place: Place, node: Inode): void {
    if (place.parent === null) return;
    this.store.attach(place.parent, place.name, node);
    this.#watchers.tell("created", place.path);
  }

  #detach(place: Place, node: Inode): void {
    if (place.parent === null) return;
    this.store.detach(place.parent, place.name, node);
    this.#watchers.tell("removed", place.path);
  }

  #attributesChanged(node: Inode): void {
    node.ctimeMs = this.now();
    this.store.changed("attributes", node);
  }

  /** Whether a name may be added there. */
  #checkEntry({ parent }: Place, call: string, path: string): void {
    if (parent === null) throw fileError("EEXIST", call, path);
    if (!this.allows(parent, WRITE)) throw fileError("EACCES", call, path);
  }

  #checkRemovable({ parent }: Place, call: string, path: string): void {
    if (parent === null || !this.allows(parent, WRITE)) throw fileError("EACCES", call, path);
  }

  #checkOwned(node: Inode, call: string, path: string): void {
    if (node.owner !== this.#owner) throw fileError("EACCES", call, path);
  }
}

function nodeOf({ node }: Place, call: string, path: string, to?: string): Inode {
  if (node === undefined) throw fileError("ENOENT", call, path, to);
  return node;
}

function checkReplaceable(node: Inode, replaced: Inode, from: string, to: string): void {
  if (node.type === "directory") {
    if (replaced.type !== "directory") throw fileError("ENOTDIR", "rename", from, to);
    if (replaced.entries.size > 0) throw fileError("ENOTEMPTY", "rename", from, to);
  } else if (replaced.type === "directory") {
    throw fileError("EISDIR", "rename", from, to);
  }
}
