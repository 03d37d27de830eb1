import { nodeError } from "../builtins/errors/node-error.ts";

/** `process.env`: every value is a string (Node, process.md, "process.env"). */
export function createEnvironment(
  start: Readonly<Record<string, string>>,
): Record<string, string | undefined> {
  return new Proxy<Record<string, string | undefined>>(
    { ...start },
    {
      set: (target, key, value) => {
        if (typeof key === "symbol" || typeof value === "symbol") {
          throw new TypeError("Cannot convert a Symbol value to a string");
        }
        target[key] = String(value);
        return true;
      },
      get: (target, key) => (typeof key === "string" ? Reflect.get(target, key) : undefined),
      defineProperty: (target, key, descriptor) => {
        const { configurable, writable, enumerable } = descriptor;
        if ("get" in descriptor || "set" in descriptor) {
          throw nodeError(
            "ERR_INVALID_OBJECT_DEFINE_PROPERTY",
            "'process.env' does not accept an accessor(getter/setter) descriptor",
            TypeError,
          );
        }
        if (configurable !== true || writable !== true || enumerable !== true) {
          throw nodeError(
            "ERR_INVALID_OBJECT_DEFINE_PROPERTY",
            "'process.env' only accepts a configurable, writable, and enumerable data descriptor",
            TypeError,
          );
        }
        return Reflect.defineProperty(target, key, {
          ...descriptor,
          value: String(descriptor.value),
        });
      },
    },
  );
}
