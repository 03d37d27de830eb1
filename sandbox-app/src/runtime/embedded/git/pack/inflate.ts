import type { Bytes } from "../objects/bytes.ts";
import { BadPack } from "./bad-pack.ts";

/*
 * Takes one compressed object out of a pack (RFC 1950, RFC 1951). A pack does not say how long its
 * compressed objects are, and libraries do not tell how much they have read; this one does.
 */

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
  163, 195, 227, 258,
];
const LENGTH_EXTRA = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
  3073, 4097, 6145, 8193, 12289, 16385, 24577,
];
const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
/** Order in which the lengths of the code lengths' codes come (RFC 1951, section 3.2.7). */
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const END_OF_BLOCK = 256;
const LITERALS_MAX = 286;
const DISTANCES_MAX = 30;
const CODE_MAX_BITS = 15;

/** Symbols by the bits that come next: `symbol << 4 | bits`; 0 where no code begins so. */
interface Codes {
  readonly table: Uint16Array;
  readonly bits: number;
}

/** @throws BadPack when there are more codes than their lengths have room for */
function codesOf(lengths: Uint8Array): Codes {
  const counts = new Uint16Array(CODE_MAX_BITS + 1);
  for (const length of lengths) if (length > 0) counts[length] = (counts[length] ?? 0) + 1;
  let bits = CODE_MAX_BITS;
  while (bits > 1 && counts[bits] === 0) bits -= 1;
  const next = new Uint16Array(CODE_MAX_BITS + 2);
  let code = 0;
  for (let length = 1; length <= CODE_MAX_BITS; length += 1) {
    next[length] = code;
    code += counts[length] ?? 0;
    if (code > 1 << length) throw new BadPack("a compressed object has impossible codes");
    code <<= 1;
  }
  const table = new Uint16Array(1 << bits);
  lengths.forEach((length, symbol) => {
    if (length === 0) return;
    const own = next[length] ?? 0;
    next[length] = own + 1;
    const entry = (symbol << 4) | length;
    for (let at = reversed(own, length); at < table.length; at += 1 << length) table[at] = entry;
  });
  return { table, bits };
}

function reversed(code: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit += 1) result |= ((code >> bit) & 1) << (length - 1 - bit);
  return result;
}

const FIXED_LITERALS = codesOf(
  Uint8Array.from({ length: 288 }, (_none, at) => (at < 144 ? 8 : at < 256 ? 9 : at < 280 ? 7 : 8)),
);
const FIXED_DISTANCES = codesOf(new Uint8Array(30).fill(5));

class Inflater {
  readonly #source: Uint8Array;
  readonly #out: Bytes;
  #at: number;
  #written = 0;
  /** Bits that were read and not used, and how many. */
  #hold = 0;
  #held = 0;

  constructor(source: Uint8Array, at: number, size: number) {
    this.#source = source;
    this.#at = at;
    this.#out = new Uint8Array(size);
  }

