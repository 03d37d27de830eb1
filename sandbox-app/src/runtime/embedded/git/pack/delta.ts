import type { Bytes } from "../objects/bytes.ts";
import { BadPack } from "./bad-pack.ts";

/**
 * Makes an object out of another one and what is different (gitformat-pack(5), "Deltified
 * representation").
 *
 * @param maxBytes of the result
 * @throws BadPack
 */
export function applyDelta(base: Uint8Array, delta: Uint8Array, maxBytes: number): Bytes {
  const reader = { delta, at: 0 };
  if (readSize(reader) !== base.length) throw new BadPack("a delta has another base");
  const size = readSize(reader);
  if (size > maxBytes) throw new BadPack("an object is too large");
  const result = new Uint8Array(size);
  let written = 0;
  while (reader.at < delta.length) {
    const code = byteOf(reader);
    if (code === 0) throw new BadPack("a delta has an unknown step");
    const part = (code & 0x80) === 0 ? inserted(reader, code) : copied(reader, code, base);
    if (written + part.length > size) throw new BadPack("a delta makes too much");
    result.set(part, written);
    written += part.length;
  }
  if (written !== size) throw new BadPack("a delta makes too little");
  return result;
}

interface Reader {
  readonly delta: Uint8Array;
  at: number;
}

function byteOf(reader: Reader): number {
  const byte = reader.delta[reader.at];
  if (byte === undefined) throw new BadPack("a delta is cut off");
  reader.at += 1;
  return byte;
}

/** Seven bits in each byte, the lowest first. */
function readSize(reader: Reader): number {
  let [size, factor] = [0, 1];
  for (;;) {
    const byte = byteOf(reader);
    size += (byte & 0x7f) * factor;
    if ((byte & 0x80) === 0) return size;
    factor *= 128;
    if (factor > 2 ** 42) throw new BadPack("a delta has an impossible size");
  }
}

function inserted(reader: Reader, length: number): Uint8Array {
  const end = reader.at + length;
  if (end > reader.delta.length) throw new BadPack("a delta is cut off");
  const part = reader.delta.subarray(reader.at, end);
  reader.at = end;
  return part;
}

const WHOLE_LENGTH = 0x10000;

function copied(reader: Reader, code: number, base: Uint8Array): Uint8Array {
  let [from, length] = [0, 0];
  for (let bit = 0; bit < 4; bit += 1) {
    if ((code & (1 << bit)) !== 0) from += byteOf(reader) * 2 ** (8 * bit);
  }
  for (let bit = 0; bit < 3; bit += 1) {
    if ((code & (0x10 << bit)) !== 0) length += byteOf(reader) * 2 ** (8 * bit);
  }
  const end = from + (length === 0 ? WHOLE_LENGTH : length);
  if (end > base.length) throw new BadPack("a delta copies what is not there");
  return base.subarray(from, end);
}
