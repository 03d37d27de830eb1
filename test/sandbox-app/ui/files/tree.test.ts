import { describe, expect, it } from "vitest";
import type { DirectoryEntry } from "#sandbox/runtime/runtime.ts";
import { treeMove } from "#sandbox/ui/files/tree-keys.ts";
import {
  emptyTree,
  ENTRIES_SHOWN_MAX,
  hiddenEntries,
  knownFiles,
  parentPath,
  staleDirectory,
  treeRows,
  unlisted,
  withExpanded,
  withListing,
  withoutDirectory,
  withRevealed,
} from "#sandbox/ui/files/tree.ts";

const file = (name: string): DirectoryEntry => ({ name, type: "file" });
const directory = (name: string): DirectoryEntry => ({ name, type: "directory" });

const base = withListing(emptyTree("/w"), "/w", [
  file("b10.txt"),
  file("b9.txt"),
  directory("src"),
  file("A.md"),
]);
const opened = withListing(withExpanded(base, "/w/src", true), "/w/src", [
  directory("lib"),
  file("app.ts"),
]);
const names = (tree: typeof base) => treeRows(tree).map(({ name }) => name);

describe("the tree of files", () => {
  it("lists directories first, then names as people count", () => {
    expect(names(base)).toEqual(["src", "A.md", "b9.txt", "b10.txt"]);
  });

  it("shows an open directory's entries below it, with level and place", () => {
    expect(names(opened)).toEqual(["src", "lib", "app.ts", "A.md", "b9.txt", "b10.txt"]);
    expect(treeRows(opened)[2]).toMatchObject({
      path: "/w/src/app.ts",
      level: 2,
      position: 2,
      siblings: 2,
    });
  });

  it("wants a directory's list only when it is open and not listed", () => {
    expect(unlisted(emptyTree("/w"))).toEqual(["/w"]);
    expect(unlisted(withExpanded(base, "/w/src", true))).toEqual(["/w/src"]);
    expect(unlisted(opened)).toEqual([]);
  });

  it("opens all directories above a path", () => {
    expect(unlisted(withRevealed(base, "/w/src/lib/money.ts")).toSorted()).toEqual([
      "/w/src",
      "/w/src/lib",
    ]);
  });

  it("lists a directory again only when something in it came or went", () => {
    expect(staleDirectory(opened, { type: "created", path: "/w/src/new.ts" })).toBe("/w/src");
    expect(staleDirectory(opened, { type: "removed", path: "/w/A.md" })).toBe("/w");
    expect(staleDirectory(opened, { type: "changed", path: "/w/A.md" })).toBeNull();
    expect(staleDirectory(opened, { type: "created", path: "/w/src/lib/x.ts" })).toBeNull();
  });

  it("forgets what was below a directory that is gone", () => {
    const without = withListing(opened, "/w", [file("A.md")]);
    expect(without.listed.has("/w/src")).toBe(false);
    expect(without.expanded.has("/w/src")).toBe(false);
    expect(withoutDirectory(opened, "/w/src").listed.has("/w/src")).toBe(false);
    expect(names(withoutDirectory(opened, "/w"))).toEqual([]);
  });

  it("shows a bounded number of entries and counts the rest", () => {
    const many = Array.from({ length: ENTRIES_SHOWN_MAX + 7 }, (_, n) => file(`f${n}`));
    const tree = withListing(emptyTree("/w"), "/w", many);
    expect(treeRows(tree)).toHaveLength(ENTRIES_SHOWN_MAX);
    expect(hiddenEntries(tree)).toBe(7);
  });

  it("knows the files it has listed, and works at the root of the file system", () => {
    expect(knownFiles(opened)).toContain("/w/src/app.ts");
    expect(knownFiles(opened)).not.toContain("/w/src/lib");
    const root = withListing(emptyTree("/"), "/", [file("x")]);
    expect(treeRows(root)[0]?.path).toBe("/x");
    expect(parentPath("/x")).toBe("/");
  });
});

describe("keys in the tree", () => {
  const rows = treeRows(opened);
  it.each([
    ["/w/src", "ArrowDown", { do: "focus", path: "/w/src/lib" }],
    ["/w/src/lib", "ArrowUp", { do: "focus", path: "/w/src" }],
    ["/w/src", "ArrowUp", null],
    ["/w/src", "ArrowRight", { do: "focus", path: "/w/src/lib" }],
    ["/w/src/lib", "ArrowRight", { do: "expand", path: "/w/src/lib" }],
    ["/w/src", "ArrowLeft", { do: "collapse", path: "/w/src" }],
    ["/w/src/app.ts", "ArrowLeft", { do: "focus", path: "/w/src" }],
    ["/w/A.md", "ArrowRight", null],
    ["/w/A.md", "Home", { do: "focus", path: "/w/src" }],
    ["/w/A.md", "End", { do: "focus", path: "/w/b10.txt" }],
    ["/w/A.md", "Enter", { do: "open", path: "/w/A.md" }],
    ["/w/src", " ", { do: "collapse", path: "/w/src" }],
    ["/w/src/lib", "Enter", { do: "expand", path: "/w/src/lib" }],
    ["/w/b9.txt", "b", { do: "focus", path: "/w/b10.txt" }],
    ["/w/b10.txt", "a", { do: "focus", path: "/w/src/app.ts" }],
    ["/w/A.md", "F5", null],
    ["/gone", "ArrowDown", { do: "focus", path: "/w/src" }],
  ])("from %s, %s does %j", (focused, key, move) => {
    expect(treeMove(rows, focused, key)).toEqual(move);
  });
});
