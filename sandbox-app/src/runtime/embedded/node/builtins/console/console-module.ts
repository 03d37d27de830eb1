import type { NodeContext } from "../../context.ts";
import { type ConsoleOptions, createConsoleMethods } from "./methods.ts";

/** `node:console` and the global `console`. */
export function createConsole(node: NodeContext): unknown {
  class Console {
    constructor(
      first: ConsoleOptions | ConsoleOptions["stdout"],
      stderr?: ConsoleOptions["stderr"],
    ) {
      const options =
        (first as { write?: unknown } | null)?.write === undefined
          ? (first as ConsoleOptions)
          : ({ stdout: first, stderr } as ConsoleOptions);
      Object.assign(this, createConsoleMethods(node, options));
    }
  }
  const callable = new Proxy(Console, {
    apply: (target, _self, args) => Reflect.construct(target, args) as object,
  });
  const global = createConsoleMethods(node, {
    get stdout() {
      return node.process.stdout;
    },
    get stderr() {
      return node.process.stderr;
    },
  });
  Object.defineProperty(global, "Console", {
    value: callable,
    enumerable: true,
    writable: true,
    configurable: true,
  });
  return global;
}
