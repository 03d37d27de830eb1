import type { NodeContext } from "../../context.ts";
import { validateFunction } from "../errors/validate.ts";

type Subscriber = (message: unknown, name: string | symbol) => void;
interface Store {
  run(value: unknown, callback: () => unknown): unknown;
}
type Transform = (message: unknown) => unknown;

/** `diagnostics_channel.Channel`. */
class Channel {
  readonly name: string | symbol;
  readonly #subscribers: Subscriber[] = [];
  readonly #stores = new Map<Store, Transform | undefined>();
  readonly #fail: (error: unknown) => void;

  constructor(name: string | symbol, fail: (error: unknown) => void) {
    this.name = name;
    this.#fail = fail;
  }
  get hasSubscribers(): boolean {
    return this.#subscribers.length > 0 || this.#stores.size > 0;
  }
  subscribe(subscriber: Subscriber): void {
    validateFunction(subscriber, "subscription");
    this.#subscribers.push(subscriber);
  }
  unsubscribe(subscriber: Subscriber): boolean {
    const index = this.#subscribers.indexOf(subscriber);
    if (index === -1) return false;
    this.#subscribers.splice(index, 1);
    return true;
  }
  bindStore(store: Store, transform?: Transform): void {
    this.#stores.set(store, transform);
  }
  unbindStore(store: Store): boolean {
    return this.#stores.delete(store);
  }
  publish(message: unknown): void {
    for (const subscriber of this.#subscribers.slice()) {
      try {
        subscriber(message, this.name);
      } catch (error) {
        this.#fail(error);
      }
    }
  }
  runStores(
    message: unknown,
    callback: (...args: unknown[]) => unknown,
    self?: unknown,
    ...args: unknown[]
  ): unknown {
    let run = () => {
      this.publish(message);
      return Reflect.apply(callback, self, args);
    };
    for (const [store, transform] of this.#stores) {
      const inner = run;
      run = () => store.run(transform === undefined ? message : transform(message), inner);
    }
    return run();
  }
}

const phases = ["start", "end", "asyncStart", "asyncEnd", "error"] as const;

/** `node:diagnostics_channel`. */
export function createDiagnosticsChannel(node: NodeContext): unknown {
  const channels = new Map<string | symbol, Channel>();
  const fail = (error: unknown) =>
    node.process.nextTick(() => node.fail(error, "uncaughtException"));
  const channel = (name: string | symbol): Channel => {
    const known = channels.get(name) ?? new Channel(name, fail);
    channels.set(name, known);
    return known;
  };
  return {
    Channel,
    channel,
    hasSubscribers: (name: string | symbol) => channels.get(name)?.hasSubscribers === true,
    subscribe: (name: string | symbol, subscriber: Subscriber) =>
      channel(name).subscribe(subscriber),
    unsubscribe: (name: string | symbol, subscriber: Subscriber) =>
      channel(name).unsubscribe(subscriber),
    tracingChannel: (given: string | Record<string, Channel>) => tracing(given, channel),
  };
}

type Parts = Record<(typeof phases)[number], Channel>;
type Traced = (...args: unknown[]) => unknown;

function tracing(
  given: string | Record<string, Channel>,
  channel: (name: string) => Channel,
): object {
  const parts = Object.fromEntries(
    phases.map((phase) => [
      phase,
      typeof given === "string" ? channel(`tracing:${given}:${phase}`) : given[phase],
    ]),
  ) as Parts;
  const traceSync = syncTracer(parts);
  return {
    ...parts,
    get hasSubscribers() {
      return phases.some((phase) => parts[phase].hasSubscribers);
    },
    subscribe: (handlers: Partial<Record<string, Subscriber>>) => {
      for (const phase of phases)
        if (handlers[phase] !== undefined) parts[phase].subscribe(handlers[phase]);
    },
    unsubscribe: (handlers: Partial<Record<string, Subscriber>>) =>
      phases.every(
        (phase) => handlers[phase] === undefined || parts[phase].unsubscribe(handlers[phase]),
      ),
    traceSync,
    tracePromise: promiseTracer(parts),
    traceCallback: callbackTracer(parts, traceSync),
  };
}

function raise(parts: Parts, context: object, error: unknown): never {
  Object.assign(context, { error });
  parts.error.publish(context);
  throw error;
}

type Tracer = (act: Traced, context?: object, self?: unknown, ...args: unknown[]) => unknown;

function syncTracer(parts: Parts): Tracer {
  return (act, context = {}, self, ...args) =>
    parts.start.runStores(context, () => {
      try {
        const result = Reflect.apply(act, self, args);
        Object.assign(context, { result });
        return result;
      } catch (error) {
        return raise(parts, context, error);
      } finally {
        parts.end.publish(context);
      }
    });
}

function promiseTracer(parts: Parts): Tracer {
  return (act, context = {}, self, ...args) =>
    parts.start.runStores(context, () => {
      const settled = (key: string) => (value: unknown) => {
        Object.assign(context, { [key]: value });
        if (key === "error") parts.error.publish(context);
        parts.asyncStart.publish(context);
        parts.asyncEnd.publish(context);
        if (key === "error") throw value;
        return value;
      };
      try {
        return Promise.resolve(Reflect.apply(act, self, args)).then(
          settled("result"),
          settled("error"),
        );
      } catch (error) {
        return raise(parts, context, error);
      } finally {
        parts.end.publish(context);
      }
    });
}

function callbackTracer(parts: Parts, traceSync: Tracer) {
  return (act: Traced, position = -1, context: object = {}, self?: unknown, ...args: unknown[]) => {
    const index = position < 0 ? args.length + position : position;
    const callback = args[index] as Traced;
    args[index] = function traced(this: unknown, error: unknown, result: unknown) {
      Object.assign(context, error ? { error } : { result });
      if (error) parts.error.publish(context);
      return parts.asyncStart.runStores(context, () => {
        try {
          return Reflect.apply(callback, this, [error, result]);
        } finally {
          parts.asyncEnd.publish(context);
        }
      });
    };
    return traceSync(act, context, self, ...args);
  };
}
