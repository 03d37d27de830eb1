import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LogLimits, OutputLog } from "#sandbox/dispatch/commands/output-log.ts";
import { readLog } from "#sandbox/dispatch/commands/read-log.ts";

const pieces = fc.array(
  fc.oneof(
    fc.constantFrom("a", "\n", "ü€", "𝄞", "𝄞𝄞\n", "line\n"),
    fc
      .integer({ min: 1, max: 9_000 })
      .map((length) => "0123456789".repeat(length).slice(0, length)),
  ),
  { maxLength: 40 },
);
const sizes = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 20_000 }));

/** Small ones, so that what a test writes is put away, and falls out. */
const limits: fc.Arbitrary<LogLimits> = fc.record({
  recentChars: fc.integer({ min: 1, max: 9_000 }),
  blockChars: fc.integer({ min: 2, max: 5_000 }),
  maxBytes: fc.integer({ min: 0, max: 30_000 }),
});
const roomy: LogLimits = { recentChars: 1_000, blockChars: 100, maxBytes: 1_000_000 };

function logOf(written: readonly string[], kept = roomy, isClosed = false): OutputLog {
  const log = new OutputLog(kept);
  for (const piece of written) log.push(piece);
  if (isClosed) log.close();
  return log;
}

const isLow = (text: string, at: number) => /[\uDC00-\uDFFF]/.test(text.charAt(at));

describe("a log of output", () => {
  it("keeps the latest, each character under its number, however it was cut", () => {
    const number = fc.nat(60_000);
    fc.assert(
      fc.property(pieces, limits, fc.boolean(), number, number, (written, kept, end, from, to) => {
        const all = written.join("");
        const log = logOf(written, kept, end);
        expect(log.end).toBe(all.length);
        expect(log.bytes).toBeLessThanOrEqual(kept.maxBytes);
        const latest = end ? 0 : Math.min(all.length, kept.recentChars);
        expect(log.end - log.start).toBeGreaterThanOrEqual(latest);
        expect(log.slice(from, to)).toBe(
          all.slice(Math.max(from, log.start), Math.max(to, log.start)),
        );
      }),
    );
  });

  it("keeps all that fits, and of more as much as fits", () => {
    fc.assert(
      fc.property(pieces, limits, (written, kept) => {
        const all = written.join("");
        const log = logOf(written, kept, true);
        const bytes = Buffer.byteLength(all);
        if (bytes <= kept.maxBytes) expect(log.start).toBe(0);
        // A block more would not fit; a character takes three bytes at most.
        else expect(log.bytes + 3 * kept.blockChars).toBeGreaterThan(kept.maxBytes);
      }),
    );
  });

  it("keeps a byte order mark, and other characters that decoders take away", () => {
    const all = "\uFEFFa\0\uFFFEb\uFEFF".repeat(100);
    expect(logOf([all], { recentChars: 1, blockChars: 7, maxBytes: 10_000 }).slice(0, 600)).toBe(
      all,
    );
  });

  it("puts no half of a character away", () => {
    const all = `a${"𝄞".repeat(100)}`;
    for (const blockChars of [2, 3, 4]) {
      const log = logOf([all], { recentChars: 1, blockChars, maxBytes: 10_000 });
      expect([log.start, log.slice(0, 300)]).toEqual([0, all]);
    }
  });

  it("reads from any cursor what a model of it has there", () => {
    fc.assert(
      fc.property(pieces, limits, sizes, fc.nat(), (written, kept, maxChars, number) => {
        const all = written.join("");
        const log = logOf(written, kept);
        const cursor = number % (all.length + 1);
        const part = readLog(log, { cursor, maxChars });
        const first = Math.max(cursor, log.start);
        // Half of a pair, whose other half is before it, is passed over.
        const from = isLow(all, first) ? first + 1 : first;
        expect(part.output).toBe(all.slice(from, part.cursor));
        expect(part.output.isWellFormed()).toBe(true);
        expect(part.dropped).toBe(from - cursor);
        expect(part.remaining).toBe(all.length - part.cursor);
        const short = Math.abs(part.output.length - Math.min(maxChars, all.length - from));
        expect(short).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("adds up to all that is kept, read from cursor to cursor", () => {
    fc.assert(
      fc.property(pieces, limits, fc.integer({ min: 1, max: 3_000 }), (written, kept, maxChars) => {
        const all = written.join("");
        const log = logOf(written, kept);
        let read = "";
        let part = readLog(log, { cursor: 0, maxChars });
        const { dropped } = part;
        for (read = part.output; part.remaining > 0; read += part.output) {
          part = readLog(log, { cursor: part.cursor, maxChars });
          expect(part.dropped).toBe(0);
          expect(part.output).not.toBe("");
        }
        expect(read).toBe(all.slice(dropped));
      }),
    );
  });

  it("has the last lines, as tail does", () => {
    const lines = fc.array(fc.constantFrom("", "a", "𝄞 b"), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(lines, fc.boolean(), fc.integer({ min: 1, max: 25 }), (texts, isOpen, tail) => {
        const all = texts.map((text) => `${text}\n`).join("") + (isOpen ? "open" : "");
        const count = texts.length + (isOpen ? 1 : 0);
        const wanted = all.split(/(?<=\n)/).slice(Math.max(0, count - tail));
        const part = readLog(logOf([all]), { tail, maxChars: 10_000 });
        expect(part.output).toBe(wanted.join(""));
        expect(part).toMatchObject({ dropped: all.length - part.output.length, remaining: 0 });
      }),
    );
  });

  it("has its end when nothing else is asked for, and no more than is wanted", () => {
    const log = logOf(["one\ntwo\n", "𝄞"]);
    expect(readLog(log, { maxChars: 6 })).toEqual({
      output: "two\n𝄞",
      cursor: 10,
      remaining: 0,
      dropped: 4,
    });
    expect(readLog(log, { maxChars: 1 }).output).toBe("𝄞");
    expect(readLog(log, { tail: 2, maxChars: 4 }).output).toBe("o\n𝄞");
    expect(readLog(logOf([]), { tail: 2, maxChars: 4 })).toMatchObject({
      output: "",
      cursor: 0,
    });
  });
});
