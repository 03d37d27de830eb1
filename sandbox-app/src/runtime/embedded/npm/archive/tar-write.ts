import type { ArchiveFile } from "./tar-read.ts";

const BLOCK = 512;
/** Bytes that the name and the prefix of a ustar header hold (POSIX.1-2017, pax). */
const NAME_MAX = 100;
/** npm stamps every file so, in order that the same content gives the same tarball. */
const MTIME_S = 499_162_500;

const encoder = new TextEncoder();

/** Writes a package's tarball: all files below `package/`, in the order given. */
export function writeTar(files: readonly ArchiveFile[]): Uint8Array<ArrayBuffer> {
  const parts = files.flatMap((file) => {
    const name = `package/${file.path}`;
    const entry = [header(name, "0", file.content.length, file.mode), padded(file.content)];
    if (encoder.encode(name).length <= NAME_MAX) return entry;
    const record = paxRecord("path", name);
    return [header("PaxHeader", "x", record.length, 0o644), padded(record), ...entry];
  });
  const size = parts.reduce((sum, part) => sum + part.length, 2 * BLOCK);
  const archive = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    archive.set(part, at);
    at += part.length;
  }
  return archive;
}

function header(name: string, type: "0" | "x", size: number, mode: number): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (text: string, at: number): void => {
    block.set(encoder.encode(text), at);
  };
  block.set(encoder.encode(name).subarray(0, NAME_MAX), 0);
  put(octal(mode, 7), 100);
  put(octal(0, 7), 108);
  put(octal(0, 7), 116);
  put(octal(size, 11), 124);
  put(octal(MTIME_S, 11), 136);
  put("        ", 148);
  put(type, 156);
  put("ustar\u000000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(`${octal(sum, 6)}\0 `, 148);
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

function padded(content: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(content.length / BLOCK) * BLOCK);
  whole.set(content);
  return whole;
}

/** `length key=value\n`, where the length counts its own digits too. */
function paxRecord(key: string, value: string): Uint8Array {
  const rest = encoder.encode(` ${key}=${value}\n`).length;
  let length = rest + 1;
  while (String(length).length + rest !== length) length = String(length).length + rest;
  return encoder.encode(`${length} ${key}=${value}\n`);
}
