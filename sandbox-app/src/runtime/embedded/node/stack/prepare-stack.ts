import { type CallSite, type FirstLineShifts, frameMaker } from "./guest-frame.ts";

type Prepare = (error: unknown, frames: readonly CallSite[]) => unknown;

/**
 * Makes stacks look as Node's. Guests' files are evaluated texts to the engine; here they are files, and
 * this runtime's own frames are `node:internal/…`. What a guest sets as `Error.prepareStackTrace` gets
 * such frames too. Engines other than V8 never ask for it, and their stacks stay as they are.
 */
export function prepareStacks(
  Error: ErrorConstructor,
  ownSource: (file: string) => boolean,
  shifts: FirstLineShifts,
): void {
  const frameOf = frameMaker(ownSource, shifts);
  const wrappers = new WeakMap<object, Prepare>();
  const wrap = (prepare: Prepare): Prepare => {
    const known = wrappers.get(prepare);
    if (known !== undefined) return known;
    const wrapper: Prepare = (error, frames) =>
      Reflect.apply(prepare, Error, [error, frames.map((frame) => frameOf(frame))]);
    wrappers.set(prepare, wrapper);
    // What a guest reads it may set again.
    wrappers.set(wrapper, wrapper);
    return wrapper;
  };
  const usual = wrap(formatStack);
  let current = usual;
  Object.defineProperty(Error, "prepareStackTrace", {
    get: () => current,
    set: (value: unknown) => {
      current = typeof value === "function" ? wrap(value as Prepare) : usual;
    },
    configurable: true,
    enumerable: false,
  });
}

function formatStack(error: unknown, frames: readonly CallSite[]): string {
  return headOf(error) + frames.flatMap((frame) => lineOf(frame)).join("");
}

function headOf(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

/** Nothing for frames that exist only because modules are generators. */
function lineOf(frame: CallSite): string[] {
  const text = frame.toString();
  const isGenerator = /^(?:async )?(?:Async)?Generator\.(?:next|throw) \(<anonymous>\)$/.test(text);
  return isGenerator ? [] : [`\n    at ${text}`];
}
