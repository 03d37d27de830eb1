import { describe, expect, it } from "vitest";
import { toolOperations } from "#protocol/registry.ts";
import { restRoutes } from "#protocol/routes.ts";
import { fillTables } from "#scripts/generate/readme.ts";

const table = (name: string) =>
  `<!-- generated:${name} -->\n\nSTALE\n\n<!-- /generated:${name} -->\n\n`;
const empty = `# Title\n\n${table("tools")}${table("routes")}after\n`;

describe("fillTables", () => {
  it("writes one row per tool, and per route that is none, and nothing else", () => {
    const filled = fillTables(empty);
    for (const { name } of toolOperations) expect(filled).toContain(`| \`${name}\``);
    for (const { method, path } of restRoutes) {
      expect(filled.split(`\`${method} /api/v1${path}\``)).toHaveLength(2);
    }
    expect(filled).not.toContain("STALE");
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
