import type { NodeContext } from "../../context.ts";
import { type ConsoleOptions, createConsoleMethods } from "./methods.ts";

/** `node:console` and the global `console`. */
export function createConsole(node: NodeContext): unknown {
  const optionsOf = (
    first: ConsoleOptions | ConsoleOptions["stdout"],
    stderr?: ConsoleOptions["stderr"],
  ) =>
    (first as { write?: unknown } | null)?.write === undefined
      ? (first as ConsoleOptions)
      : ({ stdout: first, stderr } as ConsoleOptions);
  // A function, because Node's can be called without `new` too.
  function Console(this: object | undefined, ...args: Parameters<typeof optionsOf>): object {
    const made =
      new.target === undefined
        ? (Object.create(Console.prototype as object) as object)
        : (this as object);
    return Object.assign(made, createConsoleMethods(node, optionsOf(...args)));
  }
  const global = createConsoleMethods(node, {
    get stdout() {
      return node.process.stdout;
    },
    get stderr() {
      return node.process.stderr;
    },
  });
  Object.defineProperty(global, "Console", {
    value: Console,
    enumerable: true,
    writable: true,
    configurable: true,
  });
  return global;
}
