import { noteEmitted } from "./emitted-errors.ts";
import { invalidArgType, nodeError, outOfRange } from "../errors/node-error.ts";
import { validateFunction } from "../errors/validate.ts";
import { rejectionHandler, type Emitter, type Listener, listenersOf } from "./emitter-state.ts";

export interface EmitterSettings {
  defaultMaxListeners: number;
  captureRejections: boolean;
  readonly errorMonitor: symbol;
  inspect(value: unknown, options?: object): string;
  warn(warning: Error): void;
  nextTick: (callback: () => void) => void;
}

export const captureRejection = Symbol.for("nodejs.rejection");
export const kCapture = Symbol("kCapture");

/** The instance methods of Node's EventEmitter, to be put on the prototype that all packages share. */
export function emitterMethods(settings: EmitterSettings): Record<string, unknown> {
  const add = addMethods(settings);
  return { ...add, ...removeMethods(), ...readMethods(settings), emit: emitMethod(settings) };
}

function addMethods(settings: EmitterSettings): Record<string, unknown> {
  function add(
    target: Emitter,
    event: string | symbol,
    listener: Listener,
    first: boolean,
  ): Emitter {
    validateFunction(listener, "listener");
    const events = (target._events ??= Object.create(null) as NonNullable<Emitter["_events"]>);
    if (events["newListener"] !== undefined) {
      target.emit("newListener", event, listener.listener ?? listener);
    }
    const table = (target._events ??= Object.create(null) as NonNullable<Emitter["_events"]>);
    const existing = table[event];
    if (existing === undefined) {
      table[event] = listener;
      target._eventsCount++;
      return target;
    }
    const list = typeof existing === "function" ? [existing] : existing;
    table[event] = list;
    if (first) list.unshift(listener);
    else list.push(listener);
    warnOfLeak(settings, target, event, list);
    return target;
  }
  function wrapOnce(target: Emitter, event: string | symbol, listener: Listener): Listener {
    validateFunction(listener, "listener");
    let fired = false;
    const wrapped: Listener = (...args) => {
      if (fired) return undefined;
      fired = true;
      target.removeListener(event, wrapped);
      return Reflect.apply(listener, target, args);
    };
    wrapped.listener = listener;
    return wrapped;
  }
  function addListener(this: Emitter, event: string | symbol, listener: Listener): Emitter {
    return add(this, event, listener, false);
  }
  return {
    addListener,
    on: addListener,
    prependListener(this: Emitter, event: string | symbol, listener: Listener) {
      return add(this, event, listener, true);
    },
    once(this: Emitter, event: string | symbol, listener: Listener) {
      return this.on(event, wrapOnce(this, event, listener));
    },
    prependOnceListener(this: Emitter, event: string | symbol, listener: Listener) {
      return this.prependListener(event, wrapOnce(this, event, listener));
    },
  };
}

function warnOfLeak(
  settings: EmitterSettings,
  target: Emitter,
  event: string | symbol,
  list: Listener[] & { warned?: boolean },
): void {
  const max = target._maxListeners ?? settings.defaultMaxListeners;
  if (max <= 0 || list.length <= max || list.warned === true) return;
  list.warned = true;
  const warning = new Error(
    `Possible EventEmitter memory leak detected. ${list.length} ${String(event)} listeners added to ` +
      `${settings.inspect(target, { depth: -1 })}. MaxListeners is ${max}. Use emitter.setMaxListeners() to increase limit`,
  );
  Object.assign(warning, { emitter: target, type: event, count: list.length });
  warning.name = "MaxListenersExceededWarning";
  settings.warn(warning);
}

function removeMethods(): Record<string, unknown> {
  function removeListener(this: Emitter, event: string | symbol, listener: Listener): Emitter {
    validateFunction(listener, "listener");
    const existing = this._events?.[event];
    if (this._events === undefined || existing === undefined) return this;
    const list = typeof existing === "function" ? [existing] : existing;
    const index = list.findLastIndex((each) => each === listener || each.listener === listener);
    if (index === -1) return this;
    if (list.length === 1) {
      delete this._events[event];
      this._eventsCount--;
    } else {
      const rest = list.toSpliced(index, 1);
      this._events[event] = rest.length === 1 ? (rest[0] as Listener) : rest;
    }
    if (this._events["removeListener"] !== undefined) this.emit("removeListener", event, listener);
    return this;
  }
  function removeAllListeners(this: Emitter, event?: string | symbol): Emitter {
    if (this._events === undefined) return this;
    if (this._events["removeListener"] !== undefined) {
      const names = event === undefined ? Reflect.ownKeys(this._events) : [event];
      for (const name of names) {
        if (name === "removeListener" && event === undefined) continue;
        for (const each of listenersOf(this, name).toReversed()) this.removeListener(name, each);
      }
    }
    if (event === undefined) {
      this._events = Object.create(null) as NonNullable<Emitter["_events"]>;
      this._eventsCount = 0;
    } else if (this._events[event] !== undefined) {
      delete this._events[event];
      this._eventsCount--;
    }
    return this;
  }
  return { removeListener, off: removeListener, removeAllListeners };
}

function readMethods(settings: EmitterSettings): Record<string, unknown> {
  return {
    setMaxListeners(this: Emitter, count: number) {
      if (typeof count !== "number")
        throw invalidArgType("setMaxListeners", "of type number", count);
      if (count < 0 || Number.isNaN(count)) {
        throw outOfRange("setMaxListeners", ">= 0", count);
      }
      this._maxListeners = count;
      return this;
    },
    getMaxListeners(this: Emitter) {
      return this._maxListeners ?? settings.defaultMaxListeners;
    },
    listeners(this: Emitter, event: string | symbol) {
      return listenersOf(this, event).map((each) => each.listener ?? each);
    },
    rawListeners(this: Emitter, event: string | symbol) {
      return [...listenersOf(this, event)];
    },
    listenerCount(this: Emitter, event: string | symbol, listener?: Listener) {
      const all = listenersOf(this, event);
      if (listener === undefined || listener === null) return all.length;
      return all.filter((each) => each === listener || each.listener === listener).length;
    },
    eventNames(this: Emitter) {
      return this._events === undefined ? [] : Reflect.ownKeys(this._events);
    },
  };
}

function emitMethod(settings: EmitterSettings): unknown {
  return function emit(this: Emitter, event: string | symbol, ...args: unknown[]): boolean {
    if (event === "error") {
      if (listenersOf(this, settings.errorMonitor).length > 0) {
        this.emit(settings.errorMonitor, ...args);
      }
      if (listenersOf(this, "error").length === 0) {
        const error = unhandledError(settings, args[0]);
        if (error instanceof Error) noteEmitted(error, this, emit);
        throw error;
      }
    }
    const handler = this._events?.[event];
    if (handler === undefined) return false;
    const capture = (this as { [kCapture]?: boolean })[kCapture] ?? settings.captureRejections;
    const list = typeof handler === "function" ? [handler] : [...handler];
    for (const listener of list) {
      const result: unknown = Reflect.apply(listener, this, args);
      if (capture && result !== undefined && result !== null) {
        rejectionHandler(this, result, event, args, settings.nextTick, captureRejection);
      }
    }
    return true;
  };
}

function unhandledError(settings: EmitterSettings, value: unknown): unknown {
  if (value instanceof Error) return value;
  let shown: string;
  try {
    shown = settings.inspect(value);
  } catch {
    shown = String(value);
  }
  const error = nodeError("ERR_UNHANDLED_ERROR", `Unhandled error. (${shown})`);
  Object.assign(error, { context: value });
  return error;
}
