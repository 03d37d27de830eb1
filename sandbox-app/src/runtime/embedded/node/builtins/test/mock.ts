import type { NodeContext } from "../../context.ts";

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

interface MockCall {
  readonly arguments: unknown[];
  readonly result?: unknown;
  readonly error?: unknown;
  readonly this: unknown;
  readonly target: unknown;
  readonly stack: Error;
}

/** `t.mock` and `mock`: functions that remember their calls. */
export class MockTracker {
  readonly #restores: (() => void)[] = [];
  readonly timers: MockTimers;

  constructor(node: NodeContext) {
    this.timers = new MockTimers(node);
  }

  fn(
    original?: AnyFunction,
    implementation?: AnyFunction | { times?: number },
    options?: { times?: number },
  ): AnyFunction {
    const given = typeof implementation === "function" ? implementation : undefined;
    const settings = typeof implementation === "object" ? implementation : options;
    return makeMock(
      original ?? (() => undefined),
      given,
      settings?.times,
      () => undefined,
      this.#restores,
    );
  }

  method(
    target: object,
    name: PropertyKey,
    implementation?: AnyFunction | object,
    options: { getter?: boolean; setter?: boolean; times?: number } = {},
  ): AnyFunction {
    const settings =
      typeof implementation === "object" ? (implementation as typeof options) : options;
    const given =
      typeof implementation === "function" ? (implementation as AnyFunction) : undefined;
    const owner = ownerOf(target, name);
    const descriptor = Object.getOwnPropertyDescriptor(owner ?? target, name);
    const slot = settings.getter === true ? "get" : settings.setter === true ? "set" : "value";
    const original = descriptor?.[slot] as AnyFunction | undefined;
    if (typeof original !== "function") {
      throw Object.assign(
        new TypeError(`The argument 'methodName' must be a method. Received ${String(original)}`),
        { code: "ERR_INVALID_ARG_VALUE" },
      );
    }
    const restore = () => {
      if (owner === target && descriptor !== undefined)
        Object.defineProperty(target, name, descriptor);
      else Reflect.deleteProperty(target, name);
    };
    const mocked = makeMock(original, given, settings.times, restore, this.#restores);
    Object.defineProperty(target, name, { ...descriptor, configurable: true, [slot]: mocked });
    return mocked;
  }
  getter(
    target: object,
    name: PropertyKey,
    implementation?: AnyFunction,
    options: object = {},
  ): AnyFunction {
    return this.method(target, name, implementation, { ...options, getter: true });
  }
  setter(
    target: object,
    name: PropertyKey,
    implementation?: AnyFunction,
    options: object = {},
  ): AnyFunction {
    return this.method(target, name, implementation, { ...options, setter: true });
  }
  reset(): void {
    this.restoreAll();
    this.#restores.length = 0;
  }
  restoreAll(): void {
    for (const restore of this.#restores) restore();
    this.timers.reset();
  }
}

function ownerOf(target: object, name: PropertyKey): object | null {
  for (
    let at: object | null = target;
    at !== null;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    if (Object.hasOwn(at, name)) return at;
  }
  return null;
}

function makeMock(
  original: AnyFunction,
  given: AnyFunction | undefined,
  times: number | undefined,
  undo: () => void,
  restores: (() => void)[],
): AnyFunction {
  let calls: MockCall[] = [];
  let implementation = given ?? original;
  const once = new Map<number, AnyFunction>();
  const restore = () => {
    implementation = original;
    undo();
  };
  function mocked(this: unknown, ...args: unknown[]): unknown {
    const index = calls.length;
    const act =
      once.get(index) ?? (times !== undefined && index >= times ? original : implementation);
    const call = { arguments: args, this: this, target: new.target, stack: new Error("mock") };
    try {
      const result: unknown =
        new.target === undefined
          ? Reflect.apply(act, this, args)
          : Reflect.construct(act, args, new.target as never);
      calls.push({ ...call, result, error: undefined });
      return result;
    } catch (error) {
      calls.push({ ...call, error, result: undefined });
      throw error;
    }
  }
  restores.push(restore);
  const mock = {
    get calls() {
      return [...calls];
    },
    callCount: () => calls.length,
    mockImplementation: (next: AnyFunction) => (implementation = next),
    mockImplementationOnce: (next: AnyFunction, call = calls.length) => once.set(call, next),
    resetCalls: () => (calls = []),
    restore,
  };
  Object.defineProperty(mocked, "name", { value: original.name, configurable: true });
  return Object.defineProperty(mocked, "mock", { value: mock });
}

interface Waiting {
  readonly id: number;
  at: number;
  readonly every: number | null;
  readonly act: () => void;
}

/** `mock.timers`: setTimeout, setInterval, setImmediate and Date by hand. */
class MockTimers {
  readonly #node: NodeContext;
  #waiting: Waiting[] = [];
  #now = 0;
  #next = 1;
  #saved: PropertyDescriptorMap | null = null;

  constructor(node: NodeContext) {
    this.#node = node;
  }
  enable(
    { now = 0 }: { apis?: readonly string[]; now?: number | Date } = {},
    apis: readonly string[] = ["setTimeout", "setInterval", "setImmediate", "Date"],
  ): void {
    if (this.#saved !== null)
      throw Object.assign(new Error("MockTimers is already enabled!"), {
        code: "ERR_INVALID_STATE",
      });
    this.#now = Number(now);
    const { global } = this.#node;
    const add =
      (every: boolean, fixed?: number) =>
      (act: (...args: unknown[]) => void, ms = fixed ?? 1, ...args: unknown[]) => {
        const timer = {
          id: this.#next++,
          at: this.#now + Math.max(fixed ?? 1, ms),
          every: every ? Math.max(1, ms) : null,
          act: () => act(...args),
        };
        this.#waiting.push(timer);
        return timer;
      };
    const clear = (timer: unknown) => {
      this.#waiting = this.#waiting.filter((each) => each !== timer);
    };
    const clock = () => this.#now;
    const RealDate = global.Date;
    class MockDate extends RealDate {
      constructor(...args: unknown[]) {
        super(...((args.length === 0 ? [clock()] : args) as [number]));
      }
      static override now(): number {
        return clock();
      }
    }
    const fakes: Record<string, unknown> = {
      setTimeout: add(false),
      clearTimeout: clear,
      setInterval: add(true),
      clearInterval: clear,
      setImmediate: (act: () => void, ...args: never[]) => add(false, 0)(act, 0, ...args),
      clearImmediate: clear,
      Date: MockDate,
    };
    this.#saved = {};
    for (const [name, fake] of Object.entries(fakes)) {
      if (!apis.some((api) => name.toLowerCase().endsWith(api.replace(/^set/, "").toLowerCase())))
        continue;
      this.#saved[name] = Object.getOwnPropertyDescriptor(global, name) ?? {};
      Object.defineProperty(global, name, { value: fake, writable: true, configurable: true });
    }
  }
  tick(ms = 1): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#waiting.toSorted((a, b) => a.at - b.at || a.id - b.id)[0];
      if (next === undefined || next.at > end) break;
      this.#now = next.at;
      if (next.every === null) this.#waiting = this.#waiting.filter((each) => each !== next);
      else next.at += next.every;
      next.act();
    }
    this.#now = end;
  }
  runAll(): void {
    const last = Math.max(this.#now, ...this.#waiting.map(({ at }) => at));
    this.tick(last - this.#now);
  }
  setTime(ms: number): void {
    this.#now = ms;
  }
  reset(): void {
    for (const [name, descriptor] of Object.entries(this.#saved ?? {}))
      Object.defineProperty(this.#node.global, name, descriptor);
    this.#saved = null;
    this.#waiting = [];
  }
  [Symbol.dispose](): void {
    this.reset();
  }
}
