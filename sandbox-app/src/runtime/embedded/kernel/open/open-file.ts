import { callError } from "../file-errors.ts";
import type { FileStatus } from "../system-calls.ts";
import type { Terminal } from "./terminal.ts";
import type { Waits } from "./waits.ts";

/** Who makes a call on an open file. */
export interface Caller {
  readonly pid: number;
  readonly group: number;
  readonly waits: Waits;
}

/**
 * What descriptors stand for (POSIX "open file description"): shared by duplicates and children,
 * offset included. A method that cannot finish yet returns a promise.
 */
export interface OpenFile {
  status(): FileStatus;
  /** At most `length` bytes, the caller's own; empty at the end. */
  read(length: number, position: number | null, caller: Caller): Uint8Array | Promise<Uint8Array>;
  /** All of the bytes. */
  write(bytes: Uint8Array, position: number | null, caller: Caller): number | Promise<number>;
  truncate(size: number): void;
  /** The last descriptor for it went. */
  close(): void;
  readonly terminal: Terminal | null;
}

/** Status of what has no inode. */
export function statusWithoutInode(type: FileStatus["type"], ino: number): FileStatus {
  const times = { atimeMs: 0, mtimeMs: 0, ctimeMs: 0, birthtimeMs: 0 };
  return { type, ino, mode: 0o600, nlink: 1, uid: 1000, gid: 1000, size: 0, ...times };
}

/** What an open file cannot do; others replace what they can. */
export abstract class BaseFile implements OpenFile {
  readonly terminal: Terminal | null = null;

  abstract status(): FileStatus;

  read(
    _length: number,
    _position: number | null,
    _caller: Caller,
  ): Uint8Array | Promise<Uint8Array> {
    throw callError("EBADF", "read");
  }

  write(_bytes: Uint8Array, _position: number | null, _caller: Caller): number | Promise<number> {
    throw callError("EBADF", "write");
  }

  truncate(_size: number): void {
    throw callError("EINVAL", "ftruncate");
  }

  close(): void {}
}
