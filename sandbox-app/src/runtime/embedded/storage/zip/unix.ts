/** File types in a mode (POSIX `S_IFMT`). */
export const TYPE_MASK = 0o170000;
export const typeBits = { file: 0o100000, directory: 0o040000, symlink: 0o120000 } as const;

/** "Extended timestamp" (APPNOTE.TXT 4.6.1, Info-ZIP): seconds since the epoch, in UTC. */
export const TIMESTAMP_FIELD = 0x5455;

/** Says that the modification time follows. */
const HAS_MTIME = 1;

export function timestampExtra(mtimeMs: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(5);
  bytes[0] = HAS_MTIME;
  new DataView(bytes.buffer).setInt32(1, Math.floor(mtimeMs / 1_000), true);
  return bytes;
}

/** @returns milliseconds since the epoch; null when the extra fields of an entry do not tell */
export function timestampFrom(extra: DataView): number | null {
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    const isTime = extra.getUint16(at, true) === TIMESTAMP_FIELD;
    if (!isTime || at + 9 > extra.byteLength || extra.getUint16(at + 2, true) < 5) continue;
    if ((extra.getUint8(at + 4) & HAS_MTIME) !== 0) return extra.getInt32(at + 5, true) * 1_000;
  }
  return null;
}
