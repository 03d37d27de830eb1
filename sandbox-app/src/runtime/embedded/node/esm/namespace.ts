/** Reads an export's current value; throws while it is in its temporal dead zone. */
export type Getter = () => unknown;

/**
 * A module namespace exotic object (ECMA-262 10.4.6): sorted names, live values, nothing can be changed.
 * The proxy's target carries the same properties, as the invariants of proxies demand.
 */
export function createNamespace(getters: ReadonlyMap<string, Getter>): object {
  const target = Object.create(null) as Record<PropertyKey, unknown>;
  for (const name of [...getters.keys()].toSorted(byCodeUnits)) {
    Object.defineProperty(target, name, { writable: true, enumerable: true, configurable: false });
  }
  Object.defineProperty(target, Symbol.toStringTag, { value: "Module" });
  Object.preventExtensions(target);
  const getterOf = (key: PropertyKey): Getter | undefined =>
    typeof key === "string" ? getters.get(key) : undefined;
  return new Proxy(target, {
    get: (_, key) => {
      const getter = getterOf(key);
      return getter === undefined ? Reflect.get(target, key) : getter();
    },
    getOwnPropertyDescriptor: (_, key) => {
      const getter = getterOf(key);
      if (getter === undefined) return Reflect.getOwnPropertyDescriptor(target, key);
      return { value: getter(), writable: true, enumerable: true, configurable: false };
    },
    set: () => false,
    defineProperty: (_, key, descriptor) => {
      const getter = getterOf(key);
      if (getter === undefined) return Reflect.defineProperty(target, key, descriptor);
      const { configurable, enumerable, writable, value } = descriptor;
      if (configurable === true || enumerable === false || writable === false) return false;
      if ("get" in descriptor || "set" in descriptor) return false;
      return !("value" in descriptor) || Object.is(value, getter());
    },
    setPrototypeOf: (_, prototype) => prototype === null,
  });
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
