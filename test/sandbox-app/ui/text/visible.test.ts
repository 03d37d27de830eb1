import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { visibleBlock, visibleLine, visibleOutput } from "#sandbox/ui/text/visible.ts";

const RLO = "\u202e";

describe("text that others wrote", () => {
  it("shows bidi controls, so that a name reads as it is", () => {
    expect(visibleLine(`invoice${RLO}txt.exe`)).toBe("invoice‹U+202E›txt.exe");
    expect(visibleLine("a\u2066b\u2069c\u061cd")).toBe("a‹U+2066›b‹U+2069›c‹U+061C›d");
  });

  it("shows control characters by name", () => {
    expect(visibleLine("a\u001b[31mred\u0007\u0000\u007f")).toBe("a‹ESC›[31mred‹BEL›‹NUL›‹DEL›");
    expect(visibleLine("one\ntwo\tthree\r")).toBe("one‹LF›two‹TAB›three‹CR›");
    expect(visibleLine("\u0085")).toBe("‹U+0085›");
  });

  it("shows what has no width: joiners, fillers, tags, half surrogates", () => {
    expect(visibleLine("pass\u200bword\ufeff\u2028\u3164")).toBe(
      "pass‹U+200B›word‹U+FEFF›‹U+2028›‹U+3164›",
    );
    expect(visibleLine("\u{e0069}")).toBe("‹U+E0069›");
    expect(visibleLine("\ud800x")).toBe("‹U+D800›x");
  });

  it("leaves ordinary text of any script as it is", () => {
    const text = "Grüße, 世界, שלום, 🎉 <img src=x onerror=alert(1)> & “quotes”";
    expect(visibleLine(text)).toBe(text);
    expect(visibleBlock(text)).toBe(text);
  });

  it("keeps line breaks and tabs in blocks", () => {
    expect(visibleBlock("a\r\nb\tc\rd")).toBe("a\nb\tc‹CR›d");
  });

  it("drops colours from output, and no other escape", () => {
    const output = "\u001b[1;32mok\u001b[0m \u001b[2Jgone \u001b]52;c;aGk=\u0007";
    expect(visibleOutput(output)).toBe("ok ‹ESC›[2Jgone ‹ESC›]52;c;aGk=‹BEL›");
  });

  it("never lets a control or bidi character through", () => {
    const hidden = /[\p{Cc}\p{Bidi_Control}\p{Surrogate}]/u;
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(visibleLine(text)).not.toMatch(hidden);
        expect(visibleOutput(text).replace(/[\n\t]/g, "")).not.toMatch(hidden);
      }),
    );
  });
});
