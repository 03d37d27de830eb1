/** What may end an answer before its time. */
export interface AnswerBounds {
  readonly maxBytes: number;
  /** Milliseconds without a byte. */
  readonly silenceMs: number;
  /** Milliseconds for all of it. */
  readonly totalMs: number;
  /** Milliseconds between two calls of `mayGoOn`. */
  readonly recheckMs: number;
  /** Whether the answer is still allowed; never rejects. */
  mayGoOn(): Promise<boolean>;
}

/**
 * The answer's head, then its body for as long as it stays within its bounds. Beyond them the stream
 * breaks: what was received can never be taken for the whole.
 *
 * @param abort called with the reason, to end the transfer upstream
 */
export function answerStream(
  head: Uint8Array,
  body: ReadableStream<Uint8Array> | null,
  bounds: AnswerBounds,
  abort: (reason: Error) => void,
): ReadableStream<Uint8Array> {
  const reader = body?.getReader();
  const watch = new Watch(bounds, abort);
  let bytes = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (bytes === 0 && !watch.isStarted) {
          watch.start(controller);
          controller.enqueue(head);
          return;
        }
        const { done, value } = await watch.silence(reader?.read());
        if (watch.isOver) return;
        if (done) {
          watch.stop();
          controller.close();
          return;
        }
        bytes += value.byteLength;
        if (bytes > bounds.maxBytes) watch.break(`It has more than ${bounds.maxBytes} bytes.`);
        else controller.enqueue(value);
      },
      cancel(reason) {
        watch.stop();
        abort(new Error("Nobody reads the answer.", { cause: reason }));
      },
    },
    { highWaterMark: 0 },
  );
}

type Read = { readonly done: boolean; readonly value?: Uint8Array | undefined };
type Part =
  | { readonly done: true; readonly value?: undefined }
  | { readonly done: false; readonly value: Uint8Array };

/** The clocks of one answer. */
class Watch {
  readonly #bounds: AnswerBounds;
  readonly #abort: (reason: Error) => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #total: ReturnType<typeof setTimeout> | null = null;
  #recheck: ReturnType<typeof setTimeout> | null = null;
  isOver = false;

  constructor(bounds: AnswerBounds, abort: (reason: Error) => void) {
    this.#bounds = bounds;
    this.#abort = abort;
  }

  get isStarted(): boolean {
    return this.#controller !== null;
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const { totalMs } = this.#bounds;
    this.#controller = controller;
    this.#total = setTimeout(() => this.break(`It takes longer than ${totalMs} ms.`), totalMs);
    this.#recheckLater();
  }

  /** A read that breaks the stream when it takes too long, or fails. */
  async silence(read: Promise<Read> | undefined): Promise<Part> {
    if (read === undefined) return { done: true };
    const { silenceMs } = this.#bounds;
    const timer = setTimeout(() => this.break(`It is silent for ${silenceMs} ms.`), silenceMs);
    try {
      const { done, value } = await read;
      return done || value === undefined ? { done: true } : { done: false, value };
    } catch (error) {
      this.break(`The other host broke off: ${error instanceof Error ? error.message : ""}`);
      return { done: true };
    } finally {
      clearTimeout(timer);
    }
  }

  break(why: string): void {
    if (this.isOver) return;
    this.stop();
    const reason = new Error(`The answer is cut off. ${why}`);
    this.#controller?.error(reason);
    this.#abort(reason);
  }

  stop(): void {
    this.isOver = true;
    if (this.#total !== null) clearTimeout(this.#total);
    if (this.#recheck !== null) clearTimeout(this.#recheck);
  }

  #recheckLater(): void {
    this.#recheck = setTimeout(() => {
      void this.#bounds.mayGoOn().then((may) => {
        if (this.isOver) return;
        if (may) this.#recheckLater();
        else this.break("The host is allowed no longer.");
      });
    }, this.#bounds.recheckMs);
  }
}
