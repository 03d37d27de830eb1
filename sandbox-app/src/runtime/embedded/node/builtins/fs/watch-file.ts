import { boundClass } from "../bound-class.ts";
import { EventEmitter } from "../stream/stream-classes.ts";
import type { NodeContext, NodeTimer } from "../../context.ts";
import { createPathReader } from "./paths.ts";
import { optionsOf } from "./options.ts";
import { type BigIntStats, makeStats, type Stats } from "./stats.ts";

/** Node's own interval for `watchFile`, in milliseconds. */
const DEFAULT_INTERVAL_MS = 5007;

const absent = {
  type: "file",
  ino: 0,
  mode: 0,
  nlink: 0,
  uid: 0,
  gid: 0,
  size: 0,
  atimeMs: 0,
  mtimeMs: 0,
  ctimeMs: 0,
  birthtimeMs: 0,
} as const;

type Listener = (current: Stats | BigIntStats, previous: Stats | BigIntStats) => void;

class StatWatcher extends EventEmitter {
  readonly #node: NodeContext;
  readonly _timer: NodeTimer;
  _last: Stats | BigIntStats;
  readonly path: string;
  readonly bigint: boolean;

  constructor(node: NodeContext, path: string, intervalMs: number, bigint: boolean) {
    super();
    this.#node = node;
    this.path = path;
    this.bigint = bigint;
    this._last = this._look();
    this._timer = this.#node.timers.setInterval(() => this._compare(), intervalMs);
  }
  stop(): void {
    this.#node.timers.clearInterval(this._timer);
    this.emit("stop");
  }
  ref(): this {
    this._timer.ref();
    return this;
  }
  unref(): this {
    this._timer.unref();
    return this;
  }
  _look(): Stats | BigIntStats {
    try {
      return makeStats(this.#node.system.callSync("stat", this.path), this.bigint);
    } catch {
      return makeStats(absent, this.bigint);
    }
  }
  _compare(): void {
    const previous = this._last;
    const current = this._look();
    const same =
      current.mtimeMs === previous.mtimeMs &&
      current.size === previous.size &&
      current.ino === previous.ino;
    this._last = current;
    if (!same) this.emit("change", current, previous);
  }
}

/** `fs.watchFile`: looks at a file's status again and again. */
export function createWatchFile(node: NodeContext) {
  node.builtin("events");
  const read = createPathReader(() => node.process.cwd());

  const Bound = boundClass(StatWatcher, node);

  const watchers = new Map<string, StatWatcher>();
  const watchFile = (path: unknown, ...rest: unknown[]): StatWatcher => {
    const listener = rest.pop() as Listener;
    const options = optionsOf(rest[0]);
    const { absolute } = read(path, "filename");
    let watcher = watchers.get(absolute);
    if (watcher === undefined) {
      const interval = (options["interval"] as number | undefined) ?? DEFAULT_INTERVAL_MS;
      watcher = new Bound(absolute, interval, options["bigint"] === true);
      if (options["persistent"] === false) watcher.unref();
      watchers.set(absolute, watcher);
    }
    watcher.on("change", listener);
    return watcher;
  };
  const unwatchFile = (path: unknown, listener?: Listener): void => {
    const { absolute } = read(path, "filename");
    const watcher = watchers.get(absolute);
    if (watcher === undefined) return;
    if (listener === undefined) watcher.removeAllListeners("change");
    else watcher.off("change", listener);
    if (watcher.listenerCount("change") > 0) return;
    watcher.stop();
    watchers.delete(absolute);
  };
  return { StatWatcher: Bound, watchFile, unwatchFile };
}
