import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { knownDifferences } from "./known-differences.ts";

it("docs/shell.md lists the snippets that differ, with the reasons", async () => {
  const text = await readFile(new URL("../../../docs/shell.md", import.meta.url), "utf8");
  const rows = text.split("\n").flatMap((line) => {
    const match = /^\| ([a-z-]+: .*?) +\| (.*?) +\|$/.exec(line);
    return match === null ? [] : [[match[1], match[2]] as const];
  });
  expect(Object.fromEntries(rows)).toEqual(knownDifferences);
});
