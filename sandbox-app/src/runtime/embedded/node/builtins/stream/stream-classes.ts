import npmEventEmitter from "events/events.js";
import npmStream from "readable-stream";
import type { EmitterLike } from "./stream-types.ts";

/* The classes that builtins extend. `node:events` and `node:stream` complete them for a process. */

export const EventEmitter = npmEventEmitter as unknown as new () => EmitterLike;
export const { Readable, Writable, Duplex, Transform, addAbortSignal } = npmStream.Stream;
