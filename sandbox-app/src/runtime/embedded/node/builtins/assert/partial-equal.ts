import { isDeepStrictEqual } from "../util/deep-equal.ts";

/** `assert.partialDeepStrictEqual`: everything in `expected` is in `actual`, which may hold more. */
export function partiallyEqual(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== "object" || expected === null) return Object.is(actual, expected);
  if (typeof actual !== "object" || actual === null) return false;
  if (Object.getPrototypeOf(actual) !== Object.getPrototypeOf(expected)) return false;
  if (expected instanceof Set) {
    return [...expected].every((value) =>
      [...(actual as Set<unknown>)].some((each) => partiallyEqual(each, value)),
    );
  }
  if (expected instanceof Map) {
    return [...expected].every(([key, value]) => {
      const map = actual as Map<unknown, unknown>;
      return map.has(key) && partiallyEqual(map.get(key), value);
    });
  }
  if (Array.isArray(expected)) return inOrder(actual as unknown[], expected);
  if (expected instanceof Date || expected instanceof RegExp || ArrayBuffer.isView(expected)) {
    return isDeepStrictEqual(actual, expected);
  }
  return Reflect.ownKeys(expected).every(
    (key) =>
      key in actual &&
      partiallyEqual(
        (actual as Record<PropertyKey, unknown>)[key],
        (expected as Record<PropertyKey, unknown>)[key],
      ),
  );
}

function inOrder(actual: readonly unknown[], expected: readonly unknown[]): boolean {
  let at = 0;
  return expected.every((value) => {
    while (at < actual.length && !partiallyEqual(actual[at], value)) at++;
    return at++ < actual.length;
  });
}
