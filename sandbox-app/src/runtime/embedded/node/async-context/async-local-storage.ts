import { invalidArgType } from "../builtins/errors/node-error.ts";
import type { AsyncContext, ContextFrame } from "./async-context.ts";

type Callback<Result> = (...args: never[]) => Result;

interface StorageOptions {
  readonly defaultValue?: unknown;
  readonly name?: string;
}

export interface AsyncLocalStorage {
  readonly name: string;
  run<Result>(store: unknown, callback: Callback<Result>, ...args: unknown[]): Result;
  exit<Result>(callback: Callback<Result>, ...args: unknown[]): Result;
  getStore(): unknown;
  enterWith(store: unknown): void;
  disable(): void;
}

/** `AsyncLocalStorage` (Node, async_context.md) over one process's context. */
export function createAsyncLocalStorage(
  context: AsyncContext,
  global: typeof globalThis,
): new (options?: StorageOptions) => AsyncLocalStorage {
  return class AsyncLocalStorage {
    readonly #defaultValue: unknown;
    readonly #name: string;

    constructor(options: StorageOptions = {}) {
      this.#defaultValue = options.defaultValue;
      this.#name = options.name ?? "";
      context.track(global);
    }

    get name(): string {
      return this.#name;
    }

    static bind<Args extends unknown[], Result>(
      callback: (...args: Args) => Result,
    ): (...args: Args) => Result {
      return context.bind(callback);
    }

    static snapshot(): <Result>(callback: Callback<Result>, ...args: unknown[]) => Result {
      const frame = context.capture();
      return (callback, ...args) => context.run(frame, () => callback(...(args as never[])));
    }

    run<Result>(store: unknown, callback: Callback<Result>, ...args: unknown[]): Result {
      const frame = this.#with(store);
      return context.run(frame, () => callback(...(args as never[])));
    }

    exit<Result>(callback: Callback<Result>, ...args: unknown[]): Result {
      return this.run(undefined, callback, ...args);
    }

    getStore(): unknown {
      const frame = context.current;
      return frame?.has(this) === true ? frame.get(this) : this.#defaultValue;
    }

    enterWith(store: unknown): void {
      context.current = this.#with(store);
    }

    disable(): void {
      const frame = new Map(context.current);
      frame.delete(this);
      context.current = frame;
    }

    #with(store: unknown): ContextFrame {
      return new Map(context.current).set(this, store);
    }
  };
}

interface ResourceOptions {
  readonly triggerAsyncId?: number;
  readonly requireManualDestroy?: boolean;
}

/** `AsyncResource`: remembers the context of its creation. */
export function createAsyncResource(context: AsyncContext, nextId: () => number): unknown {
  return class AsyncResource {
    readonly #frame = context.capture();
    readonly #id = nextId();
    readonly #trigger: number;

    constructor(type: unknown, options?: number | ResourceOptions) {
      if (typeof type !== "string") throw invalidArgType("type", "of type string", type);
      this.#trigger = typeof options === "number" ? options : (options?.triggerAsyncId ?? 0);
    }

    static bind<Args extends unknown[], Result>(
      callback: (...args: Args) => Result,
    ): (...args: Args) => Result {
      return context.bind(callback);
    }

    runInAsyncScope(callback: Callback<unknown>, self: unknown, ...args: unknown[]): unknown {
      return context.run(this.#frame, () => Reflect.apply(callback, self, args));
    }

    bind(callback: (...args: unknown[]) => unknown): (...args: unknown[]) => unknown {
      const frame = this.#frame;
      return function (this: unknown, ...args: unknown[]) {
        return context.run(frame, () => Reflect.apply(callback, this, args));
      };
    }

    emitDestroy(): this {
      return this;
    }

    asyncId(): number {
      return this.#id;
    }

    triggerAsyncId(): number {
      return this.#trigger;
    }
  };
}
