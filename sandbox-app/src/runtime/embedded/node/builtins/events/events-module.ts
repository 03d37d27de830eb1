import NpmEventEmitter from "events/events.js";
import type { NodeContext } from "../../context.ts";
import { invalidArgType, outOfRange } from "../errors/node-error.ts";
import { validateBoolean } from "../errors/validate.ts";
import {
  captureRejection,
  type EmitterSettings,
  emitterMethods,
  kCapture,
} from "./emitter-methods.ts";
import type { Emitter } from "./emitter-state.ts";
import { addAbortListener, isEmitter, isEventTarget, on, once } from "./emitter-statics.ts";
import { eventTargetListeners, trackEventTargets } from "./event-target-listeners.ts";

const errorMonitor = Symbol("events.errorMonitor");

/**
 * `node:events`. The class is that of the npm package, because readable-stream's classes extend it
 * and guests compare with `instanceof`; its methods are replaced by ones that behave as Node's.
 */
export function createEvents(node: NodeContext): unknown {
  const settings: EmitterSettings = {
    defaultMaxListeners: 10,
    captureRejections: false,
    errorMonitor,
    inspect: (value, options) =>
      node
        .builtin<{ inspect(value: unknown, options?: object): string }>("util")
        .inspect(value, options),
    warn: (warning) => node.process.emitWarning(warning),
    nextTick: (callback) => node.process.nextTick(callback),
  };
  for (const [name, value] of Object.entries(emitterMethods(settings))) {
    Object.defineProperty(NpmEventEmitter.prototype, name, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  trackEventTargets();
  defineSettings(settings);
  Object.assign(NpmEventEmitter, {
    EventEmitter: NpmEventEmitter,
    once,
    on,
    addAbortListener,
    errorMonitor,
    captureRejectionSymbol: captureRejection,
    usingDomains: false,
    init,
    listenerCount: (emitter: unknown, event: string) =>
      isEmitter(emitter)
        ? emitter.listeners(event).length
        : eventTargetListeners(emitter, event).length,
    getEventListeners: (emitter: unknown, event: string) => {
      if (isEmitter(emitter)) return emitter.listeners(event);
      if (isEventTarget(emitter)) return eventTargetListeners(emitter, event);
      throw invalidArgType("emitter", "an instance of EventEmitter or EventTarget", emitter);
    },
    getMaxListeners: (emitter: unknown) =>
      isEmitter(emitter) ? emitter.getMaxListeners() : settings.defaultMaxListeners,
    setMaxListeners: (count = settings.defaultMaxListeners, ...targets: unknown[]) => {
      if (typeof count !== "number" || count < 0 || Number.isNaN(count)) {
        throw outOfRange("setMaxListeners", ">= 0", count);
      }
      if (targets.length === 0) settings.defaultMaxListeners = count;
      for (const target of targets) if (isEmitter(target)) target.setMaxListeners(count);
    },
    EventEmitterAsyncResource: asyncResourceEmitter(node),
  });
  return withOptions();
}

/** The package's constructor knows no options: `captureRejections` is seen to around it. */
function withOptions(): unknown {
  type Options = { captureRejections?: boolean } | undefined;
  const proxy: unknown = new Proxy(NpmEventEmitter, {
    construct(target, args: [Options?], newTarget) {
      const made = Reflect.construct(target, [], newTarget) as Emitter;
      if (args[0]?.captureRejections !== undefined) init.call(made, args[0]);
      return made;
    },
    apply(_target, self: Emitter, args: [Options?]) {
      init.call(self, args[0]);
    },
  });
  Object.assign(NpmEventEmitter, { EventEmitter: proxy });
  Object.defineProperty(NpmEventEmitter.prototype, "constructor", {
    value: proxy,
    writable: true,
    configurable: true,
  });
  return proxy;
}

function init(
  this: Emitter & { [kCapture]?: boolean },
  options?: { captureRejections?: boolean },
): void {
  const inherited = (Object.getPrototypeOf(this) as Emitter | null)?._events;
  if (this._events === undefined || this._events === inherited) {
    this._events = Object.create(null) as NonNullable<Emitter["_events"]>;
    this._eventsCount = 0;
  }
  this._maxListeners ||= undefined;
  if (options?.captureRejections !== undefined) {
    validateBoolean(options.captureRejections, "options.captureRejections");
    Object.defineProperty(this, kCapture, { value: options.captureRejections, configurable: true });
  }
}

function defineSettings(settings: EmitterSettings): void {
  // The package's own accessor cannot be replaced; what is set there counts here.
  const own = NpmEventEmitter as unknown as { defaultMaxListeners: number };
  Object.defineProperty(settings, "defaultMaxListeners", {
    get: () => own.defaultMaxListeners,
    set: (count: number) => {
      own.defaultMaxListeners = count;
    },
  });
  Object.defineProperty(NpmEventEmitter, "captureRejections", {
    configurable: true,
    enumerable: true,
    get: () => settings.captureRejections,
    set: (value: unknown) => {
      validateBoolean(value, "EventEmitter.captureRejections");
      settings.captureRejections = value;
    },
  });
}

interface AsyncResourceLike {
  runInAsyncScope(callback: unknown, self: unknown, ...args: unknown[]): unknown;
}

function asyncResourceEmitter(node: NodeContext): unknown {
  const Base = NpmEventEmitter as unknown as new (options?: object) => Emitter;
  return class EventEmitterAsyncResource extends Base {
    readonly asyncResource: AsyncResourceLike;

    constructor(options: { name?: string } = {}) {
      super(options);
      const { AsyncResource } = node.builtin<{
        AsyncResource: new (name: string) => AsyncResourceLike;
      }>("async_hooks");
      this.asyncResource = new AsyncResource(options.name ?? new.target.name);
    }

    override emit(event: string | symbol, ...args: unknown[]): boolean {
      const run = (...all: unknown[]) => super.emit(event, ...all);
      return this.asyncResource.runInAsyncScope(run, this, ...args) === true;
    }
  };
}
