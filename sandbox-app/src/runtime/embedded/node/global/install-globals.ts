import { invalidArgType } from "../builtins/errors/node-error.ts";
import type { NodeContext } from "../context.ts";
import type { NodeLoop } from "../loop/event-loop.ts";
import { hideBrowser } from "./hide-browser.ts";

/** Those of Node's enumerable globals that the browser keeps on a prototype, or hides. */
const shownNames = [
  "structuredClone",
  "atob",
  "btoa",
  "performance",
  "fetch",
  "crypto",
  "navigator",
];

type Descriptors = Record<string, PropertyDescriptor>;

/** Turns the worker's global object into Node's. */
export function installGlobals(node: NodeContext, loop: NodeLoop): void {
  const { global } = node;
  const added = node.builtin<Descriptors>("internal/globals");
  hideBrowser(global, added);
  const define = (name: string, value: unknown, enumerable: boolean): void => {
    Object.defineProperty(global, name, {
      value,
      enumerable,
      writable: true,
      configurable: true,
    });
  };
  // It gives the timers what util.promisify asks for.
  node.builtin("timers");
  define("global", global, true);
  for (const [name, value] of Object.entries(node.timers)) define(name, value, true);
  define("queueMicrotask", queueMicrotaskOf(loop, global.queueMicrotask), true);
  Object.defineProperties(global, added);
  for (const name of shownNames) showOwn(global, name);
  define("process", node.process, false);
  trackWebAssembly(node, global.WebAssembly);
}

function showOwn(global: typeof globalThis, name: string): void {
  for (
    let at: object | null = global;
    at !== null;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    const found = Object.getOwnPropertyDescriptor(at, name);
    if (found === undefined) continue;
    Object.defineProperty(global, name, { ...found, enumerable: true, configurable: true });
    return;
  }
}

/** Its errors are uncaught exceptions, and it keeps the async context. */
function queueMicrotaskOf(
  loop: NodeLoop,
  native: typeof queueMicrotask,
): (callback: () => void) => void {
  return (callback) => {
    if (typeof callback !== "function") {
      throw invalidArgType("callback", "of type function", callback);
    }
    const bound = loop.bind(callback);
    native(() => loop.guard(bound));
  };
}

/** Compiling outside of the thread keeps the process alive, as in Node. */
function trackWebAssembly({ loop }: NodeContext, wasm: typeof WebAssembly): void {
  const names = ["compile", "instantiate", "compileStreaming", "instantiateStreaming"] as const;
  for (const name of names) {
    const native = wasm[name] as (...args: unknown[]) => Promise<unknown>;
    Object.defineProperty(wasm, name, {
      value: (...args: unknown[]) => loop.track("WebAssembly", Reflect.apply(native, wasm, args)),
      writable: true,
      configurable: true,
      enumerable: true,
    });
  }
}
