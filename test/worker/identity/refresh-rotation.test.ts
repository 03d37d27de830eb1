import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GRACE_MS, rotate } from "#worker/identity/refresh-rotation.ts";
import type { RefreshFamily } from "#worker/store/refresh-families.ts";

const NOW = 1_795_132_800_000;
const family: RefreshFamily = {
  client: "key_1",
  name: "CI",
  session: "s_0123456789abcdef",
  scopes: ["files:read"],
  current: 5,
  rotatedAt: NOW,
  endsAt: NOW + 1_000_000,
};

describe("rotate (RFC 9700, section 4.14.2)", () => {
  it("gives the next token for the current one", () => {
    expect(rotate(family, 5, NOW + 1)).toEqual({
      outcome: "given",
      family: { ...family, current: 6, rotatedAt: NOW + 1 },
    });
  });

  it("gives the current one again for a lost answer, and forks nothing", () => {
    const again = rotate(family, 4, NOW + GRACE_MS - 1);
    expect(again.outcome).toBe("given");
    expect(again.family).toBe(family);
  });

  it.each([
    ["the one before, too late", 4, NOW + GRACE_MS],
    ["one before that, at once", 3, NOW],
    ["the first, at once", 1, NOW],
    ["one that was never given", 6, NOW],
  ])("ends the family for %s", (_, shown, now) => {
    expect(rotate(family, shown, now)).toEqual({ outcome: "reused", family: null });
  });

  it("ends with the login, whatever is shown", () => {
    expect(rotate(family, 5, family.endsAt)).toEqual({ outcome: "expired", family: null });
  });

  it("takes no token later than a lost answer after it was taken first, and none after the end", () => {
    // Whoever comes shows any token at all, at any time.
    const visit = fc.record({ shown: fc.integer({ min: 1, max: 8 }), after: fc.nat(15_000) });
    fc.assert(
      fc.property(fc.array(visit, { minLength: 1, maxLength: 40 }), (visits) => {
        const firstTaken = new Map<number, number>();
        let held: RefreshFamily | null = { ...family, current: 1 };
        let now = NOW;
        for (const { shown, after } of visits) {
          now += after;
          const rotation = rotate(held, shown, now);
          if (rotation.family === null) return;
          const since = now - (firstTaken.get(shown) ?? now);
          expect(since).toBeLessThan(GRACE_MS);
          if (!firstTaken.has(shown)) firstTaken.set(shown, now);
          // One line of descent: everybody who is given a token is given the same one.
          expect(rotation.family.current).toBe(Math.max(...firstTaken.keys()) + 1);
          held = rotation.family;
        }
      }),
    );
  });
});
