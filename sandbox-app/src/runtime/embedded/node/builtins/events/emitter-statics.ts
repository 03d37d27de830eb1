import { abortError, invalidArgType } from "../errors/node-error.ts";
import { validateAbortSignal, validateFunction } from "../errors/validate.ts";
import type { Emitter, Listener } from "./emitter-state.ts";

interface SignalOption {
  readonly signal?: AbortSignal;
  readonly close?: readonly string[];
}

export function isEmitter(value: unknown): value is Emitter {
  return typeof (value as { on?: unknown } | null)?.on === "function";
}

export function isEventTarget(value: unknown): value is EventTarget {
  return typeof (value as { addEventListener?: unknown } | null)?.addEventListener === "function";
}

/** What was emitted, usually an Error: a promise rejects with it as it is. */
function toReason(value: unknown): Error {
  return value as Error;
}

/** Listens on an emitter or an EventTarget; returns how to stop. */
export function listen(
  target: unknown,
  event: string | symbol,
  listener: Listener,
  onlyOnce = false,
): () => void {
  if (isEmitter(target)) {
    if (onlyOnce) target.once(event, listener);
    else target.on(event, listener);
    return () => target.removeListener(event, listener);
  }
  if (isEventTarget(target)) {
    target.addEventListener(event as string, listener, { once: onlyOnce });
    return () => target.removeEventListener(event as string, listener);
  }
  throw invalidArgType("emitter", "an instance of EventEmitter", target);
}

/** `events.once`: the arguments of the next such event. */
export async function once(
  emitter: unknown,
  event: string | symbol,
  options: SignalOption = {},
): Promise<unknown[]> {
  const { signal } = options;
  validateAbortSignal(signal, "options.signal");
  if (signal?.aborted === true) throw abortError(signal.reason);
  return new Promise((resolve, reject) => {
    const stops: (() => void)[] = [];
    const finish = (act: () => void) => {
      for (const stop of stops) stop();
      act();
    };
    stops.push(listen(emitter, event, (...args) => finish(() => resolve(args)), true));
    if (event !== "error" && isEmitter(emitter)) {
      stops.push(listen(emitter, "error", (error) => finish(() => reject(toReason(error))), true));
    }
    if (signal !== undefined) {
      const abort = () => finish(() => reject(abortError(signal.reason)));
      signal.addEventListener("abort", abort, { once: true });
      stops.push(() => signal.removeEventListener("abort", abort));
    }
  });
}

/** `events.on`: an endless iterator over the arguments of all such events. */
export function on(emitter: unknown, event: string | symbol, options: SignalOption = {}): unknown {
  const { signal } = options;
  validateAbortSignal(signal, "options.signal");
  if (signal?.aborted === true) throw abortError(signal.reason);
  const arrived: unknown[][] = [];
  const waiting: { resolve(value: unknown): void; reject(error: unknown): void }[] = [];
  const stops: (() => void)[] = [];
  let failure: { error: unknown } | null = null;
  let finished = false;
  const finish = () => {
    for (const stop of stops.splice(0)) stop();
    finished = true;
    for (const each of waiting.splice(0)) each.resolve({ value: undefined, done: true });
    return Promise.resolve({ value: undefined, done: true });
  };
  const fail = (error: unknown) => {
    const first = waiting.shift();
    if (first === undefined) failure = { error };
    else first.reject(error);
    void finish();
  };
  const receive: Listener = (...args) => {
    const first = waiting.shift();
    if (first === undefined) arrived.push(args);
    else first.resolve({ value: args, done: false });
  };
  stops.push(listen(emitter, event, receive));
  if (event !== "error" && isEmitter(emitter)) stops.push(listen(emitter, "error", fail));
  for (const name of options.close ?? []) stops.push(listen(emitter, name, () => void finish()));
  if (signal !== undefined) {
    const abort = () => fail(abortError(signal.reason));
    signal.addEventListener("abort", abort, { once: true });
    stops.push(() => signal.removeEventListener("abort", abort));
  }
  return {
    next(): Promise<unknown> {
      const value = arrived.shift();
      if (value !== undefined) return Promise.resolve({ value, done: false });
      if (failure !== null) {
        const { error } = failure;
        failure = null;
        return Promise.reject(toReason(error));
      }
      if (finished) return Promise.resolve({ value: undefined, done: true });
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    return: finish,
    throw(error: unknown) {
      fail(error);
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

export function addAbortListener(signal: AbortSignal, listener: () => void): object {
  if (signal === undefined) throw invalidArgType("signal", "an instance of AbortSignal", signal);
  validateAbortSignal(signal, "signal");
  validateFunction(listener, "listener");
  if (signal.aborted) queueMicrotask(listener);
  else signal.addEventListener("abort", listener, { once: true });
  return { [Symbol.dispose]: () => signal.removeEventListener("abort", listener) };
}
