import npmProcess from "process/browser.js";
import npmStream from "readable-stream";
import type { NodeContext } from "../../context.ts";
import { duplexPair } from "./duplex-pair.ts";
import type { StreamModule } from "./stream-types.ts";
import { webAdapters } from "./web-adapters.ts";

/** Node's default since 22: 64 KiB. */
const HIGH_WATER_MARK = 64 * 1024;

/**
 * `node:stream`: readable-stream, which is Node's own source, with its ticks on the guest's queue,
 * Node 24's high-water mark, and what the package leaves out.
 */
export function createStream(node: NodeContext): unknown {
  // The package waits with a timer of its own otherwise, which is late and out of order.
  npmProcess.nextTick = (callback, ...args) => node.process.nextTick(callback, ...args);
  node.builtin("events");
  node.builtin("buffer");
  const stream = npmStream.Stream;
  stream.setDefaultHighWaterMark(false, HIGH_WATER_MARK);
  const adapters = webAdapters(stream);
  Object.assign(stream.Readable, adapters.readable);
  Object.assign(stream.Writable, adapters.writable);
  Object.assign(stream.Duplex, adapters.duplex);
  addDisposal(stream);
  stream["duplexPair"] = (options?: object) => duplexPair(stream, options);
  stream["_isArrayBufferView"] = (value: unknown) => ArrayBuffer.isView(value);
  return stream;
}

/** `await using stream`: destroys it and waits for its close. */
function addDisposal(stream: StreamModule): void {
  for (const { prototype } of [stream.Readable, stream.Writable]) {
    Object.defineProperty(prototype, Symbol.asyncDispose, {
      configurable: true,
      writable: true,
      value(this: {
        destroyed: boolean;
        destroy(): void;
        once(name: string, done: () => void): void;
        closed: boolean;
      }) {
        if (!this.destroyed) this.destroy();
        return new Promise<void>((resolve) => {
          if (this.closed) resolve();
          else this.once("close", resolve);
        });
      },
    });
  }
}
