import type {
  AuthInfo,
  JSONRPCMessage,
  MessageExtraInfo,
  Transport,
} from "@modelcontextprotocol/server";

/** Milliseconds between comments: only a write shows that the client went away. */
const KEEP_ALIVE_MS = 10_000;

/** Bytes that may wait for a client that does not read; beyond it, it is gone as good as. */
const WAITING_MAX_BYTES = 32 * 1_024 * 1_024;

interface Watch {
  /** Looked at before each comment; a stream that nobody uses ends. */
  isIdle(): boolean;
  /** Called once, whoever ends the stream. */
  onEnd(): void;
}

/** One stream of 2024-11-05: `endpoint` first, which says where to post, then a message each. */
export class SseTransport implements Transport {
  onmessage?: (message: JSONRPCMessage, extra?: MessageExtraInfo) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  readonly body: ReadableStream<Uint8Array>;
  readonly #encoder = new TextEncoder();
  readonly #keepAlive: ReturnType<typeof setInterval>;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  readonly #watch: Watch;

  /**
   * @param endpoint path and query to post to; clients resolve it against the stream's URL
   */
  constructor(endpoint: string, watch: Watch) {
    this.#watch = watch;
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        cancel: () => this.close(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
    );
    this.#write(`event: endpoint\ndata: ${endpoint}\n\n`);
    this.#keepAlive = setInterval(() => {
      if (watch.isIdle()) void this.close();
      else this.#write(": still here\n\n");
    }, KEEP_ALIVE_MS);
  }

  /** The stream is open from the beginning. */
  start(): Promise<void> {
    return Promise.resolve();
  }

  receive(message: JSONRPCMessage, authInfo: AuthInfo): void {
    this.onmessage?.(message, { authInfo });
  }

  send(message: JSONRPCMessage): Promise<void> {
    this.#write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
    return Promise.resolve();
  }

  /** The calls of a stream that has ended are cancelled: nobody can hear how they go. */
  close(): Promise<void> {
    const controller = this.#controller;
    if (controller === undefined) return Promise.resolve();
    this.#controller = undefined;
    clearInterval(this.#keepAlive);
    try {
      controller.close();
    } catch {
      // The client closed it.
    }
    this.#watch.onEnd();
    this.onclose?.();
    return Promise.resolve();
  }

  #write(text: string): void {
    const controller = this.#controller;
    if (controller === undefined) return;
    try {
      controller.enqueue(this.#encoder.encode(text));
      if ((controller.desiredSize ?? 0) < -WAITING_MAX_BYTES) void this.close();
    } catch {
      void this.close();
    }
  }
}
