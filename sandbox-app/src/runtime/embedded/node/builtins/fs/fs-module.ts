import type { NodeContext } from "../../context.ts";
import { createDir } from "./dir.ts";
import { Dirent } from "./dirent.ts";
import { callbackFace, syncFace } from "./faces.ts";
import { constants } from "./flags.ts";
import { createOperations } from "./operations.ts";
import { createFsPromises } from "./promises.ts";
import { createReadStreamClass } from "./read-stream.ts";
import { runSync } from "./run.ts";
import { Stats } from "./stats.ts";
import type { StreamFiles } from "./stream-files.ts";
import { createWatchFile } from "./watch-file.ts";
import { createWatch } from "./watch.ts";
import { createWriteStreamClass } from "./write-stream.ts";

type AnyFunction = (...args: never[]) => unknown;

/** `node:fs`; `node:fs/promises` is its `promises`. */
export function createFs(node: NodeContext): unknown {
  const operations = createOperations(node);
  const callbacks = callbackFace(node, operations);
  const sync = syncFace(node, operations);
  const { Dir, ...dir } = createDir(node, operations);
  const fs: Record<string, unknown> = {
    ...callbacks,
    ...sync,
    ...dir,
    ...createWatch(node),
    ...createWatchFile(node),
    constants,
    F_OK: 0,
    R_OK: 4,
    W_OK: 2,
    X_OK: 1,
    Stats,
    Dirent,
    Dir,
    openAsBlob: async (path: unknown, options?: BlobPropertyBag) =>
      new Blob([runSync(node.system, operations["readFile"]?.(path) as never)], options),
    _toUnixTimestamp: (time: Date | number) =>
      time instanceof Date ? time.getTime() / 1000 : time,
    mkdtempDisposableSync: (prefix: unknown) => disposableDirectory(sync, prefix),
  };
  native(fs, "realpath");
  native(fs, "realpathSync");
  addStreams(node, fs);
  lazy(fs, "promises", () => createFsPromises(node, operations));
  return fs;
}

function native(fs: Record<string, unknown>, name: string): void {
  Object.assign(fs[name] as AnyFunction, { native: fs[name] });
}

function disposableDirectory(
  sync: Record<string, (...args: unknown[]) => unknown>,
  prefix: unknown,
): object {
  const path = sync["mkdtempSync"]?.(prefix);
  const remove = () => sync["rmSync"]?.(path, { recursive: true, force: true });
  return { path, remove, [Symbol.dispose]: remove };
}

function lazy(target: object, name: string, make: () => unknown): void {
  let made: unknown;
  Object.defineProperty(target, name, {
    configurable: true,
    enumerable: true,
    get: () => (made ??= make()),
    set: (value: unknown) => {
      made = value;
    },
  });
}

/** Streams are made when first used: most programs load `fs` and never stream. */
function addStreams(node: NodeContext, fs: Record<string, unknown>): void {
  const files = fs as unknown as StreamFiles;
  lazy(fs, "ReadStream", () => callable(createReadStreamClass(node, files)));
  lazy(fs, "WriteStream", () => callable(createWriteStreamClass(node, files)));
  lazy(fs, "FileReadStream", () => fs["ReadStream"]);
  lazy(fs, "FileWriteStream", () => fs["WriteStream"]);
  const make =
    (name: string, create: typeof createReadStreamClass | typeof createWriteStreamClass) =>
    (path: unknown, options?: { fs?: StreamFiles }) => {
      const own = options?.fs;
      const Stream = (own === undefined ? fs[name] : create(node, own)) as new (
        ...args: unknown[]
      ) => object;
      return new Stream(path, options);
    };
  fs["createReadStream"] = make("ReadStream", createReadStreamClass);
  fs["createWriteStream"] = make("WriteStream", createWriteStreamClass);
}

/** Old programs call these classes without `new`. */
function callable(Stream: NewableFunction): unknown {
  return new Proxy(Stream, {
    apply: (target, _self, args) => Reflect.construct(target, args) as object,
  });
}
