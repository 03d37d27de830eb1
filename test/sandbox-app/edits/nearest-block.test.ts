import { describe, expect, it } from "vitest";
import { characterDiff } from "#sandbox/edits/character-diff.ts";
import { nearestBlock } from "#sandbox/edits/nearest-block.ts";

const source = [
  "import a from 'a';",
  "",
  "function one() {",
  "\treturn compute(1);",
  "}",
  "",
  "function two() {",
  "\treturn compute(2);",
  "}",
  "",
].join("\n");

describe("the nearest block", () => {
  it("is where most of the sought lines are, whatever space they have", () => {
    const sought = "function two() {\n  return compute(2);\n}";
    expect(nearestBlock(source, sought)).toEqual({
      line: 7,
      lines: ["function two() {", "\treturn compute(2);", "}"],
    });
  });

  it("is found by a line alone that is like one of them", () => {
    expect(nearestBlock(source, "import a from 'b';")).toEqual({
      line: 1,
      lines: ["import a from 'a';"],
    });
  });

  it("may begin where the text begins, when the sought text has more before", () => {
    const sought = "// gone\nimport a from 'a';\n";
    expect(nearestBlock(source, sought)).toEqual({ line: 1, lines: ["import a from 'a';"] });
  });

  it("does not exist where nothing is like it", () => {
    expect(nearestBlock(source, "SELECT * FROM users")).toBeNull();
    expect(nearestBlock("", "anything")).toBeNull();
  });
});

describe("the difference of two texts", () => {
  it("marks what was sought and what is there, with space made visible", () => {
    expect(characterDiff("  return 1;", "\treturn 2;")).toBe("[-··-]{+→+}return [-1-]{+2+};");
  });

  it("shows both when they have too little in common", () => {
    const [one, other] = ["a".repeat(1_000), "b".repeat(1_000)];
    expect(characterDiff(one, other)).toBe(`[-${one}-]{+${other}+}`);
  });
});
