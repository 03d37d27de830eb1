/**
 * A class as guests see it: its first parameter, the process it works for, is already given. `instanceof`,
 * `extends` and the name are those of the class itself.
 */
export function boundClass<Given, Rest extends unknown[], T extends object>(
  Class: new (given: Given, ...rest: Rest) => T,
  given: Given,
): (new (...rest: Rest) => T) & { readonly prototype: T } {
  const bound = new Proxy(Class, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, [given, ...args], newTarget) as T,
  });
  Object.defineProperty(Class.prototype, "constructor", {
    value: bound,
    writable: true,
    configurable: true,
  });
  return bound as unknown as (new (...rest: Rest) => T) & { readonly prototype: T };
}
