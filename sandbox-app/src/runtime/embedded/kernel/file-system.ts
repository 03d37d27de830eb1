import { contentOf, readAt, replaceContent, resize, writeAt } from "./file-content.ts";
import { fileError } from "./file-errors.ts";
import { type FileNode, type Inode, READ, WRITE } from "./inode.ts";
import { OpenFlag } from "./system-calls.ts";
import { Tree } from "./tree.ts";
import type { Place } from "./walk.ts";

const FILE_MODE = 0o644;

/** Bits of the flags of `open` that hold RDONLY, WRONLY or RDWR (O_ACCMODE). */
const ACCESS_MODE = 3;

/**
 * The container's files: inodes in memory, with POSIX semantics as far as one user can see them.
 * Purely synchronous; every method throws a FileError with Node's wording.
 */
export class FileSystem extends Tree {
  /** Index of the first path that is a file, or -1. */
  firstFile(paths: readonly string[]): number {
    return paths.findIndex((path) => this.typeAt(path) === "file");
  }

  /** What the path leads to, or null; never throws. */
  typeAt(path: string): Inode["type"] | null {
    try {
      return this.place(path, "stat").node?.type ?? null;
    } catch {
      return null;
    }
  }

  /** At most so many bytes of its beginning. */
  head(path: string, length: number): Uint8Array<ArrayBuffer> {
    const node = this.existing(path, "open");
    if (!this.allows(node, READ)) throw fileError("EACCES", "open", path);
    if (node.type !== "file") throw fileError("EINVAL", "read", path);
    return readAt(node, 0, length);
  }

  read(path: string): Uint8Array<ArrayBuffer> {
    const node = this.existing(path, "open");
    if (node.type === "directory") throw fileError("EISDIR", "read", path);
    if (!this.allows(node, READ)) throw fileError("EACCES", "open", path);
    if (node.type !== "file") throw fileError("EINVAL", "read", path);
    return contentOf(node);
  }

  /** Replaces the content, or creates the file. */
  write(path: string, content: Uint8Array, mode: number = FILE_MODE): void {
    const place = this.place(path, "open");
    const file = this.#writable(place, path);
    this.space.check(content.byteLength - (file?.size ?? 0), "write", path);
    if (file === null) {
      this.create(place, path, mode, content);
    } else {
      replaceContent(file, content, this.space);
      this.modified(file);
    }
  }

  append(path: string, content: Uint8Array, mode: number = FILE_MODE): void {
    const place = this.place(path, "open");
    const file = this.#writable(place, path);
    this.space.check(content.byteLength, "write", path);
    if (file === null) {
      this.create(place, path, mode, content);
    } else {
      writeAt(file, file.size, content, this.space);
      this.modified(file);
    }
  }

  /**
   * The inode that `open` leads to, created and cut as the flags say. Whoever gets a file gives it
   * back with `release`.
   */
  open(path: string, flags: number, mode: number = FILE_MODE): Inode {
    const isExclusive = (flags & OpenFlag.CREAT) !== 0 && (flags & OpenFlag.EXCL) !== 0;
    const place = this.place(path, "open", !isExclusive && (flags & OpenFlag.NOFOLLOW) === 0);
    if (place.node !== undefined && isExclusive) throw fileError("EEXIST", "open", path);
    if (place.node === undefined && (flags & OpenFlag.CREAT) === 0) {
      throw fileError("ENOENT", "open", path);
    }
    if (place.node !== undefined) this.#checkOpen(place.node, path, flags);
    const node = place.node ?? this.create(place, path, mode);
    if (node.type !== "file") return node;
    const writes = (flags & ACCESS_MODE) !== OpenFlag.RDONLY;
    if (writes && (flags & OpenFlag.TRUNC) !== 0 && node.size > 0) this.resizeFile(node, 0);
    node.opens++;
    return node;
  }

  release(file: FileNode): void {
    file.opens--;
    this.store.drop(file);
  }

  /** A copy of bytes of an open file. */
  readFile(file: FileNode, position: number, length: number): Uint8Array<ArrayBuffer> {
    if (file.atimeMs <= file.mtimeMs) file.atimeMs = this.now();
    return readAt(file, position, length);
  }

  /** Writes into an open file. */
  writeFile(file: FileNode, position: number, bytes: Uint8Array): void {
    if (bytes.byteLength === 0) return;
    writeAt(file, position, bytes, this.space);
    this.modified(file);
  }

  resizeFile(file: FileNode, size: number): void {
    resize(file, size, this.space, "ftruncate");
    this.modified(file);
  }

  truncate(path: string, size: number): void {
    const node = this.existing(path, "truncate");
    if (node.type === "directory") throw fileError("EISDIR", "truncate", path);
    if (node.type !== "file") throw fileError("EINVAL", "truncate", path);
    if (!this.allows(node, WRITE)) throw fileError("EACCES", "truncate", path);
    this.resizeFile(node, size);
  }

  /** The file that is there, or null where one may be made. */
  #writable({ node }: Place, path: string): FileNode | null {
    if (node === undefined) return null;
    this.#checkOpen(node, path, OpenFlag.WRONLY);
    if (node.type !== "file") throw fileError("EINVAL", "write", path);
    return node;
  }

  #checkOpen(node: Inode, path: string, flags: number): void {
    const access = flags & ACCESS_MODE;
    if (node.type === "symlink") throw fileError("ELOOP", "open", path);
    if (node.type === "directory" && access !== OpenFlag.RDONLY) {
      throw fileError("EISDIR", "open", path);
    }
    if (node.type !== "directory" && (flags & OpenFlag.DIRECTORY) !== 0) {
      throw fileError("ENOTDIR", "open", path);
    }
    const isRefused =
      (access !== OpenFlag.WRONLY && !this.allows(node, READ)) ||
      (access !== OpenFlag.RDONLY && !this.allows(node, WRITE));
    if (isRefused) throw fileError("EACCES", "open", path);
  }
}
