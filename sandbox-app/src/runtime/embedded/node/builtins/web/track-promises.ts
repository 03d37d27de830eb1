import type { NodeContext } from "../../context.ts";

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Lets the platform's own promises keep the process alive: the loop does not know of them otherwise. */
export function trackPromises(
  node: NodeContext,
  what: string,
  target: object,
  names: readonly string[],
): void {
  const methods = target as Record<string, Method | undefined>;
  for (const name of names) {
    const original = methods[name];
    if (original === undefined) continue;
    Object.defineProperty(target, name, {
      configurable: true,
      writable: true,
      value(this: unknown, ...args: unknown[]) {
        return node.loop.track(what, Reflect.apply(original, this, args) as Promise<unknown>);
      },
    });
  }
}
