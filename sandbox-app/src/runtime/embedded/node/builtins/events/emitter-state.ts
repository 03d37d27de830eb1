export type Listener = ((...args: unknown[]) => unknown) & { listener?: Listener };

/** The fields that Node's EventEmitter keeps; packages look at them, so their names are fixed. */
export interface Emitter {
  _events?: Record<string | symbol, Listener | Listener[]>;
  _eventsCount: number;
  _maxListeners?: number | undefined;
  on(event: string | symbol, listener: Listener): this;
  once(event: string | symbol, listener: Listener): this;
  prependListener(event: string | symbol, listener: Listener): this;
  removeListener(event: string | symbol, listener: Listener): this;
  emit(event: string | symbol, ...args: unknown[]): boolean;
  listeners(event: string | symbol): Listener[];
  setMaxListeners(count: number): this;
  getMaxListeners(): number;
}

export function listenersOf(emitter: Emitter, event: string | symbol): readonly Listener[] {
  const existing = emitter._events?.[event];
  if (existing === undefined) return [];
  return typeof existing === "function" ? [existing] : existing;
}

/** `captureRejections`: what a listener's promise rejects with becomes an `error` event. */
export function rejectionHandler(
  emitter: Emitter,
  result: unknown,
  event: string | symbol,
  args: readonly unknown[],
  nextTick: (callback: () => void) => void,
  captureRejection: symbol,
): void {
  const { then } = result as { then?: unknown };
  if (typeof then !== "function") return;
  Reflect.apply(then, result, [
    undefined,
    (error: unknown) => {
      nextTick(() => {
        const own = (emitter as unknown as Record<symbol, unknown>)[captureRejection];
        if (typeof own === "function") Reflect.apply(own, emitter, [error, event, ...args]);
        else emitter.emit("error", error);
      });
    },
  ]);
}
