import { describe, expect, it } from "vitest";
import { sentenceOf } from "#worker/relay/recent-calls.ts";

describe("the sentence of a recent call", () => {
  it.each([
    ["Wrote src/app.ts", "Wrote src/app.ts"],
    ["Ran a\n\tb\u202Ec\u0007", "Ran a b c"],
    ["Ran curl -H 'Authorization: Bearer abc.def' x", "Ran curl -H 'Authorization: Bearer •••' x"],
    ["Ran GITHUB_TOKEN=ghp_123 npm publish", "Ran GITHUB_TOKEN=••• npm publish"],
    ['Ran login --password "two words" x', 'Ran login --password "two words" x'],
    ['Ran X_SECRET="two words" x', "Ran X_SECRET=••• x"],
    ["Ran git clone https://me:pw@host.example/r", "Ran git clone https://me:•••@host.example/r"],
    ["Read the token list", "Read the token list"],
  ])("of %j is %j", (summary, sentence) => {
    expect(sentenceOf(summary)).toBe(sentence);
  });

  it("is short, and whole characters", () => {
    const sentence = sentenceOf(`Ran ${"😀".repeat(200)}`);
    expect(sentence.length).toBeLessThanOrEqual(160);
    expect(sentence.endsWith("…")).toBe(true);
    expect(sentence.isWellFormed()).toBe(true);
  });
});
