import { afterEach, describe, expect, it } from "vitest";
import { CodeEditor } from "#sandbox/ui/editor/code-editor.ts";
import { languageOf } from "#sandbox/ui/editor/languages.ts";
import { keyboard } from "../support/mounted-page.ts";

let editor: CodeEditor | undefined;
afterEach(() => {
  editor?.destroy();
  editor = undefined;
  document.body.replaceChildren();
});

function open(text: string, lineSeparator: "\n" | "\r\n" = "\n", path = "/w/a.txt"): CodeEditor {
  editor ??= create();
  editor.show({ path, text, lineSeparator, before: null });
  editor.focus();
  return editor;
}

function create(): CodeEditor {
  const parent = document.createElement("div");
  document.body.append(parent);
  return new CodeEditor({ parent, dark: false, onEdit: () => {}, onSave: () => {} });
}

describe("typing in the editor", () => {
  it("keeps the indent on Enter and the file's line breaks", async () => {
    const shown = open("  one\r\n", "\r\n");
    await keyboard("{End}{Enter}two");
    expect(shown.text("/w/a.txt")).toBe("  one\r\n  two\r\n");
  });

  it("indents and outdents the selected lines", async () => {
    const shown = open("a\nb");
    await keyboard("{Control>}a]{/Control}");
    expect(shown.text("/w/a.txt")).toBe("  a\n  b");
    await keyboard("{Control>}[[{/Control}");
    expect(shown.text("/w/a.txt")).toBe("a\nb");
  });

  it("takes back in steps, and forth again, until something else is typed", async () => {
    const shown = open("");
    await keyboard("abc");
    await keyboard("{Control>}z{/Control}");
    expect(shown.text("/w/a.txt")).toBe("");
    await keyboard("{Control>}{Shift>}z{/Shift}{/Control}");
    expect(shown.text("/w/a.txt")).toBe("abc");
    await keyboard("{Control>}z{/Control}x");
    await keyboard("{Control>}y{/Control}");
    expect(shown.text("/w/a.txt")).toBe("x");
  });

  it("keeps each file's text and history apart", async () => {
    const shown = open("one");
    await keyboard("1");
    open("two", "\n", "/w/b.txt");
    await keyboard("2{Control>}z{/Control}");
    expect(shown.text("/w/b.txt")).toBe("two");
    expect(shown.text("/w/a.txt")).toBe("1one");
    shown.follow("/w/a.txt", "1one and more");
    open("ignored");
    expect(shown.text("/w/a.txt")).toBe("1one and more");
  });
});

describe("highlighting", () => {
  it.each(["a.ts", "b.jsx", "c.json", "d.html", "e.css", "f.md", "g.mjs"])(
    "knows the language of %s",
    async (path) => {
      expect(await languageOf(path)).not.toEqual([]);
    },
  );

  it.each(["LICENSE", "a.bin", "x.constructor"])("leaves %s plain", async (path) => {
    expect(await languageOf(path)).toEqual([]);
  });
});
