import type { DirectoryEntry, FileEvent, Unsubscribe } from "../../runtime.ts";
import { fileError } from "./file-errors.ts";
import {
  appendTo,
  contentOf,
  type DirectoryNode,
  type FileNode,
  type Inode,
  type InodeStat,
  type Owner,
  permits,
  READ,
  statOf,
  WRITE,
} from "./inode.ts";
import { isWithin, joinPath } from "./path.ts";
import { type Place, walk } from "./walk.ts";
import { Watchers } from "./watchers.ts";

const FILE_MODE = 0o644;
const DIRECTORY_MODE = 0o755;
const MODE_BITS = 0o777;

export interface FileSystemOptions {
  /** Bytes that all files together may hold. */
  readonly maxBytes: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * The container's files: inodes in memory, with POSIX semantics as far as one user can see them.
 * Purely synchronous; every method throws a FileError with Node's wording.
 */
export class FileSystem {
  readonly #options: FileSystemOptions;
  readonly #watchers = new Watchers();
  readonly #root: DirectoryNode;
  #owner: Owner = "system";
  #nextIno = 1;
  #usedBytes = 0;

  constructor(options: FileSystemOptions) {
    this.#options = options;
    this.#root = this.#newDirectory(DIRECTORY_MODE);
  }

  /** Bytes that all files hold now. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Ends the system's own set-up: from here on the user acts, and owns what is made. */
  handToUser(): void {
    this.#owner = "user";
  }

