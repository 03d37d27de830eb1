import type { NodeContext } from "../../context.ts";
import { validateFunction } from "../errors/validate.ts";
import { customPromisifyArgs } from "../util/promisify.ts";
import type { AnyOperation, Operations } from "./operations.ts";
import { runSync, startAsync } from "./run.ts";

type AnyFunction = (...args: unknown[]) => unknown;
type Face = Record<string, AnyFunction>;

/** What the callback gets after the error, where that is not simply the result. */
const spread: Record<string, readonly string[]> = {
  read: ["bytesRead", "buffer"],
  write: ["bytesWritten", "buffer"],
  readv: ["bytesRead", "buffers"],
  writev: ["bytesWritten", "buffers"],
};

/** Sync forms whose result is only the count. */
const counted = new Set(["read", "write", "readv", "writev"]);

function named(name: string, body: AnyFunction): AnyFunction {
  return Object.defineProperty(body, "name", { value: name, configurable: true });
}

function firstOf(result: unknown, names: readonly string[]): unknown {
  return (result as Record<string, unknown>)[names[0] ?? ""];
}

/** `readFileSync` and its like. */
export function syncFace(node: NodeContext, operations: Operations): Face {
  const face: Face = {};
  for (const [name, operation] of Object.entries(operations)) {
    face[`${name}Sync`] = named(`${name}Sync`, (...args) => {
      const result = runSync(node.system, operation(...args));
      return counted.has(name) ? firstOf(result, spread[name] ?? []) : result;
    });
  }
  return face;
}

/** `readFile(…, callback)` and its like. */
export function callbackFace(node: NodeContext, operations: Operations): Face {
  const face: Face = {};
  for (const [name, operation] of Object.entries(operations)) {
    face[name] = callbackForm(node, name, operation);
  }
  return face;
}

function callbackForm(node: NodeContext, name: string, operation: AnyOperation): AnyFunction {
  const form = named(name, (...args) => {
    // `close(fd)` is the one that may go without a callback.
    const callback = args.pop() as AnyFunction;
    if (typeof callback !== "function") {
      if (name !== "close") validateFunction(args.length === 0 ? undefined : callback, "cb");
      const closing = startAsync(node.system, operation(...args, callback));
      void node.loop.track("FSReqCallback", closing);
      return;
    }
    const pending = startAsync(node.system, operation(...args));
    const names = spread[name];
    node.loop.settle("FSReqCallback", pending, (error, result) => {
      if (name === "exists") callback(result);
      else if (error !== null && error !== undefined) callback(error);
      else if (names !== undefined) callback(null, ...names.map((key) => firstOf(result, [key])));
      else if (result === undefined) callback(null);
      else callback(null, result);
    });
  });
  const names = spread[name];
  if (names !== undefined) Object.defineProperty(form, customPromisifyArgs, { value: names });
  return form;
}

/** One promise function per operation, as `fs.promises` has them. */
export function promiseForm(node: NodeContext, name: string, operation: AnyOperation): AnyFunction {
  return named(name, async (...args) =>
    node.loop.track("FSReqPromise", startAsync(node.system, operation(...args))),
  );
}
