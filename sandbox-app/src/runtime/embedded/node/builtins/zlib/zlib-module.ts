import { Buffer } from "buffer/index.js";
import type { NodeContext } from "../../context.ts";
import { callableClass } from "../callable-class.ts";
import { bytesOf } from "../crypto/hashes.ts";
import { invalidArgType, missingFeature, nodeError } from "../errors/node-error.ts";
import type { Callback, StreamModule } from "../stream/stream-types.ts";
import { type Codec, codecs, crc32, zlibError, type ZlibOptions } from "./codecs.ts";
import { undefinedExports } from "../../modules/synthetic-sources.ts";
import { constants } from "./constants.ts";

type Done = (error: Error | null, result?: Buffer) => void;

function once(node: NodeContext, name: string, data: unknown, options: ZlibOptions = {}): Buffer {
  if (typeof data !== "string" && !ArrayBuffer.isView(data) && !(data instanceof ArrayBuffer)) {
    throw invalidArgType(
      "buffer",
      "of type string or an instance of Buffer, TypedArray, DataView, or ArrayBuffer",
      data,
    );
  }
  const parts: Uint8Array[] = [];
  try {
    const codec = codecs[name]?.(options, node.natives) as Codec;
    codec.ondata = (bytes) => parts.push(bytes);
    const isLenient = options.finishFlush === constants.Z_SYNC_FLUSH;
    codec.push(bytesOf(data, "utf8"), !isLenient);
    // What is there has been given; that the end is missing is allowed.
    if (isLenient) codec.push(new Uint8Array(), true);
  } catch (error) {
    if (options.finishFlush !== constants.Z_SYNC_FLUSH) throw zlibError(error);
  }
  const result = Buffer.concat(parts);
  if (result.length > (options.maxOutputLength ?? Infinity)) {
    throw nodeError(
      "ERR_BUFFER_TOO_LARGE",
      `Cannot create a Buffer larger than ${options.maxOutputLength} bytes`,
      RangeError,
    );
  }
  return result;
}

/** The stream classes `Gzip`, `Gunzip`, … */
function streamClass(node: NodeContext, name: string) {
  const { Transform } = node.builtin<StreamModule>("stream");
  return class ZlibStream extends Transform {
    bytesWritten = 0;
    readonly #codec: Codec;
    readonly #lenient: boolean;

    constructor(options: ZlibOptions = {}) {
      super(options);
      this.#lenient = options.finishFlush === constants.Z_SYNC_FLUSH;
      this.#codec = codecs[name]?.(options, node.natives) as Codec;
      this.#codec.ondata = (bytes) => {
        if (bytes.length > 0) this.push(Buffer.from(bytes));
      };
    }
    _transform(chunk: Uint8Array, _encoding: string, callback: Callback): void {
      this.bytesWritten += chunk.byteLength;
      this.#run(() => this.#codec.push(chunk, false), callback);
    }
    _flush(callback: Callback): void {
      this.#run(() => this.#codec.push(new Uint8Array(), true), callback);
    }
    #run(work: () => void, callback: Callback): void {
      try {
        work();
      } catch (error) {
        callback(this.#lenient ? null : zlibError(error));
        return;
      }
      callback();
    }
    flush(kind?: unknown, callback?: () => void): void {
      this.#codec.flush?.(true);
      const done = typeof kind === "function" ? (kind as () => void) : callback;
      // Behind what is already on its way to the readers.
      if (done !== undefined) node.timers.setImmediate(done);
    }
    params(_level: number, _strategy: number, callback?: () => void): void {
      if (callback !== undefined) node.process.nextTick(callback);
    }
    reset(): void {
      // A codec of fflate starts anew with each stream.
    }
    close(callback?: () => void): void {
      if (callback !== undefined) this.once("close", callback);
      this.destroy();
    }
  };
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/**
 * Formats that have no codec. Programs look whether the stream classes are there and take gzip if not:
 * those are absent. Who calls for them without looking is told why.
 */
const absent = ["BrotliCompress", "ZstdCompress", "ZstdDecompress"];

/** `node:zlib` by fflate. */
export function createZlib(node: NodeContext): unknown {
  const zlib: Record<string, unknown> = { constants, codes: { ...constants } };
  for (const name of Object.keys(codecs)) {
    let made: ReturnType<typeof streamClass> | undefined;
    const get = () =>
      (made ??= callableClass(
        Object.defineProperty(streamClass(node, name), "name", { value: name }),
      ));
    Object.defineProperty(zlib, name, { get, enumerable: true, configurable: true });
    const method = lowerFirst(name);
    zlib[`create${name}`] = (options?: ZlibOptions) => new (get())(options);
    zlib[`${method}Sync`] = (data: unknown, options?: ZlibOptions) =>
      once(node, name, data, options);
    zlib[method] = (data: unknown, ...rest: unknown[]) => {
      const callback = rest.pop() as Done;
      if (typeof callback !== "function")
        throw invalidArgType("callback", "of type function", callback);
      const work = Promise.resolve().then(() =>
        once(node, name, data, rest[0] as ZlibOptions | undefined),
      );
      node.loop.settle("ZLIB", work, (error, result) => {
        if (error) callback(error as Error);
        else callback(null, result);
      });
    };
  }
  for (const name of absent) {
    const refuse = (): never => {
      throw missingFeature(`zlib.${name}`, "Use gzip or deflate instead.");
    };
    Object.assign(zlib, {
      [lowerFirst(name)]: refuse,
      [`${lowerFirst(name)}Sync`]: refuse,
    });
  }
  for (const [name, value] of Object.entries(constants)) {
    if (name.startsWith("Z_")) zlib[name] = value;
  }
  Object.defineProperty(zlib, undefinedExports, {
    value: absent.flatMap((name) => [name, `create${name}`]),
  });
  zlib["crc32"] = (data: unknown, start = 0) => crc32(bytesOf(data, "utf8"), start);
  return zlib;
}
