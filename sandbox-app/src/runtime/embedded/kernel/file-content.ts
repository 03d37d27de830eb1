import type { FileNode } from "./inode.ts";
import type { Space } from "./space.ts";

/** A copy of the file's bytes: the caller's own, never a view of the file. */
export function contentOf(file: FileNode): Uint8Array<ArrayBuffer> {
  return file.buffer.slice(0, file.size);
}

/** A copy of at most `length` bytes; empty from the end on. */
export function readAt(file: FileNode, position: number, length: number): Uint8Array<ArrayBuffer> {
  return file.buffer.slice(Math.min(position, file.size), Math.min(position + length, file.size));
}

/**
 * Writes at a position; a gap before it is zeros. The buffer doubles, so that many small appends
 * stay linear.
 *
 * @throws FileError ENOSPC, with nothing written
 */
export function writeAt(file: FileNode, position: number, bytes: Uint8Array, space: Space): void {
  const end = position + bytes.byteLength;
  if (end > file.size) resize(file, end, space, "write");
  file.buffer.set(bytes, position);
}

/** Replaces the whole content. */
export function replaceContent(file: FileNode, bytes: Uint8Array, space: Space): void {
  space.take(bytes.byteLength - file.size, "write");
  file.buffer = bytes.slice();
  file.size = bytes.byteLength;
}

/** Cuts the file, or makes it longer with zeros. */
export function resize(file: FileNode, size: number, space: Space, call: string): void {
  space.take(size - file.size, call);
  if (size > file.buffer.byteLength) {
    const grown = new Uint8Array(Math.max(size, file.buffer.byteLength * 2));
    grown.set(file.buffer.subarray(0, file.size));
    file.buffer = grown;
  } else if (size > file.size) {
    // What stood there before the file was cut must not come back.
    file.buffer.fill(0, file.size, size);
  }
  file.size = size;
}