  run(): { readonly content: Bytes; readonly end: number } {
    const header = (this.#bits(8) << 8) | this.#bits(8);
    // Deflate, no dictionary, and the check of these two bytes (RFC 1950, section 2.2).
    if ((header & 0x0f20) !== 0x0800 || header % 31 !== 0) throw broken();
    for (let isLast = false; !isLast;) {
      isLast = this.#bits(1) === 1;
      const kind = this.#bits(2);
      if (kind === 0) this.#stored();
      else if (kind === 1) this.#block(FIXED_LITERALS, FIXED_DISTANCES);
      else if (kind === 2) this.#dynamic();
      else throw broken();
    }
    if (this.#written !== this.#out.length) throw new BadPack("an object is shorter than it says");
    this.#toByte();
    const sum = ((this.#bits(8) << 24) | (this.#bits(8) << 16) | (this.#bits(8) << 8)) >>> 0;
    if (sum + this.#bits(8) !== adler32(this.#out)) throw broken();
    return { content: this.#out, end: this.#at - (this.#held >> 3) };
  }

  #need(count: number): void {
    while (this.#held < count) {
      if (this.#at >= this.#source.length) throw new BadPack("it is cut off");
      this.#hold |= (this.#source[this.#at] ?? 0) << this.#held;
      this.#at += 1;
      this.#held += 8;
    }
  }

  #bits(count: number): number {
    if (count === 0) return 0;
    this.#need(count);
    const value = this.#hold & ((1 << count) - 1);
    this.#hold >>>= count;
    this.#held -= count;
    return value;
  }

  #toByte(): void {
    const rest = this.#held & 7;
    this.#hold >>>= rest;
    this.#held -= rest;
  }

  #symbol({ table, bits }: Codes): number {
    this.#need(bits);
    const entry = table[this.#hold & (table.length - 1)] ?? 0;
    const length = entry & 15;
    if (length === 0) throw broken();
    this.#hold >>>= length;
    this.#held -= length;
    return entry >> 4;
  }

  #stored(): void {
    this.#toByte();
    const length = this.#bits(16);
    if ((this.#bits(16) ^ 0xffff) !== length) throw broken();
    this.#at -= this.#held >> 3;
    this.#hold = 0;
    this.#held = 0;
    const end = this.#at + length;
    if (end > this.#source.length) throw new BadPack("it is cut off");
    if (this.#written + length > this.#out.length) throw tooLong();
    this.#out.set(this.#source.subarray(this.#at, end), this.#written);
    this.#written += length;
    this.#at = end;
  }

  #dynamic(): void {
    const literals = this.#bits(5) + 257;
    const distances = this.#bits(5) + 1;
    const order = this.#bits(4) + 4;
    if (literals > LITERALS_MAX || distances > DISTANCES_MAX) throw broken();
    const codeLengths = new Uint8Array(CODE_ORDER.length);
    for (const place of CODE_ORDER.slice(0, order)) codeLengths[place] = this.#bits(3);
    const codes = codesOf(codeLengths);
    const lengths = new Uint8Array(literals + distances);
    for (let at = 0; at < lengths.length;) {
      const symbol = this.#symbol(codes);
      if (symbol < 16) {
        lengths[at] = symbol;
        at += 1;
        continue;
      }
      if (symbol === 16 && at === 0) throw broken();
      const value = symbol === 16 ? (lengths[at - 1] ?? 0) : 0;
      const count =
        symbol === 16 ? 3 + this.#bits(2) : symbol === 17 ? 3 + this.#bits(3) : 11 + this.#bits(7);
      if (at + count > lengths.length) throw broken();
      lengths.fill(value, at, at + count);
      at += count;
    }
    this.#block(codesOf(lengths.subarray(0, literals)), codesOf(lengths.subarray(literals)));
  }

  #block(literals: Codes, distances: Codes): void {
    const out = this.#out;
    for (;;) {
      const symbol = this.#symbol(literals);
      if (symbol < END_OF_BLOCK) {
        if (this.#written >= out.length) throw tooLong();
        out[this.#written] = symbol;
        this.#written += 1;
        continue;
      }
      if (symbol === END_OF_BLOCK) return;
      const kind = symbol - END_OF_BLOCK - 1;
      const length = (LENGTH_BASE[kind] ?? Infinity) + this.#bits(LENGTH_EXTRA[kind] ?? 0);
      const far = this.#symbol(distances);
      const distance = (DISTANCE_BASE[far] ?? Infinity) + this.#bits(DISTANCE_EXTRA[far] ?? 0);
      this.#copy(length, distance);
    }
  }

  /** What was written before, also what this very copy writes. */
  #copy(length: number, distance: number): void {
    const end = this.#written + length;
    if (end > this.#out.length) throw tooLong();
    if (distance > this.#written) throw broken();
    for (let at = this.#written; at < end; at += 1) this.#out[at] = this.#out[at - distance] ?? 0;
    this.#written = end;
  }
}

/**
 * @param at where the compressed bytes begin
 * @param size of what they are made of, which is known
 * @returns it, and where the compressed bytes end
 * @throws BadPack
 */
export function inflateAt(
  source: Uint8Array,
  at: number,
  size: number,
): { readonly content: Bytes; readonly end: number } {
  return new Inflater(source, at, size).run();
}

/** RFC 1950, section 8.2; sums stay below 2^32 for so many bytes. */
const ADLER_CHUNK = 3_800;

function adler32(bytes: Uint8Array): number {
  let [low, high] = [1, 0];
  for (let start = 0; start < bytes.length; start += ADLER_CHUNK) {
    const end = Math.min(start + ADLER_CHUNK, bytes.length);
    for (let at = start; at < end; at += 1) {
      low += bytes[at] ?? 0;
      high += low;
    }
    low %= 65_521;
    high %= 65_521;
  }
  return ((high << 16) | low) >>> 0;
}

const broken = (): BadPack => new BadPack("an object cannot be decompressed");
const tooLong = (): BadPack => new BadPack("an object is longer than it says");