  stat(path: string): InodeStat {
    return statOf(this.#existing(walk(this.#root, path, "stat", true), "stat", path));
  }

  lstat(path: string): InodeStat {
    return statOf(this.#existing(walk(this.#root, path, "lstat", false), "lstat", path));
  }

  realpath(path: string): string {
    const place = walk(this.#root, path, "realpath", true);
    this.#existing(place, "realpath", path);
    return place.path;
  }

  readlink(path: string): string {
    const node = this.#existing(walk(this.#root, path, "readlink", false), "readlink", path);
    if (node.type !== "symlink") throw fileError("EINVAL", "readlink", path);
    return node.target;
  }

  read(path: string): Uint8Array<ArrayBuffer> {
    const node = this.#existing(walk(this.#root, path, "open", true), "open", path);
    if (node.type !== "file") throw fileError("EISDIR", "read", path);
    if (!this.#allows(node, READ)) throw fileError("EACCES", "open", path);
    return contentOf(node);
  }

  /** Replaces the content, or creates the file. */
  write(path: string, content: Uint8Array): void {
    const { place, file } = this.#openForWriting(path);
    this.#charge(content.byteLength - (file?.size ?? 0), "write", path);
    const target = file ?? this.#addFile(place);
    target.buffer = content.slice();
    target.size = content.byteLength;
    target.mtimeMs = this.#options.now();
    this.#watchers.tell(file ? "changed" : "created", place.path);
  }

  append(path: string, content: Uint8Array): void {
    const { place, file } = this.#openForWriting(path);
    this.#charge(content.byteLength, "write", path);
    const target = file ?? this.#addFile(place);
    appendTo(target, content);
    target.mtimeMs = this.#options.now();
    this.#watchers.tell(file ? "changed" : "created", place.path);
  }

  /** Sorted by name, in code unit order. */
  list(path: string): DirectoryEntry[] {
    const node = this.#existing(walk(this.#root, path, "scandir", true), "scandir", path);
    if (node.type !== "directory") throw fileError("ENOTDIR", "scandir", path);
    if (!this.#allows(node, READ)) throw fileError("EACCES", "scandir", path);
    return [...node.entries]
      .map(([name, { type }]) => ({ name, type }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  mkdir(path: string, options: { recursive?: boolean; mode?: number; owner?: Owner } = {}): void {
    const place = walk(this.#root, path, "mkdir", options.recursive === true);
    if (place.node !== undefined) {
      if (options.recursive === true && place.node.type === "directory") return;
      throw fileError("EEXIST", "mkdir", path);
    }
    const node = this.#newDirectory(options.mode ?? DIRECTORY_MODE, options.owner);
    this.#attach(place, node, "mkdir", path);
  }

  /** As `mkdir -p`: makes the directories above it too. */
  mkdirp(path: string): void {
    let at = "";
    for (const part of path.split("/")) {
      if (part === "") continue;
      at += `/${part}`;
      this.mkdir(at, { recursive: true });
    }
  }

  symlink(target: string, path: string): void {
    const place = walk(this.#root, path, "symlink", false);
    if (target === "") throw fileError("ENOENT", "symlink", target, path);
    if (place.node !== undefined) throw fileError("EEXIST", "symlink", target, path);
    const node: Inode = { ...this.#newInode(MODE_BITS), type: "symlink", target };
    this.#attach(place, node, "symlink", path);
  }

  link(existing: string, path: string): void {
    const source = walk(this.#root, existing, "link", false);
    const node = this.#existing(source, "link", existing);
    const place = walk(this.#root, path, "link", false);
    if (place.node !== undefined) throw fileError("EEXIST", "link", existing, path);
    if (node.type !== "file") throw fileError("EACCES", "link", existing, path);
    this.#attach(place, node, "link", path);
    node.links++;
  }

  /** Removes a file, a symbolic link, an empty directory, or with `recursive` a whole tree. */
  remove(path: string, options: { recursive?: boolean } = {}): void {
    const place = walk(this.#root, path, "rm", false);
    const node = this.#existing(place, "rm", path);
    if (place.parent === null) throw fileError("EACCES", "rm", path);
    if (!this.#allows(place.parent, WRITE)) throw fileError("EACCES", "rm", path);
    if (node.type === "directory" && node.entries.size > 0) {
      if (options.recursive !== true) throw fileError("ENOTEMPTY", "rm", path);
      for (const name of Array.from(node.entries.keys())) {
        this.remove(joinPath(place.path, name), options);
      }
    }
    this.#detach(place, node);
  }

  /** POSIX `rename`: replaces a file by a file and an empty directory by a directory. */
  rename(from: string, to: string): void {
    const source = walk(this.#root, from, "rename", false);
    const node = this.#existing(source, "rename", from, to);
    const target = walk(this.#root, to, "rename", false);
    if (source.parent === null || target.parent === null) {
      throw fileError("EINVAL", "rename", from, to);
    }
    if (node === target.node) return;
    if (node.type === "directory" && isWithin(source.path, target.path)) {
      throw fileError("EINVAL", "rename", from, to);
    }
    if (!this.#allows(source.parent, WRITE) || !this.#allows(target.parent, WRITE)) {
      throw fileError("EACCES", "rename", from, to);
    }
    if (node.type !== "directory" && to.endsWith("/"))
      throw fileError("ENOTDIR", "rename", from, to);
    if (target.node !== undefined) this.#checkReplaceable(node, target.node, from, to);
    const replaced = target.node;
    if (replaced?.type === "file") this.#unlinkFile(replaced);
    this.#touch(source.parent, target.parent);
    source.parent.entries.delete(source.name);
    target.parent.entries.set(target.name, node);
    this.#watchers.tell("removed", source.path);
    this.#watchers.tell(replaced === undefined ? "created" : "changed", target.path);
  }

  chmod(path: string, mode: number): void {
    const node = this.#existing(walk(this.#root, path, "chmod", true), "chmod", path);
    this.#checkOwned(node, "chmod", path);
    node.mode = mode & MODE_BITS;
  }

  /** @param mtimeMs milliseconds since the epoch */
  utimes(path: string, mtimeMs: number): void {
    const node = this.#existing(walk(this.#root, path, "utime", true), "utime", path);
    this.#checkOwned(node, "utime", path);
    node.mtimeMs = mtimeMs;
  }

  /** Tells of changes at and below the path; it need not exist yet. */
  watch(path: string, listener: (event: FileEvent) => void): Unsubscribe {
    return this.#watchers.add(walk(this.#root, path, "watch", true).path, listener);
  }

  #openForWriting(path: string): { place: Place; file: FileNode | undefined } {
    const place = walk(this.#root, path, "open", true);
    const { node } = place;
    if (node?.type === "directory") throw fileError("EISDIR", "open", path);
    if (node === undefined && path.endsWith("/")) throw fileError("EISDIR", "open", path);
    if (node !== undefined && !this.#allows(node, WRITE)) throw fileError("EACCES", "open", path);
    if (node === undefined && place.parent !== null && !this.#allows(place.parent, WRITE)) {
      throw fileError("EACCES", "open", path);
    }
    return { place, file: node?.type === "file" ? node : undefined };
  }

  #addFile(place: Place): FileNode {
    const file: FileNode = {
      ...this.#newInode(FILE_MODE),
      type: "file",
      buffer: new Uint8Array(),
      size: 0,
      links: 1,
    };
    place.parent?.entries.set(place.name, file);
    this.#touch(place.parent);
    return file;
  }

  #attach(place: Place, node: Inode, call: string, path: string): void {
    if (place.parent === null) throw fileError("EEXIST", call, path);
    if (!this.#allows(place.parent, WRITE)) throw fileError("EACCES", call, path);
    place.parent.entries.set(place.name, node);
    this.#touch(place.parent);
    this.#watchers.tell("created", place.path);
  }

  #detach(place: Place, node: Inode): void {
    place.parent?.entries.delete(place.name);
    this.#touch(place.parent);
    if (node.type === "file") this.#unlinkFile(node);
    this.#watchers.tell("removed", place.path);
  }

  #unlinkFile(file: FileNode): void {
    if (--file.links === 0) this.#usedBytes -= file.size;
  }

  #checkReplaceable(node: Inode, replaced: Inode, from: string, to: string): void {
    if (node.type === "directory") {
      if (replaced.type !== "directory") throw fileError("ENOTDIR", "rename", from, to);
      if (replaced.entries.size > 0) throw fileError("ENOTEMPTY", "rename", from, to);
    } else if (replaced.type === "directory") {
      throw fileError("EISDIR", "rename", from, to);
    }
  }

  #checkOwned(node: Inode, call: string, path: string): void {
    if (node.owner !== this.#owner) throw fileError("EACCES", call, path);
  }

  #charge(bytes: number, call: string, path: string): void {
    if (bytes > 0 && this.#usedBytes + bytes > this.#options.maxBytes) {
      throw fileError("ENOSPC", call, path);
    }
    this.#usedBytes += bytes;
  }

  #existing(place: Place, call: string, path: string, to?: string): Inode {
    if (place.node === undefined) throw fileError("ENOENT", call, path, to);
    return place.node;
  }

  #allows(node: Inode, bit: number): boolean {
    return this.#owner === "system" || permits(node, bit);
  }

  #touch(...directories: (DirectoryNode | null)[]): void {
    for (const directory of directories) {
      if (directory !== null) directory.mtimeMs = this.#options.now();
    }
  }

  #newDirectory(mode: number, owner: Owner = this.#owner): DirectoryNode {
    return { ...this.#newInode(mode), owner, type: "directory", entries: new Map() };
  }

  #newInode(mode: number): { ino: number; owner: Owner; mode: number; mtimeMs: number } {
    const { now } = this.#options;
    return { ino: this.#nextIno++, owner: this.#owner, mode: mode & MODE_BITS, mtimeMs: now() };
  }
}
