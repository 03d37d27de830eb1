import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEdits, type Edit, type Edited } from "#sandbox/edits/apply-edits.ts";

const edit = (old_text: string, new_text: string, replace_all = false): Edit => ({
  old_text,
  new_text,
  replace_all,
});

function textOf(edited: Edited): string {
  if (!edited.ok) throw new Error(`refused: ${edited.refusal.reason}`);
  return edited.text;
}

describe("what an edit replaces", () => {
  it("is the exact place, and nothing around it", () => {
    const done = applyEdits("a\n\tb \r\nc", [edit("\tb ", "B")]);
    expect(done).toEqual({ ok: true, text: "a\nB\r\nc", replacements: 1, fit: "exact" });
  });

  it("is every place with replace_all, none over another", () => {
    const done = applyEdits("aaaa", [edit("aa", "b", true)]);
    expect(done).toMatchObject({ text: "bb", replacements: 2 });
  });

  it("keeps the new text as it is given, with its own space", () => {
    expect(textOf(applyEdits("x = 1;\n", [edit("x = 1;", "  x = 2;  \n")]))).toBe("  x = 2;  \n\n");
  });

  it("sees what the edits before it have left", () => {
    const done = applyEdits("one", [edit("one", "two"), edit("two", "three")]);
    expect(done).toMatchObject({ text: "three", replacements: 2 });
  });

  it("may be empty text", () => {
    expect(textOf(applyEdits("keep drop", [edit(" drop", "")]))).toBe("keep");
  });
});

describe("ends of lines", () => {
  it("are overlooked when the text is not there exactly, and kept", () => {
    const done = applyEdits("a\r\nb\r\nc\r\n", [edit("a\nb\n", "A\nB\nBB\n")]);
    expect(done).toMatchObject({ text: "A\r\nB\r\nBB\r\nc\r\n", fit: "line_endings" });
  });

  it("of a file that has only CRLF are given to lines put into one line", () => {
    expect(textOf(applyEdits("a\r\nb\r\n", [edit("b", "b\nc")]))).toBe("a\r\nb\r\nc\r\n");
  });

  it("become LF where the place has LF", () => {
    expect(textOf(applyEdits("a\nb\n", [edit("a\r\nb", "A\r\nB")]))).toBe("A\nB\n");
  });

  it("follow the place in a file that has both", () => {
    const mixed = "a\r\nb\r\nc\nd\n";
    expect(textOf(applyEdits(mixed, [edit("a\nb", "A\nB")]))).toBe("A\r\nB\r\nc\nd\n");
    expect(textOf(applyEdits(mixed, [edit("c\nd", "C\nD")]))).toBe("a\r\nb\r\nC\nD\n");
  });

  it("at the start of the text sought belong to the place", () => {
    expect(textOf(applyEdits("a \r\nb\n", [edit("\nb", "\nB")]))).toBe("a \r\nB\n");
  });
});

describe("space at the ends of lines", () => {
  it("is overlooked last of all, in the file and in what is sought", () => {
    const done = applyEdits("if (x) {  \n  y();\t\n}\n", [edit("if (x) {\n  y(); \n}", "z();")]);
    expect(done).toMatchObject({ text: "z();\n", fit: "trailing_space" });
  });

  it("does not make one place of two when one of them is exact", () => {
    const done = applyEdits("a\nb \na\nb\n", [edit("a\nb\n", "c\n")]);
    expect(done).toMatchObject({ text: "a\nb \nc\n", fit: "exact" });
  });

  it("at the start of a line is never overlooked", () => {
    expect(applyEdits("  a\n", [edit("\ta", "b")])).toMatchObject({
      refusal: { reason: "not_found" },
    });
  });
});

describe("what is refused", () => {
  it("leaves all as it was, whichever edit it is", () => {
    const done = applyEdits("a b", [edit("a", "A"), edit("x", "y")]);
    expect(done).toEqual({ ok: false, edit: 1, text: "A b", refusal: { reason: "not_found" } });
  });

  it("names the lines of all places", () => {
    const done = applyEdits("x\ny\nx\n", [edit("x", "z")]);
    expect(done).toMatchObject({ refusal: { reason: "not_unique", lines: [1, 3], count: 2 } });
  });

  it("is a place that overlaps with another", () => {
    expect(applyEdits("b\nb\nb", [edit("b\nb", "c")])).toMatchObject({
      refusal: { reason: "not_unique", lines: [1, 2] },
    });
  });

  it.each(["", " ", "\n\t\n"])("is nothing but space to look for: %j", (blank) => {
    expect(applyEdits("a\n\n", [edit(blank, "b")])).toMatchObject({ refusal: { reason: "empty" } });
  });

  it("is an edit that changes nothing, and several that do so together", () => {
    expect(applyEdits("a", [edit("a", "a")])).toMatchObject({ refusal: { reason: "identical" } });
    const circle = applyEdits("a", [edit("a", "b"), edit("b", "a")]);
    expect(circle).toMatchObject({ ok: false, refusal: { reason: "identical" } });
  });
});

describe("any edit", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", " ", "\t", "\n", "\r\n", "é", "😀") });

  it("gives the text around the only place back byte for byte", () => {
    fc.assert(
      fc.property(word, word, word, word, (before, inner, replacement, after) => {
        const wanted = `<${inner}>`;
        const text = before + wanted + after;
        const done = applyEdits(text, [edit(wanted, replacement)]);
        if (!done.ok || done.fit !== "exact") return;
        // In a file of CRLF alone new lines end likewise; elsewhere they are as given.
        const isCrlf = text.includes("\r\n") && !/(?<!\r)\n/.test(text);
        const put = isCrlf ? replacement.replace(/\r?\n/g, "\r\n") : replacement;
        expect(done.text).toBe(before + put + after);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is found again with other line ends, and changes no other line", () => {
    const line = fc.string({ unit: fc.constantFrom("a", "b", "c", " ") });
    fc.assert(
      fc.property(fc.array(line, { minLength: 3, maxLength: 8 }), fc.nat(), (lines, seed) => {
        const from = seed % (lines.length - 1);
        const sought = lines.slice(from, from + 2).join("\n");
        const done = applyEdits(lines.join("\r\n"), [edit(sought, "NEW")]);
        if (!done.ok) {
          expect(["empty", "not_unique"]).toContain(done.refusal.reason);
          return;
        }
        expect(done.text).toBe(
          [...lines.slice(0, from), "NEW", ...lines.slice(from + 2)].join("\r\n"),
        );
      }),
      { numRuns: 2_000 },
    );
  });
});
