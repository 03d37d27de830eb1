import { Buffer } from "buffer/index.js";
import type {
  Callback,
  DuplexLike,
  ReadableLike,
  StreamModule,
  WritableLike,
} from "./stream-types.ts";

type Adapters = Record<"readable" | "writable" | "duplex", Record<string, unknown>>;

/** `Readable.fromWeb`, `Readable.toWeb` and their like for Writable and Duplex. */
export function webAdapters(stream: StreamModule): Adapters {
  const readableFromWeb = (source: ReadableStream, options: object = {}): ReadableLike =>
    new stream.Readable({ ...options, ...readMethods(source) });
  const writableFromWeb = (target: WritableStream, options: object = {}): WritableLike =>
    new stream.Writable({ decodeStrings: false, ...options, ...writeMethods(target) });
  return {
    readable: {
      fromWeb: readableFromWeb,
      toWeb: (source: ReadableLike, options?: { strategy?: QueuingStrategy }) =>
        readableToWeb(stream, source, options?.strategy),
    },
    writable: {
      fromWeb: writableFromWeb,
      toWeb: (target: WritableLike) => writableToWeb(stream, target),
    },
    duplex: {
      fromWeb: (
        pair: { readable: ReadableStream; writable: WritableStream },
        options: object = {},
      ) =>
        new stream.Duplex({
          ...options,
          ...readMethods(pair.readable),
          ...writeMethods(pair.writable),
        }),
      toWeb: (duplex: DuplexLike) => ({
        readable: readableToWeb(stream, duplex),
        writable: writableToWeb(stream, duplex),
      }),
    },
  };
}

function readMethods(source: ReadableStream): object {
  const reader = source.getReader();
  return {
    read(this: ReadableLike) {
      reader.read().then(
        ({ done, value }) => {
          this.push(done ? null : value instanceof Uint8Array ? Buffer.from(value) : value);
        },
        (error: unknown) => this.destroy(error as Error),
      );
    },
    destroy(error: Error | null, callback: Callback) {
      reader.cancel(error).then(
        () => callback(error),
        () => callback(error),
      );
    },
  };
}

function writeMethods(target: WritableStream): object {
  const writer = target.getWriter();
  const settle = (work: Promise<void>, callback: Callback) => {
    work.then(
      () => callback(),
      (error: unknown) => callback(error as Error),
    );
  };
  return {
    write(chunk: unknown, _encoding: string, callback: Callback) {
      settle(
        writer.ready.then(() => writer.write(chunk)),
        callback,
      );
    },
    final(callback: Callback) {
      settle(writer.close(), callback);
    },
    destroy(error: Error | null, callback: Callback) {
      if (error === null) callback(null);
      else
        settle(
          writer.abort(error).then(() => Promise.reject(error)),
          callback,
        );
    },
  };
}

function readableToWeb(
  stream: StreamModule,
  source: ReadableLike,
  strategy?: QueuingStrategy,
): ReadableStream {
  if (source.destroyed) {
    const ended = new ReadableStream();
    void ended.cancel();
    return ended;
  }
  const bytes = !source.readableObjectMode;
  const plan =
    strategy ??
    new CountQueuingStrategy({ highWaterMark: bytes ? 1 : source.readableHighWaterMark });
  source.pause();
  let over = false;
  return new ReadableStream(
    {
      start(controller) {
        stream.finished(source, { writable: false }, (error?: Error | null) => {
          if (over) return;
          over = true;
          if (error) controller.error(error);
          else controller.close();
        });
        source.on("data", (chunk: unknown) => {
          if (over) return;
          const value = chunk instanceof Uint8Array && bytes ? new Uint8Array(chunk) : chunk;
          controller.enqueue(value);
          if ((controller.desiredSize ?? 0) <= 0) source.pause();
        });
        source.pause();
      },
      pull() {
        source.resume();
      },
      cancel(reason) {
        over = true;
        source.destroy(reason instanceof Error ? reason : null);
      },
    },
    plan as QueuingStrategy<unknown>,
  );
}

function writableToWeb(stream: StreamModule, target: WritableLike): WritableStream {
  let fail: ((error: unknown) => void) | null = null;
  return new WritableStream(
    {
      start(controller) {
        fail = (error) => controller.error(error);
        stream.finished(target, { readable: false }, (error?: Error | null) => {
          if (error) fail?.(error);
        });
      },
      write(chunk) {
        if (target.write(chunk)) return undefined;
        return new Promise<void>((resolve) => target.once("drain", resolve));
      },
      close() {
        return new Promise<void>((resolve) => {
          target.end(undefined, undefined, () => resolve());
        });
      },
      abort(reason) {
        target.destroy(reason instanceof Error ? reason : null);
      },
    },
    new CountQueuingStrategy({ highWaterMark: 1 }),
  );
}
