import type { Bytes } from "../objects/bytes.ts";
import type { ObjectType } from "../objects/object-store.ts";

const NUMBERS: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 };

/** What stands in front of an object's compressed bytes in a pack: its type, and its size. */
export function entryHeader(type: ObjectType, size: number): Bytes {
  const bytes: number[] = [];
  let byte = (NUMBERS[type] << 4) | (size & 15);
  let left = Math.floor(size / 16);
  while (left > 0) {
    bytes.push(byte | 0x80);
    byte = left & 0x7f;
    left = Math.floor(left / 128);
  }
  bytes.push(byte);
  return Uint8Array.from(bytes);
}
