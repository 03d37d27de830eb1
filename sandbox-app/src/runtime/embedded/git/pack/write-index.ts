import { sha1 } from "@noble/hashes/legacy.js";
import { hexToBytes } from "@noble/hashes/utils.js";
import { type Bytes, concat } from "../objects/bytes.ts";
import type { IndexedPack } from "./index-pack.ts";
import { NAME_BYTES } from "./scan-pack.ts";

const HEADER = Uint8Array.of(0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2);
const FAN_OUT = 256;

/** The index of a pack, version 2 (gitformat-pack(5), "pack-*.idx files"). Packs are below 2 GiB. */
export function formatPackIndex({ objects, name }: IndexedPack): Bytes {
  const sorted = objects.toSorted((one, other) => (one.oid < other.oid ? -1 : 1));
  const counts = new DataView(new ArrayBuffer(FAN_OUT * 4));
  const names = new Uint8Array(sorted.length * NAME_BYTES);
  const sums = new DataView(new ArrayBuffer(sorted.length * 4));
  const offsets = new DataView(new ArrayBuffer(sorted.length * 4));
  const perFirst = new Uint32Array(FAN_OUT);
  sorted.forEach(({ oid, crc, offset }, at) => {
    const bytes = hexToBytes(oid);
    names.set(bytes, at * NAME_BYTES);
    sums.setUint32(at * 4, crc);
    offsets.setUint32(at * 4, offset);
    const first = bytes[0] ?? 0;
    perFirst[first] = (perFirst[first] ?? 0) + 1;
  });
  let sum = 0;
  perFirst.forEach((count, first) => {
    sum += count;
    counts.setUint32(first * 4, sum);
  });
  const parts = [HEADER, counts, names, sums, offsets, hexToBytes(name)].map((part) =>
    part instanceof DataView ? new Uint8Array(part.buffer) : part,
  );
  const body = concat(parts);
  return concat([body, sha1(body)]);
}
