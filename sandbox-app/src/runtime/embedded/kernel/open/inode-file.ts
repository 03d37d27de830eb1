import { callError } from "../file-errors.ts";
import type { FileSystem } from "../file-system.ts";
import { type DirectoryNode, type FileNode, statusOf } from "../inode.ts";
import { type FileStatus, OpenFlag } from "../system-calls.ts";
import { BaseFile } from "./open-file.ts";

/** Bits of the flags of `open` that hold RDONLY, WRONLY or RDWR (O_ACCMODE). */
const ACCESS_MODE = 3;

/** An open regular file, with the offset that its descriptors share. */
export class InodeFile extends BaseFile {
  readonly #files: FileSystem;
  readonly #node: FileNode;
  readonly #flags: number;
  #offset = 0;

  /** @param node given by `FileSystem.open`; goes back to it with `close` */
  constructor(files: FileSystem, node: FileNode, flags: number) {
    super();
    this.#files = files;
    this.#node = node;
    this.#flags = flags;
  }

  override status(): FileStatus {
    return statusOf(this.#node);
  }

  override read(length: number, position: number | null): Uint8Array {
    if ((this.#flags & ACCESS_MODE) === OpenFlag.WRONLY) throw callError("EBADF", "read");
    const bytes = this.#files.readFile(this.#node, position ?? this.#offset, length);
    if (position === null) this.#offset += bytes.byteLength;
    return bytes;
  }

  override write(bytes: Uint8Array, position: number | null): number {
    if ((this.#flags & ACCESS_MODE) === OpenFlag.RDONLY) throw callError("EBADF", "write");
    const isAppending = (this.#flags & OpenFlag.APPEND) !== 0;
    const at = isAppending ? this.#node.size : (position ?? this.#offset);
    this.#files.writeFile(this.#node, at, bytes);
    if (position === null) this.#offset = at + bytes.byteLength;
    return bytes.byteLength;
  }

  override truncate(size: number): void {
    if ((this.#flags & ACCESS_MODE) === OpenFlag.RDONLY) throw callError("EINVAL", "ftruncate");
    this.#files.resizeFile(this.#node, size);
  }

  override close(): void {
    this.#files.release(this.#node);
  }
}

/** An open directory: it can be looked at, and is listed by path. */
export class OpenDirectory extends BaseFile {
  readonly #node: DirectoryNode;

  constructor(node: DirectoryNode) {
    super();
    this.#node = node;
  }

  override status(): FileStatus {
    return statusOf(this.#node);
  }

  override read(): never {
    throw callError("EISDIR", "read");
  }
}
