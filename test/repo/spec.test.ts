import { describe, expect, it } from "vitest";
import { readText, testTitles } from "#test/support/repository.ts";

const rules = [...readText("protocol/SPEC.md").matchAll(/^- \*\*([A-Z]+-\d+)\*\*/gm)].map(
  (match) => match[1] ?? "",
);
const cited = new Map<string, string>();
for (const { file, title } of testTitles()) {
  for (const match of title.matchAll(/\b[A-Z]+-\d+\b/g)) cited.set(match[0], file);
}

describe("protocol/SPEC.md", () => {
  it("has rules, each with an id of its own", () => {
    expect(rules.length).toBeGreaterThan(20);
    expect(new Set(rules).size).toBe(rules.length);
  });

  it.each(rules)("has a test that cites %s", (rule) => {
    expect(cited.has(rule), `no test title cites ${rule}`).toBe(true);
  });

  it("knows every rule that a test cites", () => {
    const prefixes = new Set(rules.map((rule) => rule.split("-")[0]));
    const unknown = [...cited].filter(
      ([rule]) => prefixes.has(rule.split("-")[0]) && !rules.includes(rule),
    );
    expect(unknown).toEqual([]);
  });
});
