import * as fflate from "fflate";
import type { Natives } from "../../context.ts";
import { brotliDecoder } from "./brotli.ts";

/** fflate's streaming classes, as far as they are used. */
export interface Codec {
  ondata: (bytes: Uint8Array, final: boolean) => void;
  push(bytes: Uint8Array, final?: boolean): void;
  flush?(sync?: boolean): void;
}

export interface ZlibOptions {
  readonly level?: number;
  readonly dictionary?: Uint8Array;
  readonly finishFlush?: number;
  readonly maxOutputLength?: number;
}

type Level = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

function settings({ level, dictionary }: ZlibOptions): {
  level?: Level;
  dictionary?: Uint8Array<ArrayBuffer>;
} {
  const own = level === undefined || level < 0 ? {} : { level: level as Level };
  return dictionary === undefined ? own : { ...own, dictionary: new Uint8Array(dictionary) };
}

/** Every format by the name of its class. Brotli is only read, and Zstandard has no codec here. */
export const codecs: Readonly<Record<string, (options: ZlibOptions, natives: Natives) => Codec>> = {
  Gzip: (options) => new fflate.Gzip({ ...settings(options), mtime: 0 }) as Codec,
  Gunzip: () => new fflate.Gunzip() as Codec,
  Deflate: (options) => new fflate.Zlib(settings(options)) as Codec,
  Inflate: (options) => new fflate.Unzlib(settings(options)) as Codec,
  DeflateRaw: (options) => new fflate.Deflate(settings(options)) as Codec,
  InflateRaw: (options) => new fflate.Inflate(settings(options)) as Codec,
  BrotliDecompress: (_options, natives) => brotliDecoder(natives),
  Unzip: () => new fflate.Decompress() as Codec,
};

/** Node's error for what fflate threw. */
export function zlibError(cause: unknown): Error {
  const { message } = cause as Error;
  // A decoder that knows Node's codes has given one.
  if ("errno" in (cause as Error)) return cause as Error;
  const [code, errno, text] = /EOF/.test(message)
    ? (["Z_BUF_ERROR", -5, "unexpected end of file"] as const)
    : ([
        "Z_DATA_ERROR",
        -3,
        /header|gzip|zlib/.test(message) ? "incorrect header check" : message,
      ] as const);
  return Object.assign(new Error(text), { errno, code });
}

const polynomial = 0xed_b8_83_20;
const table = Uint32Array.from({ length: 256 }, (_unused, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
  return value;
});

/** CRC-32 as gzip has it (RFC 1952, section 8). */
export function crc32(bytes: Uint8Array, start = 0): number {
  let value = ~start >>> 0;
  for (const byte of bytes) value = (value >>> 8) ^ (table[(value ^ byte) & 0xff] ?? 0);
  return ~value >>> 0;
}
