/**
 * Node's older classes are functions, and programs call them without `new`. The result allows that
 * too. `Parent.call(this)` of `util.inherits` is not carried over where the class has private state.
 */
export function callableClass<T extends abstract new (...args: never[]) => object>(Class: T): T {
  const proxy: T = new Proxy(Class, {
    apply: (target, _self, args) =>
      Reflect.construct(target as unknown as NewableFunction, args) as object,
  });
  Object.defineProperty(Class.prototype, "constructor", {
    value: proxy,
    writable: true,
    configurable: true,
  });
  return proxy;
}
