import { sha1 } from "@noble/hashes/legacy.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { fatal } from "../cli/failure.ts";
import { type Bytes, concat, decode, encode } from "../objects/bytes.ts";

/** What the index keeps of a file's status, so that an unchanged file need not be read. */
export interface Stamp {
  readonly ctimeMs: number;
  readonly mtimeMs: number;
  readonly ino: number;
  readonly size: number;
}

export interface IndexEntry {
  readonly path: string;
  /** 0, or in a conflict 1 the base, 2 ours, 3 theirs. */
  readonly stage: number;
  readonly mode: number;
  readonly oid: string;
  readonly stamp: Stamp;
  /** Named by `add -N` only: the path is known, its content is not. */
  readonly isIntent: boolean;
}

export const NO_STAMP: Stamp = { ctimeMs: 0, mtimeMs: 0, ino: 0, size: 0 };

const SIGNATURE = 0x44_49_52_43; // "DIRC"
const HEADER_BYTES = 12;
const ENTRY_BYTES = 62;
const CHECKSUM_BYTES = 20;
const NAME_MAX = 0xfff;
const EXTENDED = 0x40_00;
const INTENT = 0x20_00;

/** Reads an index of version 2 or 3 (gitformat-index(5)). */
export function parseIndex(bytes: Bytes): IndexEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || view.getUint32(0) !== SIGNATURE)
    throw fatal("index file corrupt");
  const version = view.getUint32(4);
  if (version !== 2 && version !== 3)
    throw fatal(`index version ${version} is not supported; git update-index --index-version 2`);
  const entries: IndexEntry[] = [];
  let at = HEADER_BYTES;
  for (let left = view.getUint32(8); left > 0; left -= 1) {
    const flags = view.getUint16(at + 60);
    const isExtended = (flags & EXTENDED) !== 0;
    const nameAt = at + ENTRY_BYTES + (isExtended ? 2 : 0);
    const end = bytes.indexOf(0, nameAt);
    entries.push({
      path: decode(bytes.subarray(nameAt, end)),
      stage: (flags >> 12) & 3,
      mode: view.getUint32(at + 24),
      oid: bytesToHex(bytes.subarray(at + 40, at + 60)),
      stamp: {
        ctimeMs: time(view, at),
        mtimeMs: time(view, at + 8),
        ino: view.getUint32(at + 20),
        size: view.getUint32(at + 36),
      },
      isIntent: isExtended && (view.getUint16(at + ENTRY_BYTES) & INTENT) !== 0,
    });
    at += padded(end - at);
  }
  return entries;
}

/** At least one NUL, up to a multiple of eight. */
function padded(length: number): number {
  return (length + 8) & ~7;
}

function time(view: DataView, at: number): number {
  return view.getUint32(at) * 1000 + view.getUint32(at + 4) / 1e6;
}

/** @param entries sorted by path and stage */
export function formatIndex(entries: readonly IndexEntry[]): Bytes {
  const version = entries.some(({ isIntent }) => isIntent) ? 3 : 2;
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  header.setUint32(0, SIGNATURE);
  header.setUint32(4, version);
  header.setUint32(8, entries.length);
  const body = concat([new Uint8Array(header.buffer), ...entries.map(formatEntry)]);
  return concat([body, sha1(body)]).slice(0, body.length + CHECKSUM_BYTES);
}

function formatEntry(entry: IndexEntry): Bytes {
  const name = encode(entry.path);
  const nameAt = ENTRY_BYTES + (entry.isIntent ? 2 : 0);
  const bytes = new Uint8Array(padded(nameAt + name.length));
  const view = new DataView(bytes.buffer);
  setTime(view, 0, entry.stamp.ctimeMs);
  setTime(view, 8, entry.stamp.mtimeMs);
  view.setUint32(20, entry.stamp.ino);
  view.setUint32(24, entry.mode);
  view.setUint32(36, entry.stamp.size);
  bytes.set(hexToBytes(entry.oid), 40);
  const flags = (entry.stage << 12) | Math.min(name.length, NAME_MAX);
  view.setUint16(60, entry.isIntent ? flags | EXTENDED : flags);
  if (entry.isIntent) view.setUint16(ENTRY_BYTES, INTENT);
  bytes.set(name, nameAt);
  return bytes;
}

function setTime(view: DataView, at: number, milliseconds: number): void {
  const seconds = Math.floor(milliseconds / 1000);
  view.setUint32(at, seconds);
  view.setUint32(at + 4, Math.round((milliseconds - seconds * 1000) * 1e6));
}
