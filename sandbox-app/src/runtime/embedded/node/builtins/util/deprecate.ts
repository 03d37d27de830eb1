import type { NodeContext } from "../../context.ts";
import { validateString } from "../errors/validate.ts";

type AnyFunction = (...args: unknown[]) => unknown;

/** `util.deprecate`: warns at the first call; once per code, however many functions share it. */
export function createDeprecate(
  node: NodeContext,
): (original: AnyFunction, message: string, code?: string) => AnyFunction {
  const warned = new Set<string>();
  return (original, message, code) => {
    if (code !== undefined) validateString(code, "code");
    let told = false;
    function deprecated(this: unknown, ...args: unknown[]): unknown {
      if (!told) {
        told = true;
        if (code === undefined || !warned.has(code)) {
          if (code !== undefined) warned.add(code);
          node.process.emitWarning(message, "DeprecationWarning", code, deprecated);
        }
      }
      return new.target === undefined
        ? Reflect.apply(original, this, args)
        : Reflect.construct(original, args, new.target as unknown as NewableFunction);
    }
    Object.setPrototypeOf(deprecated, original);
    const { prototype } = original as { prototype?: unknown };
    if (prototype !== undefined) deprecated.prototype = prototype;
    Object.defineProperty(deprecated, "length", { value: original.length, configurable: true });
    return deprecated;
  };
}
