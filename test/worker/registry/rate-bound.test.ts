import { expect, it } from "vitest";
import { RateBound } from "#worker/registry/rate-bound.ts";

it("gives each address a burst, and wins it back with time", () => {
  let now = 0;
  const rate = new RateBound(2, 1, () => now);
  expect([rate.take("a"), rate.take("a"), rate.take("a")]).toEqual([true, true, false]);
  expect(rate.take("b")).toBe(true);
  now = 1_000;
  expect([rate.take("a"), rate.take("a")]).toEqual([true, false]);
  now = 1_000_000;
  expect([rate.take("a"), rate.take("a"), rate.take("a")]).toEqual([true, true, false]);
});
