import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OutputLog } from "#sandbox/dispatch/commands/output-log.ts";
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

function logOf(written: readonly string[], maxChars: number): OutputLog {
  const log = new OutputLog(maxChars);
  for (const piece of written) log.push(piece);
  return log;
}

const isLow = (text: string, at: number) => /[\uDC00-\uDFFF]/.test(text.charAt(at));

describe("a log of output", () => {
  it("keeps the latest, each character under its number, however it was cut", () => {
    fc.assert(
      fc.property(pieces, sizes, fc.nat(60_000), fc.nat(60_000), (written, max, from, to) => {
        const all = written.join("");
        const log = logOf(written, max);
        expect([log.start, log.end]).toEqual([Math.max(0, all.length - max), all.length]);
        expect(log.slice(from, to)).toBe(
          all.slice(Math.max(from, log.start), Math.max(to, log.start)),
        );
      }),
    );
  });

  it("reads from any cursor what a model of it has there", () => {
    fc.assert(
      fc.property(pieces, sizes, sizes, fc.nat(), (written, max, maxChars, number) => {
        const all = written.join("");
        const log = logOf(written, max);
        const cursor = number % (all.length + 1);
        const part = readLog(log, { cursor, maxChars });
        const kept = Math.max(cursor, all.length - max, 0);
        // Half of a pair, whose other half is before it, is passed over.
        const from = isLow(all, kept) ? kept + 1 : kept;
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
      fc.property(pieces, sizes, fc.integer({ min: 1, max: 3_000 }), (written, max, maxChars) => {
        const all = written.join("");
        const log = logOf(written, max);
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
        const part = readLog(logOf([all], 10_000), { tail, maxChars: 10_000 });
        expect(part.output).toBe(wanted.join(""));
        expect(part).toMatchObject({ dropped: all.length - part.output.length, remaining: 0 });
      }),
    );
  });

  it("has its end when nothing else is asked for, and no more than is wanted", () => {
    const log = logOf(["one\ntwo\n", "𝄞"], 100);
    expect(readLog(log, { maxChars: 6 })).toEqual({
      output: "two\n𝄞",
      cursor: 10,
      remaining: 0,
      dropped: 4,
    });
    expect(readLog(log, { maxChars: 1 }).output).toBe("𝄞");
    expect(readLog(log, { tail: 2, maxChars: 4 }).output).toBe("o\n𝄞");
    expect(readLog(logOf([], 10), { tail: 2, maxChars: 4 })).toMatchObject({
      output: "",
      cursor: 0,
    });
  });
});
