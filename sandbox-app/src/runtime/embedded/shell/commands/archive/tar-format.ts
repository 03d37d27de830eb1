import { decodeText, encodeText } from "../text/encoding.ts";

/*
 * The blocks of an archive: ustar (POSIX.1-2017, pax, "ustar Interchange Format") with GNU's long
 * names; pax headers are read too.
 */

const BLOCK = 512;
/** Archives end at a multiple of this, as GNU's do (blocking factor 20). */
const RECORD = BLOCK * 20;
const NAME_BYTES = 100;

export type TarType = "file" | "directory" | "symlink" | "hard link";

export interface TarEntry {
  readonly name: string;
  readonly type: TarType;
  readonly mode: number;
  readonly mtimeMs: number;
  /** Target of a link. */
  readonly link: string;
  readonly owner: string;
  readonly content: Uint8Array;
}

/** The archive is not one, or ends too early. */
export class TarError extends Error {}

const flags: Readonly<Record<TarType, string>> = {
  file: "0",
  "hard link": "1",
  symlink: "2",
  directory: "5",
};

/** The blocks of one entry. */
export function entryBlocks(entry: TarEntry): Uint8Array[] {
  const long = [
    ...(encodeText(entry.name).byteLength > NAME_BYTES ? longName("L", entry.name) : []),
    ...(encodeText(entry.link).byteLength > NAME_BYTES ? longName("K", entry.link) : []),
  ];
  return [...long, header(entry, flags[entry.type]), ...padded(entry.content)];
}

/** What ends an archive of so many bytes. */
export function archiveEnd(size: number): Uint8Array {
  const whole = Math.ceil((size + BLOCK * 2) / RECORD) * RECORD;
  return new Uint8Array(whole - size);
}

function padded(content: Uint8Array): Uint8Array[] {
  const rest = content.byteLength % BLOCK;
  return rest === 0 ? [content] : [content, new Uint8Array(BLOCK - rest)];
}

function longName(flag: string, name: string): Uint8Array[] {
  const content = encodeText(`${name}\0`);
  const entry: TarEntry = {
    name: "././@LongLink",
    type: "file",
    mode: 0,
    mtimeMs: 0,
    link: "",
    owner: "root",
    content,
  };
  return [header(entry, flag), ...padded(content)];
}

function header({ name, mode, mtimeMs, link, owner, content }: TarEntry, flag: string): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, length: number, text: string): void =>
    block.set(encodeText(text).subarray(0, length), at);
  const octal = (at: number, length: number, value: number): void =>
    put(at, length, `${value.toString(8).padStart(length - 1, "0")}\0`);
  const id = owner === "root" ? 0 : 1000;
  put(0, NAME_BYTES, name);
  octal(100, 8, mode);
  octal(108, 8, id);
  octal(116, 8, id);
  octal(124, 12, content.byteLength);
  octal(136, 12, Math.max(0, Math.floor(mtimeMs / 1000)));
  put(148, 8, " ".repeat(8));
  put(156, 1, flag);
  put(157, NAME_BYTES, link);
  put(257, 8, "ustar  \0");
  put(265, 32, owner);
  put(297, 32, owner);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, 8, `${sum.toString(8).padStart(6, "0")}\0 `);
  return block;
}

const types: Readonly<Record<string, TarType>> = {
  "0": "file",
  "\0": "file",
  "7": "file",
  "1": "hard link",
  "2": "symlink",
  "5": "directory",
};

/**
 * The entries of an archive.
 *
 * @throws TarError
 */
export function* readArchive(bytes: Uint8Array): Generator<TarEntry> {
  let extra: Record<string, string> = {};
  if (bytes.byteLength > 0 && bytes.byteLength < BLOCK)
    throw new TarError("This does not look like a tar archive");
  for (let at = 0; at + BLOCK <= bytes.byteLength;) {
    const block = bytes.subarray(at, at + BLOCK);
    if (block.every((byte) => byte === 0)) return;
    if (!hasValidSum(block)) throw new TarError("This does not look like a tar archive");
    const raw = fields(block);
    const size = Number(extra["size"] ?? raw.size);
    const start = at + BLOCK;
    if (start + size > bytes.byteLength) throw new TarError("Unexpected EOF in archive");
    const content = bytes.subarray(start, start + size);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
    if (raw.flag === "L") extra["path"] = textOf(content);
    else if (raw.flag === "K") extra["linkpath"] = textOf(content);
    else if (raw.flag === "x") extra = { ...extra, ...paxFields(content) };
    else if (raw.flag !== "g") {
      const type = types[raw.flag];
      const name = extra["path"] ?? raw.name;
      if (type !== undefined) {
        yield {
          name,
          type: type === "file" && name.endsWith("/") ? "directory" : type,
          mode: raw.mode,
          mtimeMs: Number(extra["mtime"] ?? raw.mtime) * 1000,
          link: extra["linkpath"] ?? raw.link,
          owner: raw.owner,
          content,
        };
      }
      extra = {};
    }
  }
}

function fields(block: Uint8Array) {
  const text = (at: number, length: number): string => textOf(block.subarray(at, at + length));
  const number = (at: number, length: number): number => numberOf(block.subarray(at, at + length));
  const prefix = text(257, 6) === "ustar" && block[263] === 0x30 ? text(345, 155) : "";
  return {
    name: prefix === "" ? text(0, NAME_BYTES) : `${prefix}/${text(0, NAME_BYTES)}`,
    mode: number(100, 8) & 0o7777,
    size: number(124, 12),
    mtime: number(136, 12),
    flag: String.fromCharCode(block[156] ?? 0),
    link: text(157, NAME_BYTES),
    owner: text(265, 32),
  };
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeText(end === -1 ? bytes : bytes.subarray(0, end));
}

/** Octal digits, or a number in base 256 when the first bit is set (GNU). */
function numberOf(bytes: Uint8Array): number {
  if (((bytes[0] ?? 0) & 0x80) !== 0) {
    return bytes.subarray(1).reduce((value, byte) => value * 256 + byte, (bytes[0] ?? 0) & 0x7f);
  }
  return Number.parseInt(textOf(bytes).trim() || "0", 8);
}

function hasValidSum(block: Uint8Array): boolean {
  const told = numberOf(block.subarray(148, 156));
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  return told === sum;
}

/** `length key=value\n` (POSIX.1-2017, pax, "pax Extended Header"). */
function paxFields(content: Uint8Array): Record<string, string> {
  const found: Record<string, string> = {};
  for (let at = 0; at < content.byteLength;) {
    const space = content.indexOf(32, at);
    const length = Number(decodeText(content.subarray(at, space)));
    if (space === -1 || !Number.isInteger(length) || length <= 0) break;
    const line = decodeText(content.subarray(space + 1, at + length - 1));
    const equals = line.indexOf("=");
    found[line.slice(0, equals)] = line.slice(equals + 1);
    at += length;
  }
  return found;
}
