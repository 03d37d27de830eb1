import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PROGRESS_LINE_MAX_CHARS } from "#protocol/limits.ts";
import { lastLine, oneLine } from "#protocol/progress-line.ts";

const ESC = "\u001B";

describe("the last line", () => {
  it.each([
    ["", ""],
    ["one\ntwo\n", "two"],
    ["one\n\n  \t\n", "one"],
    ["10 %\r50 %\r", "50 %"],
    ["one\r\ntwo\r\n", "two"],
    ["open", "open"],
    [`${ESC}[31mred${ESC}[0m\n${ESC}[2K${ESC}[1G`, "red"],
    [`${ESC}]0;a title\u0007text${ESC}(B`, "text"],
    [`${ESC}]8;;https://example.com${ESC}\\link${ESC}]8;;${ESC}\\`, "link"],
    [`text${ESC}[3`, "text"],
    [`text${ESC}`, "text"],
    ["a\tb\u0008\u0007c", "a b c"],
    ["\u202Egnp.exe\u2066 \u200B", "gnp.exe"],
    ["täglich 𝄞 日本", "täglich 𝄞 日本"],
  ])("of %j is %j", (output, line) => {
    expect(lastLine(output)).toBe(line);
  });

  it("is short, and cut between characters", () => {
    const line = lastLine(`${"x".repeat(PROGRESS_LINE_MAX_CHARS - 2)}𝄞𝄞`);
    expect(line).toHaveLength(PROGRESS_LINE_MAX_CHARS);
    expect(line.endsWith("…")).toBe(true);
    expect(line.isWellFormed()).toBe(true);
  });

  it("never has a control character, whatever was written", () => {
    const written = fc.string({ unit: "binary", maxLength: 400 });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(written, fc.constantFrom(ESC, `${ESC}[`, "\r", "\n")), { maxLength: 6 }),
        (parts) => {
          for (const line of [lastLine(parts.join("")), oneLine(parts.join(""))]) {
            expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
            expect(line.length).toBeLessThanOrEqual(PROGRESS_LINE_MAX_CHARS);
            expect(line.isWellFormed()).toBe(true);
          }
        },
      ),
    );
  });
});
