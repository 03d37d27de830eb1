import { ZIP_DIRECTORY_MAX_BYTES, ZIP_ENTRIES_MAX } from "./limits.ts";
import { timestampFrom } from "./unix.ts";

/** One entry as the list at the end of a zip tells it (APPNOTE.TXT, 4.3.12). */
export interface ZipEntry {
  readonly name: string;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** POSIX mode with its type bits; 0 when the zip was not made on Unix. */
  readonly unixMode: number;
  /** Milliseconds since the epoch. */
  readonly mtimeMs: number;
  /** Where its local header begins. */
  readonly offset: number;
}

/** The zip cannot be taken; the message says why, for the person. */
export class ZipError extends Error {
  override readonly name = "ZipError";
}

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
/** The comment behind the end record is at most this long. */
const COMMENT_MAX_BYTES = 65_535;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const ENCRYPTED = 1;
const MADE_BY_UNIX = 3;
/** What a 32-bit field holds when the real value stands in a Zip64 record. */
const IN_ZIP64 = 0xffffffff;

/** @throws ZipError */
export async function readZipDirectory(zip: Blob): Promise<ZipEntry[]> {
  const end = await findEnd(zip);
  const count = end.getUint16(10, true);
  const length = end.getUint32(12, true);
  const start = end.getUint32(16, true);
  if (start === IN_ZIP64 || count === 0xffff) throw new ZipError("Zip64 files are not supported.");
  if (count > ZIP_ENTRIES_MAX || length > ZIP_DIRECTORY_MAX_BYTES) {
    throw new ZipError(`The zip has more than ${ZIP_ENTRIES_MAX} entries.`);
  }
  if (start + length > zip.size) throw new ZipError("The zip is cut short.");
  const directory = await viewOf(zip, start, start + length);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    const [entry, next] = readEntry(directory, at);
    entries.push(entry);
    at = next;
  }
  return entries;
}

async function findEnd(zip: Blob): Promise<DataView> {
  const tail = await viewOf(zip, Math.max(0, zip.size - END_BYTES - COMMENT_MAX_BYTES), zip.size);
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END_SIGNATURE) continue;
    if (at + END_BYTES + tail.getUint16(at + 20, true) !== tail.byteLength) continue;
    return new DataView(tail.buffer, tail.byteOffset + at, END_BYTES);
  }
  throw new ZipError("The file is no zip.");
}

function readEntry(view: DataView, at: number): [ZipEntry, number] {
  if (at + ENTRY_BYTES > view.byteLength || view.getUint32(at, true) !== ENTRY_SIGNATURE) {
    throw new ZipError("The list of the zip's entries is damaged.");
  }
  const nameLength = view.getUint16(at + 28, true);
  const extraLength = view.getUint16(at + 30, true);
  const next = at + ENTRY_BYTES + nameLength + extraLength + view.getUint16(at + 32, true);
  if (next > view.byteLength) throw new ZipError("The list of the zip's entries is cut short.");
  const name = textOf(view, at + ENTRY_BYTES, nameLength);
  if ((view.getUint16(at + 8, true) & ENCRYPTED) !== 0) {
    throw new ZipError(`${name} is encrypted.`);
  }
  const madeBy = view.getUint16(at + 4, true) >> 8;
  const extra = new DataView(
    view.buffer,
    view.byteOffset + at + ENTRY_BYTES + nameLength,
    extraLength,
  );
  const entry: ZipEntry = {
    name,
    method: view.getUint16(at + 10, true),
    mtimeMs: timestampFrom(extra) ?? dosTime(view.getUint32(at + 12, true)),
    crc: view.getUint32(at + 16, true),
    packedBytes: view.getUint32(at + 20, true),
    bytes: view.getUint32(at + 24, true),
    unixMode: madeBy === MADE_BY_UNIX ? view.getUint16(at + 40, true) : 0,
    offset: view.getUint32(at + 42, true),
  };
  if ([entry.packedBytes, entry.bytes, entry.offset].includes(IN_ZIP64)) {
    throw new ZipError("Zip64 files are not supported.");
  }
  return [entry, next];
}

/** Names are UTF-8, also where an old program did not say so: anything else would be a guess. */
function textOf(view: DataView, at: number, length: number): string {
  try {
    const bytes = new Uint8Array(view.buffer, view.byteOffset + at, length);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ZipError("A name in the zip is not UTF-8.", { cause: error });
  }
}

/** Local time in steps of two seconds (APPNOTE.TXT, 4.4.6). */
function dosTime(value: number): number {
  const date = new Date(
    (value >>> 25) + 1980,
    ((value >>> 21) & 15) - 1,
    (value >>> 16) & 31,
    (value >>> 11) & 31,
    (value >>> 5) & 63,
    (value & 31) * 2,
  );
  return date.getTime();
}

async function viewOf(blob: Blob, start: number, end: number): Promise<DataView> {
  return new DataView(await blob.slice(start, end).arrayBuffer());
}
