import { invalidArgType } from "../errors/node-error.ts";
import { abortError } from "../errors/node-error.ts";

export type Options = Readonly<Record<string, unknown>>;

/** `"utf8"` and `{ encoding: "utf8" }` mean the same. */
export function optionsOf(value: unknown, name = "options"): Options {
  if (value === undefined || value === null || typeof value === "function") return {};
  if (typeof value === "string") return { encoding: value };
  if (typeof value === "object") return value as Options;
  throw invalidArgType(name, "of type string or an instance of Object", value);
}

export function throwIfAborted(options: Options): void {
  const signal = options["signal"] as AbortSignal | undefined;
  if (signal?.aborted === true) throw abortError(signal.reason);
}
