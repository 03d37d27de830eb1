/** What every AsyncLocalStorage holds at one moment; never changed, only replaced. */
export type ContextFrame = ReadonlyMap<object, unknown>;

type Callback = (...args: never[]) => unknown;

/**
 * Carries the values of AsyncLocalStorage from where a callback was stored to where it runs, as V8's
 * continuation-preserved data does in Node 24. The engine's own `await` cannot be hooked from here:
 * the loader rewrites guests' awaits to `resume(capture(), await x)` (see `esm/await-edits.ts`), and
 * `then` is wrapped once the first storage is entered.
 */
export class AsyncContext {
  current: ContextFrame | undefined;
  #isTracking = false;

  readonly capture = (): ContextFrame | undefined => this.current;

  /** Goes on after an await with the context from before it. */
  readonly resume = <T>(frame: ContextFrame | undefined, value: T): T => {
    this.current = frame;
    return value;
  };

  run<Result>(frame: ContextFrame | undefined, callback: () => Result): Result {
    const outer = this.current;
    this.current = frame;
    try {
      return callback();
    } finally {
      this.current = outer;
    }
  }

  bind<Args extends unknown[], Result>(
    callback: (...args: Args) => Result,
  ): (...args: Args) => Result {
    const frame = this.current;
    const isTracking = this.#isTracking;
    if (!isTracking) return callback;
    const run = (self: unknown, args: Args): Result =>
      this.run(frame, () => callback.apply(self, args));
    return function (this: unknown, ...args: Args): Result {
      return run(this, args);
    };
  }

  /** From the first store on, callbacks of promises and microtasks keep their context too. */
  track(global: typeof globalThis): void {
    if (this.#isTracking) return;
    this.#isTracking = true;
    const prototype = global.Promise.prototype;
    // The promise it is called on is handed over by `call`.
    // oxlint-disable-next-line typescript/unbound-method
    const nativeThen = prototype.then as (this: unknown, ...args: unknown[]) => unknown;
    const wrap = (callback: unknown): unknown =>
      typeof callback === "function" ? this.bind(callback as Callback) : callback;
    function chain(this: unknown, fulfilled?: unknown, rejected?: unknown): unknown {
      return nativeThen.call(this, wrap(fulfilled), wrap(rejected));
    }
    Object.defineProperty(chain, "name", { value: "then", configurable: true });
    // The one object that has to have a `then`.
    // oxlint-disable-next-line unicorn/no-thenable
    void Object.defineProperty(prototype, "then", {
      value: chain,
      writable: true,
      configurable: true,
    });
  }
}
