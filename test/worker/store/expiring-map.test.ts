import { expect, it } from "vitest";
import { ExpiringMap } from "#worker/store/expiring-map.ts";

it("believes an entry for its time only", () => {
  let now = 0;
  const map = new ExpiringMap<string, number>(10, 9, () => now);
  expect(map.set("a", 1)).toBe(1);
  now = 9;
  expect(map.get("a")).toBe(1);
  now = 10;
  expect(map.get("a")).toBeUndefined();
});

it("is bounded, and the newest stay", () => {
  const map = new ExpiringMap<number, number>(10, 2, () => 0);
  for (const key of [1, 2, 1, 3]) map.set(key, key);
  expect([map.get(1), map.get(2), map.get(3)]).toEqual([1, undefined, 3]);
});
