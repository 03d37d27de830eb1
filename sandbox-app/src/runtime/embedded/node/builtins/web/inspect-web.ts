type Inspect = (value: unknown, options?: object) => string;
interface InspectOptions {
  readonly breakLength?: number;
}
type Shown = (this: never, inspect: Inspect, options: InspectOptions) => string;

const custom = Symbol.for("nodejs.util.inspect.custom");

/** Class by class, what Node's own show of themselves; the browser's have nothing but getters. */
const shown: Readonly<Record<string, Shown>> = {
  URL: fields(
    "href origin protocol username password host hostname port pathname search searchParams hash",
  ),
  URLSearchParams(this: URLSearchParams, inspect, options) {
    const pairs = Array.from(this, ([name, value]) => `${inspect(name)} => ${inspect(value)}`);
    if (pairs.length === 0) return "URLSearchParams {}";
    const length = pairs.reduce((sum, pair) => sum + pair.length + 2, 0);
    return length <= (options.breakLength ?? 80)
      ? `URLSearchParams { ${pairs.join(", ")} }`
      : `URLSearchParams {\n  ${pairs.join(",\n  ")} }`;
  },
  Headers(this: Headers, inspect, options) {
    return `Headers ${inspect(Object.fromEntries(this), options)}`;
  },
  AbortSignal: fields("aborted"),
  AbortController: fields("signal"),
  Blob: fields("size type"),
  File: fields("size type name lastModified"),
  Event: fields("type defaultPrevented cancelable timeStamp"),
  TextDecoder: fields("encoding fatal ignoreBOM"),
  Response: fields("status statusText headers body bodyUsed ok redirected type url"),
  ReadableStream: fields("locked"),
  WritableStream: fields("locked"),
};

function fields(names: string): Shown {
  return function (this: object, inspect, options) {
    const values = names.split(" ").map((name) => [name, Reflect.get(this, name) as unknown]);
    return `${this.constructor.name} ${inspect(Object.fromEntries(values), options)}`;
  };
}

/** Teaches `util.inspect` the classes of the platform. */
export function inspectWebClasses(global: typeof globalThis): void {
  for (const [name, show] of Object.entries(shown)) {
    const Class: unknown = Reflect.get(global, name);
    if (typeof Class !== "function") continue;
    const prototype = Class.prototype as object;
    Object.defineProperty(prototype, custom, {
      value(this: object, depth: number, options: InspectOptions, inspect: Inspect): unknown {
        // The prototype itself has no values.
        if (depth < 0 || this === prototype) return `[${name}]`;
        const inner = { ...options, depth: depth - 1 };
        return Reflect.apply(show, this as never, [inspect, inner]);
      },
      writable: true,
      configurable: true,
    });
  }
}
