import { deflateSync, constants } from "node:zlib";
import { describe, expect, it } from "vitest";
import { inflateAt } from "#sandbox/runtime/embedded/git/pack/inflate.ts";

/** The same numbers every time (Numerical Recipes' linear congruential generator). */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

function bytes(size: number, letters: number, next: () => number): Uint8Array {
  const text = new Uint8Array(size);
  for (let at = 0; at < size; at += 1)
    // Now and then a repetition, near or far.
    text[at] = next() < 0.4 && at > 100 ? (text[at - 97] ?? 0) : Math.floor(next() * letters);
  return text;
}

const { Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE, Z_DEFAULT_STRATEGY } = constants;

describe("inflateAt", () => {
  it.each([0, 1, 6, 9])("reads what zlib writes at level %d, and where it ends", (level) => {
    const next = random(level + 1);
    for (const strategy of [Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE]) {
      for (const size of [0, 1, 2, 100, 5_000, 70_000, 300_000]) {
        for (const letters of [1, 4, 256]) {
          const text = bytes(size, letters, next);
          const packed = deflateSync(text, { level, strategy });
          const around = Buffer.concat([Buffer.from("before"), packed, Buffer.alloc(24, 7)]);
          const { content, end } = inflateAt(around, 6, size);
          expect(Buffer.compare(content, text)).toBe(0);
          expect(end).toBe(6 + packed.length);
        }
      }
    }
  });

  it("refuses what is damaged, and never makes anything else of it", () => {
    const next = random(7);
    const text = bytes(3_000, 20, next);
    const packed = deflateSync(text);
    for (let round = 0; round < 2_000; round += 1) {
      const bad = new Uint8Array(packed);
      const at = Math.floor(next() * bad.length);
      bad[at] = (bad[at] ?? 0) ^ (1 << Math.floor(next() * 8));
      // The bits between the last block and the checksum mean nothing.
      if (at === packed.length - 5) continue;
      expect(() => inflateAt(bad, 0, text.length), `bit of byte ${at}`).toThrow("");
    }
    for (let end = 0; end < packed.length; end += 97)
      expect(() => inflateAt(packed.subarray(0, end), 0, text.length)).toThrow("cut off");
  });

  it("refuses another size than was said", () => {
    const packed = deflateSync(new Uint8Array(1_000));
    expect(() => inflateAt(packed, 0, 999)).toThrow("longer than it says");
    expect(() => inflateAt(packed, 0, 1_001)).toThrow("shorter than it says");
  });
});
