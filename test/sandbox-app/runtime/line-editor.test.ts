import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawLine } from "#sandbox/runtime/embedded/terminal/draw-line.ts";
import { decodeKeys } from "#sandbox/runtime/embedded/terminal/keys.ts";
import {
  type LineEditor,
  newLine,
  press,
  remember,
  textOf,
} from "#sandbox/runtime/embedded/terminal/line-editor.ts";
import { graphemes, widthOf } from "#sandbox/runtime/embedded/terminal/width.ts";

function type(input: string, editor: LineEditor = newLine()): LineEditor {
  return decodeKeys(input).keys.reduce((line, key) => press(line, key).editor, editor);
}

/** The line with the cursor marked. */
function shown(input: string, editor?: LineEditor): string {
  const { chars, cursor } = type(input, editor);
  return `${chars.slice(0, cursor).join("")}|${chars.slice(cursor).join("")}`;
}

describe("editing", () => {
  it.each([
    ["typing", "echo hi", "echo hi|"],
    ["inserting after moving left", "ac\x1b[Db", "ab|c"],
    ["backspace", "abc\x7f", "ab|"],
    ["backspace at the start", "\x7fa", "a|"],
    ["delete", "abc\x1b[D\x1b[D\x1b[3~", "a|c"],
    ["ctrl-D inside a line", "abc\x01\x04", "|bc"],
    ["home and end", "bc\x1b[Ha\x1b[Fd", "abcd|"],
    ["ctrl-A and ctrl-E", "bc\x01a\x05d", "abcd|"],
    ["ctrl-K", "one two\x1bb\x0b", "one |"],
    ["ctrl-U", "one two\x1bb\x15", "|two"],
    ["ctrl-W", "one two  \x17", "one |"],
    ["ctrl-W and ctrl-Y", "one two\x17\x01\x19", "two|one "],
    ["words", "one two\x1b[1;5D\x1b[1;5D\x1b[1;5C", "one| two"],
    ["wide characters", "a名b\x7f\x7f", "a|"],
    ["a family is one character", "👨‍👩‍👧x\x02\x7f", "|x"],
    ["a combining mark joins", "e\u0301\x7f", "|"],
    ["unknown sequences leave no trace", "a\x1b[99~\x1b[?1;2c\x00b", "ab|"],
  ])("%s", (_name, input, expected) => {
    expect(shown(input)).toBe(expected);
  });

  it("keeps pasted line feeds and control sequences out of the keys", () => {
    expect(shown("a\x1b[200~x\r\ny\x1b[201~b")).toBe("ax\nyb|");
  });
});

describe("actions", () => {
  it.each([
    ["\r", "submit"],
    ["\x03", "interrupt"],
    ["\x04", "end"],
    ["\x0c", "clear"],
    ["\t", "complete"],
  ])("%j is %s", (input, action) => {
    const [key] = decodeKeys(input).keys;
    if (key === undefined) throw new Error("no key");
    expect(press(newLine(), key).action.type).toBe(action);
  });
});

describe("history", () => {
  const editor = newLine(["first", "second"]);
  it("goes up and down and gives the draft back", () => {
    expect(shown("draft\x1b[A", editor)).toBe("second|");
    expect(shown("draft\x1b[A\x1b[A\x1b[A", editor)).toBe("first|");
    expect(shown("draft\x1b[A\x1b[A\x1b[B", editor)).toBe("second|");
    expect(shown("draft\x1b[A\x1b[B", editor)).toBe("draft|");
  });

  it("keeps no blank and no repeated lines", () => {
    expect(remember(["a"], "a")).toEqual(["a"]);
    expect(remember(["a"], "  ")).toEqual(["a"]);
    expect(remember(["a"], "b")).toEqual(["a", "b"]);
  });
});

describe("keys", () => {
  it("are the same however the input is cut", () => {
    const input = "ls\x1b[A\x1b[1;5Dé名\x1bOH\x1b[200~p\rq\x1b[201~\x03x";
    const whole = decodeKeys(input).keys;
    const joined = (keys: typeof whole): string =>
      keys.map((key) => ("text" in key ? `${key.type}:${key.text}` : `<${key.type}>`)).join("");
    fc.assert(
      fc.property(fc.array(fc.nat(input.length), { maxLength: 6 }), (cuts) => {
        const points = [0, ...cuts.toSorted((a, b) => a - b), input.length];
        let rest = "";
        const keys = points.slice(1).flatMap((end, index) => {
          const decoded = decodeKeys(rest + input.slice(points[index], end));
          rest = decoded.rest;
          return decoded.keys;
        });
        expect(rest).toBe("");
        expect(joined(keys).replaceAll("text:", "")).toBe(joined(whole).replaceAll("text:", ""));
      }),
    );
  });
});

/** A terminal of a few columns that understands what `drawLine` writes. */
class Screen {
  readonly rows: string[][] = [[]];
  row = 0;
  column = 0;
  readonly columns: number;

  constructor(columns: number) {
    this.columns = columns;
  }

  write(text: string): void {
    // oxlint-disable-next-line no-control-regex -- terminals speak in control characters
    for (const [token] of text.matchAll(/\x1b\[(\d*)([A-Z])|\x1b\[[0-9;]*m|\P{M}\p{M}*/gsu)) {
      // oxlint-disable-next-line no-control-regex -- terminals speak in control characters
      const [, count = "", command] = /\x1b\[(\d*)([A-Z])/.exec(token) ?? [];
      if (command === "A") this.row -= Number(count);
      else if (command === "C") this.column += Number(count);
      else if (command === "J") this.#clearBelow();
      else if (token === "\r") this.column = 0;
      else if (token === "\n") this.row++;
      else if (!token.startsWith("\x1b")) this.#put(token);
    }
  }

  text(): string {
    return this.rows.map((row) => row.join("")).join("\n");
  }

  #put(char: string): void {
    const width = widthOf(char);
    if (this.column + width > this.columns) {
      this.row++;
      this.column = 0;
    }
    while (this.rows.length <= this.row) this.rows.push([]);
    const row = this.rows[this.row] ?? [];
    row[this.column] = char;
    if (width === 2) row[this.column + 1] = "";
    this.column += width;
  }

  #clearBelow(): void {
    this.rows.length = this.row + 1;
    this.rows[this.row]?.splice(this.column);
  }
}

describe("drawing", () => {
  it("shows the line, wrapped, with the cursor where it is, after any edits", () => {
    const line = fc.record({
      chars: fc.array(fc.constantFrom("a", "b", "名", "é", " ", "😀"), { maxLength: 30 }),
      at: fc.nat(),
    });
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 4, max: 12 }),
        (lines, columns) => {
          const screen = new Screen(columns);
          let row = 0;
          for (const { chars, at } of lines) {
            const cursor = at % (chars.length + 1);
            const drawing = drawLine({ prompt: "\x1b[1m$\x1b[0m ", chars, cursor }, columns, row);
            row = drawing.row;
            screen.write(drawing.output);
            expect(screen.text().replaceAll("\n", "")).toBe(`$ ${chars.join("")}`);
            expect(screen.row).toBe(row);
            const fresh = new Screen(columns);
            fresh.write(
              drawLine({ prompt: "$ ", chars: chars.slice(0, cursor), cursor }, columns, 0).output,
            );
            expect([screen.row, screen.column]).toEqual([fresh.row, fresh.column]);
          }
        },
      ),
    );
  });

  it("counts cells, not code units", () => {
    expect(graphemes("a名😀é").map(widthOf)).toEqual([1, 2, 2, 1]);
  });
});

it("textOf joins what was typed", () => {
  expect(textOf(type("a b"))).toBe("a b");
});
