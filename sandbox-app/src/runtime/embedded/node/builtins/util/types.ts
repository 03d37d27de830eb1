/* `util.types`: what kind of object a value is, found without internal slots of V8 being open to us. */

import { KeyObject } from "../crypto/key-objects.ts";

type Check = (value: unknown) => boolean;

const toStringTag = (value: unknown): string =>
  Object.prototype.toString.call(value).slice("[object ".length, -1);

/** Whether a prototype method that reads an internal slot accepts the value. */
function hasSlot(read: unknown, ...args: unknown[]): Check {
  const readSlot = read as (...values: unknown[]) => unknown;
  return (value) => {
    if (typeof value !== "object" || value === null) return false;
    try {
      Reflect.apply(readSlot, value, args);
      return true;
    } catch {
      return false;
    }
  };
}

function method(prototype: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(prototype, name)?.value;
}

function getter(prototype: object, name: string | symbol): (this: never) => unknown {
  return Reflect.get(Object.getOwnPropertyDescriptor(prototype, name) ?? {}, "get") as (
    this: never,
  ) => unknown;
}

const typedArrayTag = getter(
  Object.getPrototypeOf(Uint8Array.prototype) as object,
  Symbol.toStringTag,
);
const typedArray =
  (name: string): Check =>
  (value) =>
    Reflect.apply(typedArrayTag, value as never, []) === name;

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const byTag =
  (tag: string): Check =>
  (value) =>
    isObject(value) && toStringTag(value) === tag;
const isMap = hasSlot(getter(Map.prototype, "size"));
const isSet = hasSlot(getter(Set.prototype, "size"));
const isArrayBuffer = hasSlot(getter(ArrayBuffer.prototype, "byteLength"));
const isSharedArrayBuffer: Check =
  typeof SharedArrayBuffer === "undefined"
    ? () => false
    : hasSlot(getter(SharedArrayBuffer.prototype, "byteLength"));
const isNumberObject = hasSlot(method(Number.prototype, "valueOf"));
const isStringObject = hasSlot(method(String.prototype, "valueOf"));
const isBooleanObject = hasSlot(method(Boolean.prototype, "valueOf"));
const isSymbolObject = hasSlot(method(Symbol.prototype, "valueOf"));
const isBigIntObject = hasSlot(method(BigInt.prototype, "valueOf"));

const errorTags = new Set(["Error", "DOMException"]);
const isNativeError: Check = (value) =>
  isObject(value) &&
  (typeof (Error as { isError?: Check }).isError === "function"
    ? ((Error as { isError?: Check }).isError as Check)(value)
    : errorTags.has(toStringTag(value)) || value instanceof Error);

export const types: Record<string, Check> = {
  isExternal: () => false,
  isDate: hasSlot(method(Date.prototype, "getTime")),
  isArgumentsObject: byTag("Arguments"),
  isBigIntObject,
  isBooleanObject,
  isNumberObject,
  isStringObject,
  isSymbolObject,
  isBoxedPrimitive: (value) =>
    isNumberObject(value) ||
    isStringObject(value) ||
    isBooleanObject(value) ||
    isBigIntObject(value) ||
    isSymbolObject(value),
  isNativeError,
  isRegExp: byTag("RegExp"),
  isAsyncFunction: (value) =>
    typeof value === "function" && /^Async(?:Generator)?Function$/.test(toStringTag(value)),
  isGeneratorFunction: (value) =>
    typeof value === "function" && toStringTag(value).endsWith("GeneratorFunction"),
  isGeneratorObject: (value) => byTag("Generator")(value) || byTag("AsyncGenerator")(value),
  isPromise: (value) => isObject(value) && value instanceof Promise,
  isMap,
  isSet,
  isMapIterator: byTag("Map Iterator"),
  isSetIterator: byTag("Set Iterator"),
  isWeakMap: hasSlot(method(WeakMap.prototype, "has"), {}),
  isWeakSet: hasSlot(method(WeakSet.prototype, "has"), {}),
  isArrayBuffer,
  isDataView: hasSlot(getter(DataView.prototype, "byteLength")),
  isSharedArrayBuffer,
  isProxy: () => false,
  isModuleNamespaceObject: byTag("Module"),
  isAnyArrayBuffer: (value) => isArrayBuffer(value) || isSharedArrayBuffer(value),
  isCryptoKey: byTag("CryptoKey"),
  isKeyObject: (value) => value instanceof KeyObject,
  isEventTarget: (value) => value instanceof EventTarget,
  isArrayBufferView: (value) => ArrayBuffer.isView(value),
  isTypedArray: (value) => Reflect.apply(typedArrayTag, value as never, []) !== undefined,
  isUint8Array: typedArray("Uint8Array"),
  isUint8ClampedArray: typedArray("Uint8ClampedArray"),
  isUint16Array: typedArray("Uint16Array"),
  isUint32Array: typedArray("Uint32Array"),
  isInt8Array: typedArray("Int8Array"),
  isInt16Array: typedArray("Int16Array"),
  isInt32Array: typedArray("Int32Array"),
  isFloat32Array: typedArray("Float32Array"),
  isFloat64Array: typedArray("Float64Array"),
  isBigInt64Array: typedArray("BigInt64Array"),
  isBigUint64Array: typedArray("BigUint64Array"),
};
