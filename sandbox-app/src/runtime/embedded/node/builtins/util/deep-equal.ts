import { types } from "./types.ts";

/*
 * The comparisons of `assert.deepEqual`, `assert.deepStrictEqual` and `util.isDeepStrictEqual`
 * (Node's documentation of assert, "Comparison details").
 */

type Pairs = Map<object, object>;

export function isDeepStrictEqual(left: unknown, right: unknown): boolean {
  return equal(left, right, true, new Map());
}

export function isDeepLooseEqual(left: unknown, right: unknown): boolean {
  return equal(left, right, false, new Map());
}

function equal(left: unknown, right: unknown, strict: boolean, seen: Pairs): boolean {
  if (left === right) return left !== 0 || !strict || Object.is(left, right);
  if (!isObject(left) || !isObject(right))
    return !strict ? looselySame(left, right) : Number.isNaN(left) && Number.isNaN(right);
  if (strict && Object.getPrototypeOf(left) !== Object.getPrototypeOf(right)) return false;
  if (Object.prototype.toString.call(left) !== Object.prototype.toString.call(right)) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  if (!sameSlots(left, right)) return false;
  if (seen.get(left) === right) return true;
  const known = new Map(seen).set(left, right);
  return sameMembers(left, right, strict, known) && sameKeys(left, right, strict, known);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Two values of which at least one is no object. */
function looselySame(left: unknown, right: unknown): boolean {
  if (Number.isNaN(left) && Number.isNaN(right)) return true;
  if ((isObject(left) && right !== null) || (isObject(right) && left !== null)) return false;
  // oxlint-disable-next-line eqeqeq -- the loose comparison is what deepEqual promises
  return left == right;
}

/** What sets and maps hold; nothing for other objects, which are of one kind here. */
function sameMembers(left: object, right: object, strict: boolean, seen: Pairs): boolean {
  if (types["isSet"]?.(left) === true) {
    return sameSets(left as Set<unknown>, right as Set<unknown>, strict, seen);
  }
  if (types["isMap"]?.(left) === true) {
    return sameMaps(left as Map<unknown, unknown>, right as Map<unknown, unknown>, strict, seen);
  }
  return true;
}

/** What an object holds beside its properties: a date's time, a box's value, an error's message. */
function sameSlots(left: object, right: object): boolean {
  const is = (name: string, value: unknown) => types[name]?.(value) === true;
  for (const kind of [
    "isDate",
    "isRegExp",
    "isSet",
    "isMap",
    "isBoxedPrimitive",
    "isNativeError",
    "isAnyArrayBuffer",
    "isArrayBufferView",
  ]) {
    if (is(kind, left) !== is(kind, right)) return false;
  }
  if (is("isDate", left)) return Object.is((left as Date).getTime(), (right as Date).getTime());
  if (is("isRegExp", left)) return sameRegExps(left as RegExp, right as RegExp);
  if (is("isNativeError", left)) return sameErrors(left as Error, right as Error);
  if (is("isBoxedPrimitive", left)) return Object.is(left.valueOf(), right.valueOf());
  if (is("isAnyArrayBuffer", left)) {
    return sameBytes(new Uint8Array(left as ArrayBuffer), new Uint8Array(right as ArrayBuffer));
  }
  if (left instanceof WeakMap || left instanceof WeakSet || left instanceof Promise) return false;
  return (
    !is("isArrayBufferView", left) || sameViews(left as ArrayBufferView, right as ArrayBufferView)
  );
}

function sameRegExps(left: RegExp, right: RegExp): boolean {
  return String(left) === String(right) && left.lastIndex === right.lastIndex;
}

function sameErrors(left: Error, right: Error): boolean {
  return (
    left.message === right.message &&
    left.name === right.name &&
    "cause" in left === "cause" in right &&
    isDeepStrictEqual(left.cause, right.cause)
  );
}

function sameViews(left: ArrayBufferView, right: ArrayBufferView): boolean {
  if (left instanceof Float32Array || left instanceof Float64Array) {
    const other = right as Float64Array;
    return (
      left.length === other.length && left.every((value, index) => Object.is(value, other[index]))
    );
  }
  return sameBytes(
    new Uint8Array(left.buffer, left.byteOffset, left.byteLength),
    new Uint8Array(right.buffer, right.byteOffset, right.byteLength),
  );
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

function ownKeys(value: object, strict: boolean): (string | symbol)[] {
  const keys: (string | symbol)[] = ArrayBuffer.isView(value)
    ? Object.keys(value).filter((key) => !/^\d+$/.test(key))
    : Object.keys(value);
  if (!strict) return keys;
  const symbols = Object.getOwnPropertySymbols(value).filter((symbol) =>
    Object.prototype.propertyIsEnumerable.call(value, symbol),
  );
  return [...keys, ...symbols];
}

function sameKeys(left: object, right: object, strict: boolean, seen: Pairs): boolean {
  const keys = ownKeys(left, strict);
  if (keys.length !== ownKeys(right, strict).length) return false;
  if (Array.isArray(left) && left.length !== (right as unknown[]).length) return false;
  return keys.every(
    (key) =>
      Object.prototype.propertyIsEnumerable.call(right, key) &&
      equal(
        (left as Record<string | symbol, unknown>)[key],
        (right as Record<string | symbol, unknown>)[key],
        strict,
        seen,
      ),
  );
}

function sameSets(left: Set<unknown>, right: Set<unknown>, strict: boolean, seen: Pairs): boolean {
  if (left.size !== right.size) return false;
  const rest = [...right].filter((value) => !left.has(value));
  for (const value of left) {
    if (right.has(value)) continue;
    if (strict && (typeof value !== "object" || value === null)) return false;
    const index = rest.findIndex((other) => equal(value, other, strict, seen));
    if (index === -1) return false;
    rest.splice(index, 1);
  }
  return true;
}

function sameMaps(
  left: Map<unknown, unknown>,
  right: Map<unknown, unknown>,
  strict: boolean,
  seen: Pairs,
): boolean {
  if (left.size !== right.size) return false;
  const rest = [...right].filter(([key]) => !left.has(key));
  for (const [key, value] of left) {
    if (right.has(key)) {
      if (!equal(value, right.get(key), strict, seen)) return false;
      continue;
    }
    const index = rest.findIndex(
      ([otherKey, other]) =>
        equal(key, otherKey, strict, seen) && equal(value, other, strict, seen),
    );
    if (index === -1) return false;
    rest.splice(index, 1);
  }
  return true;
}
