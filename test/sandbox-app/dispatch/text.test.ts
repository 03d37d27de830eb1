import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OUTPUT_MAX_CHARS, READ_MAX_CHARS } from "#protocol/limits.ts";
import { decodeText, fromBase64, toBase64 } from "#sandbox/dispatch/bytes.ts";
import { CommandOutput } from "#sandbox/dispatch/command-output.ts";
import { takeLines } from "#sandbox/dispatch/lines.ts";

const texts = fc
  .array(fc.constantFrom("a", "ü€", "\n", "\r\n", "\r", "𝄞"), { maxLength: 60 })
  .map((parts) => parts.join(""));

describe("takeLines", () => {
  it("counts lines as an editor does", () => {
    const counts = ["", "\n", "a", "a\n", "a\nb", "a\r\nb\r\n"].map(
      (text) => takeLines(text, 1, 9).total_lines,
    );
    expect(counts).toEqual([0, 1, 1, 1, 2, 2]);
  });

  it("counts a negative offset from the end", () => {
    expect(takeLines("1\n2\n3\n", -2, 9)).toMatchObject({ text: "2\n3\n", start: 2, end: 3 });
    expect(takeLines("1\n2\n3\n", -9, 1)).toMatchObject({ text: "1\n", next_offset: 2 });
  });

  it("returns nothing behind the end", () => {
    expect(takeLines("1\n", 5, 9)).toMatchObject({ text: "", start: 0, end: 0, next_offset: null });
  });

  it("stops before READ_MAX_CHARS with a next offset", () => {
    const text = `${"x".repeat(999)}\n`.repeat(100);
    const { end, next_offset, text: part } = takeLines(text, 1, 1_000);
    expect(part.length).toBe(READ_MAX_CHARS);
    expect(next_offset).toBe(end + 1);
  });

  it("adds up to the whole text by next_offset", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 7 }), (text, limit) => {
        let whole = "";
        for (let offset: number | null = 1; offset !== null;) {
          const part = takeLines(text, offset, limit);
          whole += part.text;
          offset = part.next_offset;
        }
        expect(whole).toBe(text);
      }),
    );
  });
});

describe("CommandOutput", () => {
  it("stays within its limit, and says what is left out, for one long line too", () => {
    const output = new CommandOutput();
    for (let index = 0; index < 100; index++) output.push("𝄞".repeat(1_000));
    expect(output.truncated).toBe(true);
    expect(output.text.length).toBeLessThan(OUTPUT_MAX_CHARS + 100);
    expect(output.text).toMatch(/… \d+ characters omitted …/);
    expect(output.text.isWellFormed()).toBe(true);
  });

  it("is whole up to the limit", () => {
    const text = "x\n".repeat(OUTPUT_MAX_CHARS / 2);
    const output = new CommandOutput();
    output.push(text);
    expect([output.text, output.truncated]).toEqual([text, false]);
  });
});

describe("bytes", () => {
  it("turns bytes to base64 and back", () => {
    const long = fc.uint8Array({ minLength: 0x6000 - 3, maxLength: 0x6000 + 3 });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), long), (bytes) => {
        const text = toBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64"));
        expect(Buffer.from(fromBase64(text)).equals(bytes)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it("takes for text only what is UTF-8 without NUL", () => {
    expect(decodeText(new Uint8Array([0xc3, 0xa4]))).toBe("ä");
    expect(decodeText(new Uint8Array([0xe4]))).toBeUndefined();
    expect(decodeText(new Uint8Array([65, 0]))).toBeUndefined();
  });
});
