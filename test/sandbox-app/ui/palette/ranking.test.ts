import { describe, expect, it } from "vitest";
import { pieces, ranked, RESULTS_MAX } from "#sandbox/ui/palette/ranking.ts";

const entries = [
  "Go to Activity",
  "Go to Terminal",
  "New terminal",
  "Theme: dark",
  "Open src/app.ts",
  "Open test/snapshot.ts",
].map((title) => ({ title }));
const titles = (query: string) => ranked(entries, query).map(({ entry }) => entry.title);

describe("the palette's order", () => {
  it("keeps all in their order for an empty query", () => {
    expect(titles("  ")).toEqual(entries.map(({ title }) => title));
  });

  it("finds letters in order, whatever their case", () => {
    expect(titles("THEMEDARK")).toEqual(["Theme: dark"]);
    expect(titles("zzz")).toEqual([]);
  });

  it("puts word starts before letters in between", () => {
    expect(titles("nt")[0]).toBe("New terminal");
    expect(titles("app")[0]).toBe("Open src/app.ts");
    expect(titles("gt")[0]).toMatch(/^Go to/);
  });

  it("says which letters were found", () => {
    const [match] = ranked(entries, "nt");
    expect(match && pieces(match.entry.title, match.hits)).toEqual([
      { text: "N", hit: true },
      { text: "ew ", hit: false },
      { text: "t", hit: true },
      { text: "erminal", hit: false },
    ]);
  });

  it("is bounded", () => {
    const many = Array.from({ length: 500 }, (_, n) => ({ title: `file ${n}` }));
    expect(ranked(many, "f")).toHaveLength(RESULTS_MAX);
    expect(ranked(many, "")).toHaveLength(RESULTS_MAX);
  });
});
