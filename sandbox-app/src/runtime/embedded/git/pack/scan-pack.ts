import { bytesToHex } from "@noble/hashes/utils.js";
import type { Bytes } from "../objects/bytes.ts";
import type { ObjectType } from "../objects/object-store.ts";
import { BadPack } from "./bad-pack.ts";
import { inflateAt } from "./inflate.ts";
import { OBJECT_MAX_BYTES, TOTAL_MAX_BYTES } from "./limits.ts";

/** Numbers of the types in a pack (gitformat-pack(5), "Object types"). */
const TYPES: Readonly<Record<number, ObjectType>> = { 1: "commit", 2: "tree", 3: "blob", 4: "tag" };
const OFFSET_DELTA = 6;
const NAMED_DELTA = 7;

export const HEADER_BYTES = 12;
export const NAME_BYTES = 20;

interface EntryPlace {
  readonly offset: number;
  /** Where its compressed bytes begin. */
  readonly dataAt: number;
  readonly end: number;
  /** Of what the compressed bytes are made of. */
  readonly size: number;
}

export interface WholeEntry extends EntryPlace {
  readonly type: ObjectType;
  readonly content: Bytes;
}

export interface DeltaEntry extends EntryPlace {
  readonly type: "delta";
  /** An earlier entry's offset, or an object's name. */
  readonly base: number | string;
  readonly content: Bytes;
}

/** @returns how many objects it says it has. @throws BadPack */
export function readPackHeader(pack: Bytes): number {
  if (pack.length < HEADER_BYTES + NAME_BYTES) throw new BadPack("it is cut off");
  const view = new DataView(pack.buffer, pack.byteOffset, pack.byteLength);
  if (view.getUint32(0) !== 0x5041434b) throw new BadPack("it does not begin as a pack does");
  if (![2, 3].includes(view.getUint32(4))) throw new BadPack("it is of an unknown version");
  return view.getUint32(8);
}

/**
 * All entries of a pack in their order, each decompressed and checked.
 *
 * @throws BadPack, also when something stands behind the last one
 */
export function* scanPack(pack: Bytes): Generator<WholeEntry | DeltaEntry> {
  const count = readPackHeader(pack);
  const body = pack.subarray(0, pack.length - NAME_BYTES);
  let [at, total] = [HEADER_BYTES, 0];
  for (let left = count; left > 0; left -= 1) {
    const entry = readEntry(body, at);
    total += entry.size;
    if (total > TOTAL_MAX_BYTES) throw new BadPack("it is too large");
    yield entry;
    at = entry.end;
  }
  if (at !== body.length) throw new BadPack("something stands behind its last object");
}

function readEntry(pack: Bytes, offset: number): WholeEntry | DeltaEntry {
  let at = offset;
  const next = (): number => {
    const byte = pack[at];
    if (byte === undefined) throw new BadPack("it is cut off");
    at += 1;
    return byte;
  };
  const first = next();
  const number = (first >> 4) & 7;
  let [size, factor] = [first & 15, 16];
  for (let byte = first; (byte & 0x80) !== 0;) {
    byte = next();
    size += (byte & 0x7f) * factor;
    factor *= 128;
    if (size > OBJECT_MAX_BYTES) throw new BadPack("an object is too large");
  }
  const type = TYPES[number];
  let base: number | string = "";
  if (number === OFFSET_DELTA) {
    base = offset - readDistance(next);
    if (base < HEADER_BYTES) throw new BadPack("a delta has no base");
  } else if (number === NAMED_DELTA) {
    if (at + NAME_BYTES > pack.length) throw new BadPack("it is cut off");
    base = bytesToHex(pack.subarray(at, at + NAME_BYTES));
    at += NAME_BYTES;
  } else if (type === undefined) throw new BadPack("an object has an unknown type");
  const { content, end } = inflateAt(pack, at, size);
  const place = { offset, dataAt: at, end, size, content };
  return type === undefined ? { ...place, type: "delta", base } : { ...place, type };
}

/** Seven bits in each byte, the highest first, each further byte one more. */
function readDistance(next: () => number): number {
  let byte = next();
  let distance = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    byte = next();
    distance = (distance + 1) * 128 + (byte & 0x7f);
    if (distance > 2 ** 40) throw new BadPack("a delta has no base");
  }
  return distance;
}
