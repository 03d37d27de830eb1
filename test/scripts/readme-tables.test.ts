import { describe, expect, it } from "vitest";
import { operationNames } from "#protocol/registry.ts";
import { fillTables } from "#scripts/generate/readme.ts";

const empty = "# Title\n\n<!-- generated:tools -->\n\nold\n\n<!-- /generated:tools -->\n\nafter\n";

describe("fillTables", () => {
  it("writes one row per operation between the markers, and nothing else", () => {
    const filled = fillTables(empty);
    for (const name of operationNames) expect(filled).toContain(`| \`${name}\``);
    expect(filled).not.toContain("old");
    expect(filled).toMatch(/^# Title\n/);
    expect(filled).toMatch(/\nafter\n$/);
  });

  it("leaves a table that is fresh as it is", () => {
    expect(fillTables(fillTables(empty))).toBe(fillTables(empty));
  });

  it("names the marker that is missing", () => {
    expect(() => fillTables("# Title")).toThrow(/generated:tools/);
  });
});
