import type { System } from "../kernel/system-calls.ts";

/*
 * The seam between the core of Node (loop, process, loader) and the modules that come with it
 * (`builtins/`). A builtin is made by a function of the context, once per process, when it is first
 * required.
 */

/** Something that may keep the process alive: a socket, a child, a pending call (libuv's handle). */
export interface Hold {
  /** Keeps the process alive, which is how a hold starts. Without effect after `release`. */
  ref(): void;
  unref(): void;
  hasRef(): boolean;
  /** It is over. May be called twice. */
  release(): void;
}

/** One run of the guest at a time: every callback from outside goes through the loop. */
export interface EventLoop {
  /** @param what for `process.getActiveResourcesInfo()`, in Node's words, e.g. `TCPSocketWrap` */
  hold(what: string): Hold;
  /**
   * Runs a guest's callback as one turn of the loop: the ticks after it, its errors to
   * `uncaughtException`, the async context as it was when `bind` wrapped it. Call it from wherever the
   * browser calls back (message events, settled native promises), never from within a turn.
   */
  enter(callback: () => void): void;
  /** Remembers the async context of now; the result runs `callback` with it. For stored callbacks. */
  bind<Args extends unknown[], Result>(
    callback: (...args: Args) => Result,
  ): (...args: Args) => Result;
  /** Runs the callback in a later turn, as Node's thread pool and sockets do: a ref'd hold meanwhile. */
  settle<T>(
    what: string,
    pending: Promise<T>,
    callback: (error: unknown, value: T | undefined) => void,
  ): Hold;
  /** The same promise; the process lives until it is settled. For promises that guests await. */
  track<T>(what: string, pending: Promise<T>): Promise<T>;
  nextTick(callback: (...args: never[]) => void, ...args: unknown[]): void;
  /** Names of the ref'd holds. */
  readonly activeHolds: readonly string[];
}

/** Ways into the loader, for `vm`, `worker_threads`, `node:test`, `repl`. */
export interface ModuleAccess {
  /** As `createRequire(filename)` of node:module. */
  createRequire(filename: string): (id: string) => unknown;
  /** As `import(specifier)` in a file. @param parent a path or a URL */
  import(specifier: string, parent: string, options?: unknown): Promise<unknown>;
  /** Runs a program's main file by its kind, as the command line does. */
  runMain(path: string): Promise<void>;
  /** Source of a script in the global scope (vm), whose `import()` calls the importer. */
  prepareScript(
    source: string,
    importer: (specifier: unknown, options?: unknown) => Promise<unknown>,
  ): string;
}

/** What the natives of the browser were before the guest's first statement. */
export interface Natives {
  readonly setTimeout: (callback: () => void, ms: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
  readonly MessageChannel: typeof MessageChannel;
  /** Milliseconds, monotonic (performance.now). */
  readonly now: () => number;
  /** Milliseconds since the epoch at which `now` was 0. */
  readonly timeOrigin: number;
  readonly fetch: typeof fetch;
  readonly crypto: Crypto;
  /** Bytes of one of this runtime's own files; blocks until they are here. @throws Error */
  readonly loadSync: (url: string) => ArrayBuffer;
}

type Listener = (...args: never[]) => void;

/** `process`, as far as builtins use it. Guests see all of it. */
export interface NodeProcess {
  readonly pid: number;
  readonly ppid: number;
  argv: string[];
  readonly argv0: string;
  readonly execPath: string;
  readonly execArgv: string[];
  readonly env: Record<string, string | undefined>;
  readonly platform: "linux";
  readonly version: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly stdin: unknown;
  readonly stdout: { write(text: string | Uint8Array): boolean };
  readonly stderr: { write(text: string | Uint8Array): boolean };
  exitCode: number | string | null | undefined;
  cwd(): string;
  exit(code?: number | string | null): never;
  /** Ends at once: no `exit` event, no last ticks. */
  reallyExit(code: number): never;
  nextTick(callback: (...args: never[]) => void, ...args: unknown[]): void;
  emitWarning(warning: string | Error, ...rest: unknown[]): void;
  hrtime: { (previous?: [number, number]): [number, number]; bigint(): bigint };
  on(event: string | symbol, listener: Listener): unknown;
  once(event: string | symbol, listener: Listener): unknown;
  off(event: string | symbol, listener: Listener): unknown;
  emit(event: string | symbol, ...args: unknown[]): boolean;
  listenerCount(event: string | symbol): number;
}

export interface NodeContext {
  readonly system: System;
  readonly loop: EventLoop;
  readonly process: NodeProcess;
  readonly modules: ModuleAccess;
  readonly natives: Natives;
  /** What guests see as `globalThis`. */
  readonly global: typeof globalThis;
  /** Options of the command line, parsed: `--conditions`, `--test`, … */
  readonly options: NodeOptions;
  /** Exports of another builtin, by name without `node:`, made when first asked for. */
  // The caller knows what the module exports.
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  builtin<T = unknown>(name: string): T;
  /** The guest's setTimeout and the like (what `node:timers` exports); for builtins' own waits too. */
  readonly timers: NodeTimers;
  /** Who this process is among worker threads; `worker_threads` shows it. */
  readonly thread: ThreadInfo;
  /** Writes to descriptor 1 or 2 at once, past streams; for last words. */
  writeSync(fd: 1 | 2, text: string): void;
  /** Hands an error that nobody can catch to `uncaughtException`, or ends the process with it. */
  fail(error: unknown, origin: "uncaughtException" | "unhandledRejection"): void;
}

export interface NodeTimer {
  ref(): this;
  unref(): this;
  hasRef(): boolean;
  refresh(): this;
}

export interface NodeTimers {
  setTimeout(callback: (...args: never[]) => void, ms?: number, ...args: unknown[]): NodeTimer;
  setInterval(callback: (...args: never[]) => void, ms?: number, ...args: unknown[]): NodeTimer;
  setImmediate(callback: (...args: never[]) => void, ...args: unknown[]): unknown;
  clearTimeout(timer: unknown): void;
  clearInterval(timer: unknown): void;
  clearImmediate(immediate: unknown): void;
}

/** A thread is a process of its own whose parent asked for one, by DISCO_THREAD in its environment. */
export interface ThreadInfo {
  readonly isMainThread: boolean;
  readonly threadId: number;
}

export interface NodeOptions {
  readonly conditions: readonly string[];
  /** `--test-…` flags as given, for the test runner. */
  readonly test: Readonly<Record<string, string | true>>;
  readonly traceWarnings: boolean;
  readonly noWarnings: boolean;
  readonly noDeprecation: boolean;
  readonly throwDeprecation: boolean;
  readonly traceDeprecation: boolean;
  readonly unhandledRejections: "throw" | "strict" | "warn" | "none" | "warn-with-error-code";
  readonly exposeGc: boolean;
}

/** Makes the exports of one builtin module. */
export type BuiltinFactory = (node: NodeContext) => unknown;

/**
 * Builtins by name without the scheme (`fs/promises`). A key with the scheme (`node:test`) can only be
 * required with it. Keys below `internal/` are not for guests:
 *
 * - `internal/stdio`: `{ stdin, stdout, stderr }` as lazy getters, for `process`
 * - `internal/globals`: an object of property descriptors for what the builtins add to `globalThis`
 *   (console, Buffer, fetch, MessageChannel, performance, crypto, WebSocket, …)
 */
export type BuiltinModules = Readonly<Record<string, BuiltinFactory>>;
