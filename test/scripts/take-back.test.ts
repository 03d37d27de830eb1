import { describe, expect, it } from "vitest";
import { aloneSince } from "#scripts/disco/take-back.ts";

describe("aloneSince", () => {
  it("remembers the first look that found no other tab", () => {
    const first = aloneSince(null, { isTakenOver: true, isAlone: true, at: 1_000 });
    expect(first).toBe(1_000);
    expect(aloneSince(first, { isTakenOver: true, isAlone: true, at: 2_000 })).toBe(1_000);
  });

  it.each([
    ["another tab is there", { isTakenOver: true, isAlone: false, at: 3_000 }],
    ["this one is not taken over", { isTakenOver: false, isAlone: true, at: 3_000 }],
  ])("begins anew when %s", (_, look) => {
    expect(aloneSince(1_000, look)).toBeNull();
  });
});
