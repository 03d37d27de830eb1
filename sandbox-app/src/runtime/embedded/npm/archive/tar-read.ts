/** A file of an archive. Directories follow from the files; npm ignores links in packages, so do we. */
export interface ArchiveFile {
  /** Below the package's root: the archive's own first directory is taken off. */
  readonly path: string;
  /** Permission bits as stored. */
  readonly mode: number;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** Size of a tar block (POSIX.1-2017, pax, "ustar Interchange Format"). */
const BLOCK = 512;
const decoder = new TextDecoder();

interface Header {
  readonly name: string;
  readonly mode: number;
  readonly size: number;
  readonly type: string;
}

/**
 * Reads the files of a package's tarball: ustar, with pax records and GNU long names.
 *
 * @throws Error when a header's checksum is wrong, the archive is cut off, or a path leaves the package
 */
export function readTar(bytes: Uint8Array<ArrayBuffer>): ArchiveFile[] {
  const files: ArchiveFile[] = [];
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= bytes.length;) {
    const block = bytes.subarray(at, at + BLOCK);
    at += BLOCK;
    if (block[0] === 0) continue;
    const header = readHeader(block);
    // A copy: a view would carry the whole archive along when it is sent to the kernel.
    const content = bytes.slice(at, at + header.size);
    if (content.length < header.size) throw new Error("the archive is cut off");
    at += Math.ceil(header.size / BLOCK) * BLOCK;
    switch (header.type) {
      case "x":
        longName = paxPath(content) ?? longName;
        continue;
      case "L":
        longName = textOf(content);
        continue;
      case "0":
      case "7":
        files.push({ path: packagePath(longName ?? header.name), mode: header.mode, content });
        break;
      default:
    }
    longName = undefined;
  }
  return files;
}

function readHeader(block: Uint8Array): Header {
  let sum = 0;
  for (let at = 0; at < BLOCK; at += 1) sum += at >= 148 && at < 156 ? 0x20 : (block[at] ?? 0);
  if (sum !== octal(block.subarray(148, 156))) throw new Error("the archive is damaged");
  const isUstar = textOf(block.subarray(257, 262)) === "ustar";
  // GNU archives keep other things where ustar has its prefix; their magic ends in a space.
  const prefix = isUstar && block[262] === 0 ? textOf(block.subarray(345, 500)) : "";
  const name = textOf(block.subarray(0, 100));
  const flag = block[156] ?? 0;
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    mode: octal(block.subarray(100, 108)) & 0o777,
    size: sizeOf(block.subarray(124, 136)),
    type: flag === 0 ? "0" : String.fromCharCode(flag),
  };
}

/** Octal digits, or GNU's base 256 when the highest bit is set. */
function sizeOf(field: Uint8Array): number {
  if (((field[0] ?? 0) & 0x80) === 0) return octal(field);
  return field.subarray(1).reduce((value, byte) => value * 256 + byte, 0);
}

/** A size below zero would have the same header read for ever. */
function octal(field: Uint8Array): number {
  const text = textOf(field).trim();
  if (!/^[0-7]*$/.test(text)) throw new Error("the archive is damaged");
  return text === "" ? 0 : Number.parseInt(text, 8);
}

function textOf(field: Uint8Array): string {
  const end = field.indexOf(0);
  return decoder.decode(end === -1 ? field : field.subarray(0, end));
}

/** Records are `length key=value\n`, their length counted in bytes. */
function paxPath(records: Uint8Array): string | undefined {
  let found: string | undefined;
  for (let at = 0; at < records.length;) {
    const space = records.indexOf(0x20, at);
    const length = Number(decoder.decode(records.subarray(at, space)));
    if (space === -1 || !(length > 0)) break;
    const record = decoder.decode(records.subarray(space + 1, at + length - 1));
    if (record.startsWith("path=")) found = record.slice("path=".length);
    at += length;
  }
  return found;
}

function packagePath(name: string): string {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  const path = parts.slice(1);
  if (path.length === 0 || path.includes("..") || name.includes("\0")) {
    throw new Error(`the archive holds the path "${name.slice(0, 200)}"`);
  }
  return path.join("/");
}
