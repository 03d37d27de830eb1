import { boundClass } from "../bound-class.ts";
import type { NodeContext } from "../../context.ts";
import { nodeError } from "../errors/node-error.ts";
import type { Dirent } from "./dirent.ts";
import type { Operations } from "./operations.ts";
import { runSync } from "./run.ts";

type DirentCallback = (error: Error | null, entry?: Dirent | null) => void;

interface Parts {
  readonly node: NodeContext;
  readonly operations: Operations;
}

class Dir {
  readonly #parts: Parts;
  readonly path: string;
  readonly _entries: Dirent[];
  _closed = false;

  constructor(parts: Parts, path: string, options: object = {}) {
    this.#parts = parts;
    this.path = path;
    const list = { ...options, withFileTypes: true };
    this._entries = runSync(
      this.#parts.node.system,
      this.#parts.operations["readdir"]?.(path, list) as never,
    );
  }
  readSync(): Dirent | null {
    if (this._closed) throw nodeError("ERR_DIR_CLOSED", "Directory handle was closed");
    return this._entries.shift() ?? null;
  }
  read(callback?: DirentCallback): Promise<Dirent | null> | undefined {
    const next = this._promised(() => this.readSync());
    if (callback === undefined) return next;
    this._call(next, callback);
    return undefined;
  }
  closeSync(): void {
    if (this._closed) throw nodeError("ERR_DIR_CLOSED", "Directory handle was closed");
    this._closed = true;
  }
  close(callback?: (error: Error | null) => void): Promise<void> | undefined {
    const closed = this._promised(() => this.closeSync());
    if (callback === undefined) return closed;
    this._call(closed, callback);
    return undefined;
  }
  async *entries(): AsyncGenerator<Dirent> {
    try {
      for (let entry = await this.read(); entry; entry = await this.read()) yield entry;
    } finally {
      if (!this._closed) this.closeSync();
    }
  }
  [Symbol.asyncIterator](): AsyncGenerator<Dirent> {
    return this.entries();
  }
  [Symbol.asyncDispose](): Promise<void> {
    if (!this._closed) this.closeSync();
    return Promise.resolve();
  }
  async _promised<T>(act: () => T): Promise<T> {
    return act();
  }
  _call<T>(pending: Promise<T>, callback: (error: Error | null, value?: T) => void): void {
    this.#parts.node.loop.settle("FSReqCallback", pending, (error, value) => {
      if (error) callback(error as Error);
      else callback(null, value);
    });
  }
}

/** `fs.opendir` and the class of what it gives: entries one at a time. */
export function createDir(node: NodeContext, operations: Operations) {
  const Bound = boundClass(Dir, { node, operations });
  return {
    Dir: Bound,
    opendirSync: (path: string, options?: object) => new Bound(path, options),
    opendir: (path: string, ...rest: unknown[]) => {
      const callback = rest.pop() as (error: Error | null, dir?: Dir) => void;
      const opened = Promise.resolve().then(() => new Bound(path, rest[0] as object | undefined));
      node.loop.settle("FSReqCallback", opened, (error, dir) => {
        if (error) {
          callback(Object.assign(error as Error, { syscall: "opendir" }));
        } else callback(null, dir);
      });
    },
  };
}
