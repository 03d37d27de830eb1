import { boundClass } from "../bound-class.ts";
import { EventEmitter } from "../stream/stream-classes.ts";
import type { Hold, NodeContext } from "../../context.ts";
import type { EmitterLike } from "../stream/stream-types.ts";
import { systemError, codeOf } from "../errors/system-error.ts";
import { createPathReader } from "./paths.ts";
import { optionsOf } from "./options.ts";

export interface Watcher extends EmitterLike {
  close(): void;
  ref(): Watcher;
  unref(): Watcher;
}

/** `fs.watch`: the kernel tells of changes below a path; entries deeper than one are left out unless recursive. */
class FSWatcher extends EventEmitter {
  readonly #node: NodeContext;
  readonly _hold: Hold;
  readonly _stop: () => void;
  _closed = false;

  constructor(node: NodeContext, path: unknown, recursive: boolean) {
    super();
    this.#node = node;
    this._hold = node.loop.hold("FSEvent");
    const read = createPathReader(() => node.process.cwd());
    const { absolute, shown } = read(path, "filename");
    const { system } = node;
    let root: string;
    let directory: boolean;
    try {
      root = system.callSync("realpath", absolute);
      directory = system.callSync("stat", absolute).type === "directory";
    } catch (error) {
      this._hold.release();
      throw Object.assign(systemError({ code: codeOf(error), syscall: "watch", path: shown }), {
        filename: shown,
      });
    }
    const id = system.callSync("watch", root);
    const ignore = system.onEvent((message) => {
      if (message.type !== "watch" || message.watch !== id) return;
      const { event } = message;
      const below = event.path === root ? "" : event.path.slice(root === "/" ? 1 : root.length + 1);
      if (directory && (below === "" || (!recursive && below.includes("/")))) return;
      const name = below === "" ? root.slice(root.lastIndexOf("/") + 1) : below;
      const kind = event.type === "changed" ? "change" : "rename";
      this.#node.loop.enter(() => {
        if (!this._closed) this.emit("change", kind, name);
      });
    });
    this._stop = () => {
      ignore();
      void system.call("unwatch", id);
    };
  }
  close(): void {
    if (this._closed) return;
    this._closed = true;
    this._stop();
    this._hold.release();
    this.#node.process.nextTick(() => this.emit("close"));
  }
  ref(): this {
    this._hold.ref();
    return this;
  }
  unref(): this {
    this._hold.unref();
    return this;
  }
  [Symbol.dispose](): void {
    this.close();
  }
}

export function createWatch(node: NodeContext) {
  node.builtin("events");

  const Bound = boundClass(FSWatcher, node);
  const watch = (path: unknown, ...rest: unknown[]): Watcher => {
    const listener = rest.find((each) => typeof each === "function") as (() => void) | undefined;
    const options = optionsOf(rest[0]);
    const watcher = new Bound(path, options["recursive"] === true);
    if (options["persistent"] === false) watcher.unref();
    const signal = options["signal"] as AbortSignal | undefined;
    if (signal?.aborted === true) node.process.nextTick(() => watcher.close());
    signal?.addEventListener("abort", () => watcher.close(), { once: true });
    if (listener !== undefined) watcher.on("change", listener);
    return watcher;
  };
  return { FSWatcher: Bound, watch };
}
