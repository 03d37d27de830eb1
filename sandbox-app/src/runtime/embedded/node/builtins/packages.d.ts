/* Packages without types of their own (or with types that bring Node's globals along). */

declare module "events/events.js" {
  const EventEmitter: { prototype: Record<string | symbol, unknown> } & Record<
    string | symbol,
    unknown
  > &
    (new () => Record<string | symbol, unknown>);
  export default EventEmitter;
}

declare module "readable-stream" {
  // A declared module cannot import by a relative path.
  // oxlint-disable-next-line typescript/consistent-type-imports
  const stream: { readonly Stream: import("./stream/stream-types.ts").StreamModule };
  export default stream;
}

declare module "process/browser.js" {
  const process: { nextTick(callback: () => void, ...args: unknown[]): void };
  export default process;
}

declare module "url/url.js" {
  const url: Record<string, (...args: unknown[]) => unknown>;
  export default url;
}
