import { invalidArgType, nodeError } from "../errors/node-error.ts";
import { validateFunction } from "../errors/validate.ts";

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

export const customPromisify = Symbol.for("nodejs.util.promisify.custom");
/** Names of a callback's values where it has several (`exec`: stdout and stderr). */
export const customPromisifyArgs = Symbol("customPromisifyArgs");

export function promisify(original: AnyFunction): AnyFunction {
  validateFunction(original, "original");
  const custom = (original as unknown as Record<symbol, unknown>)[customPromisify];
  if (custom !== undefined && custom !== null) {
    validateFunction(custom, "util.promisify.custom");
    return Object.defineProperty(custom as AnyFunction, customPromisify, {
      value: custom,
      enumerable: false,
      writable: false,
      configurable: true,
    });
  }
  const names = (original as unknown as Record<symbol, readonly string[] | undefined>)[
    customPromisifyArgs
  ];
  function promised(this: unknown, ...args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const callback = (error: Error | null, ...values: unknown[]) => {
        if (error) reject(error);
        else if (names !== undefined && values.length > 1) {
          resolve(Object.fromEntries(names.map((name, index) => [name, values[index]])));
        } else resolve(values[0]);
      };
      Reflect.apply(original, this, [...args, callback]);
    });
  }
  Object.setPrototypeOf(promised, Object.getPrototypeOf(original) as object | null);
  Object.defineProperty(promised, customPromisify, {
    value: promised,
    enumerable: false,
    writable: false,
    configurable: true,
  });
  return Object.defineProperties(promised, Object.getOwnPropertyDescriptors(original));
}

export function callbackify(
  original: AnyFunction,
  nextTick: (callback: () => void) => void,
): AnyFunction {
  validateFunction(original, "original");
  function callbackified(this: unknown, ...args: unknown[]): void {
    const callback = args.pop() as AnyFunction;
    if (typeof callback !== "function") {
      throw invalidArgType("last argument", "of type function", callback);
    }
    const call = (...results: unknown[]) => Reflect.apply(callback, this, results);
    void (Reflect.apply(original, this, args) as Promise<unknown>).then(
      (value) => nextTick(() => call(null, value)),
      (error: unknown) => nextTick(() => call(error || falsyRejection(error))),
    );
  }
  Object.defineProperties(callbackified, {
    ...Object.getOwnPropertyDescriptors(original),
    length: { value: original.length + 1, configurable: true },
    name: { value: `${original.name}Callbackified`, configurable: true },
  });
  return callbackified;
}

function falsyRejection(reason: unknown): Error {
  const error = nodeError("ERR_FALSY_VALUE_REJECTION", "Promise was rejected with falsy value");
  return Object.assign(error, { reason });
}
