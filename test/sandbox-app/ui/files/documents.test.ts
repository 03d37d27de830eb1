import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  changedLines,
  type Content,
  decodeContent,
  type Document,
  EDITOR_MAX_BYTES,
  OPEN_MAX,
  replacement,
  withDisk,
  withOpened,
  withoutDocument,
  withRemoved,
} from "#sandbox/ui/files/documents.ts";

const text = (value: string): Content => ({ kind: "text", text: value, lineSeparator: "\n" });

function document(change: Partial<Document> = {}): Document {
  return {
    path: "/w/a",
    disk: text("old"),
    before: null,
    dirty: false,
    conflict: "none",
    ...change,
  };
}

const bytes = (value: string) => new TextEncoder().encode(value);

describe("what the editor reads", () => {
  it("keeps the file's own line breaks, and mixed ones as they are", () => {
    expect(decodeContent(bytes("a\r\nb\r\n"))).toMatchObject({ lineSeparator: "\r\n" });
    expect(decodeContent(bytes("a\r\nb\n"))).toMatchObject({ lineSeparator: "\n" });
    expect(decodeContent(bytes(""))).toMatchObject({ kind: "text", lineSeparator: "\n" });
  });

  it("gives text back byte for byte, a byte order mark included", () => {
    const content = decodeContent(bytes("\ufeffhi"));
    expect(content.kind === "text" && bytes(content.text)).toEqual(bytes("\ufeffhi"));
  });

  it("does not take bytes for text that are none, nor more than it can show", () => {
    expect(decodeContent(new Uint8Array([0xff, 0xfe, 0x41]))).toEqual({ kind: "binary", bytes: 3 });
    expect(decodeContent(bytes("a\0b")).kind).toBe("binary");
    expect(decodeContent(new Uint8Array(EDITOR_MAX_BYTES + 1)).kind).toBe("too_large");
  });
});

describe("an open file when the disk changes", () => {
  it("follows when it is clean", () => {
    expect(withDisk(document(), text("new"))).toMatchObject({
      disk: text("new"),
      conflict: "none",
    });
  });

  it("asks when it is dirty, and keeps the person's text", () => {
    const asked = withDisk(document({ dirty: true }), text("new"));
    expect(asked).toMatchObject({ conflict: "changed", dirty: true, disk: text("old") });
  });

  it("does not mind its own save, and calms down when a deleted file is back", () => {
    const clean = document();
    expect(withDisk(clean, text("old"))).toBe(clean);
    expect(withDisk(withRemoved(clean), text("old")).conflict).toBe("none");
  });

  it("closes the oldest clean file when too many are open, never a dirty one", () => {
    const many = Array.from({ length: OPEN_MAX }, (_, n) =>
      document({ path: `/w/${n}`, dirty: n === 0 }),
    );
    const open = withOpened(many, document({ path: "/w/new" }));
    expect(open.map(({ path }) => path)).toEqual([
      "/w/0",
      ...many.slice(2).map(({ path }) => path),
      "/w/new",
    ]);
  });

  it("shows the neighbour of a closed file", () => {
    const open = ["a", "b", "c"].map((path) => document({ path }));
    expect(withoutDocument(open, "b", "b").active).toBe("c");
    expect(withoutDocument(open, "c", "c").active).toBe("b");
    expect(withoutDocument(open, "a", "c").active).toBe("a");
    expect(withoutDocument([document({ path: "a" })], "a", "a").active).toBeNull();
  });
});

describe("what a change changed", () => {
  it("names the new lines only", () => {
    expect(changedLines("a\nb\nc", "a\nx\nb\nc\ny")).toEqual([2, 5]);
    expect(changedLines("a\nb", "a\nb")).toEqual([]);
    expect(changedLines("a\nb\nc", "a\nc")).toEqual([]);
    expect(changedLines("", "a\nb")).toEqual([1, 2]);
  });

  it("finds one replacement that makes the new text out of the old", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const { from, to, insert } = replacement(before, after);
        expect(before.slice(0, from) + insert + before.slice(to)).toBe(after);
      }),
    );
    expect(replacement("hello world", "hello brave world")).toEqual({
      from: 6,
      to: 6,
      insert: "brave ",
    });
  });
});
