/* The shapes of readable-stream's classes, as far as builtins use them. */

export type Callback = (error?: Error | null) => void;

export interface EmitterLike {
  on(event: string | symbol, listener: (...args: never[]) => void): this;
  once(event: string | symbol, listener: (...args: never[]) => void): this;
  off(event: string | symbol, listener: (...args: never[]) => void): this;
  removeListener(event: string | symbol, listener: (...args: never[]) => void): this;
  removeAllListeners(event?: string | symbol): this;
  emit(event: string | symbol, ...args: unknown[]): boolean;
  listenerCount(event: string | symbol): number;
  listeners(event: string | symbol): ((...args: unknown[]) => unknown)[];
  setMaxListeners(count: number): this;
}

export interface ReadableLike extends EmitterLike {
  readonly destroyed: boolean;
  readonly readableEnded: boolean;
  readonly readableFlowing: boolean | null;
  readonly readableLength: number;
  readonly readableObjectMode: boolean;
  readonly readableHighWaterMark: number;
  readonly errored: Error | null;
  readonly closed: boolean;
  readable: boolean;
  push(chunk: unknown, encoding?: string): boolean;
  read(size?: number): unknown;
  resume(): this;
  pause(): this;
  isPaused(): boolean;
  setEncoding(encoding: string): this;
  destroy(error?: Error | null): this;
  pipe<T>(target: T, options?: object): T;
  unpipe(target?: unknown): this;
  unshift(chunk: unknown): void;
  [Symbol.asyncIterator](): AsyncIterator<unknown>;
}

export interface WritableLike extends EmitterLike {
  readonly destroyed: boolean;
  readonly writableEnded: boolean;
  readonly writableFinished: boolean;
  readonly writableLength: number;
  readonly writableNeedDrain: boolean;
  readonly writableObjectMode: boolean;
  readonly writableHighWaterMark: number;
  readonly closed: boolean;
  readonly errored: Error | null;
  writable: boolean;
  write(chunk: unknown, encoding?: unknown, callback?: unknown): boolean;
  end(chunk?: unknown, encoding?: unknown, callback?: unknown): this;
  cork(): void;
  uncork(): void;
  destroy(error?: Error | null): this;
}

export type DuplexLike = ReadableLike & WritableLike & { allowHalfOpen: boolean };

export interface StreamClass<T> {
  new (options?: object): T;
  readonly prototype: T;
}

export interface StreamModule extends Record<string, unknown> {
  readonly Readable: StreamClass<ReadableLike> & {
    from(source: unknown, options?: object): ReadableLike;
  };
  readonly Writable: StreamClass<WritableLike>;
  readonly Duplex: StreamClass<DuplexLike>;
  readonly Transform: StreamClass<DuplexLike>;
  readonly PassThrough: StreamClass<DuplexLike>;
  addAbortSignal: (signal: AbortSignal, stream: object) => void;
  finished(stream: unknown, ...rest: unknown[]): () => void;
  pipeline(...streams: unknown[]): unknown;
  setDefaultHighWaterMark(objectMode: boolean, value: number): void;
  readonly promises: {
    finished(...args: unknown[]): Promise<void>;
    pipeline(...args: unknown[]): Promise<void>;
  };
}
