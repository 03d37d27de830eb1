/** Milliseconds between comments while nothing happens: proxies drop what is silent for longer. */
const HEARTBEAT_MS = 5_000;

/** A comment (HTML standard, 9.2.5): the caller ignores it; writing it shows whether there is one. */
const HEARTBEAT = ": \n\n";

/** One event of a stream (HTML standard, 9.2, server-sent events). */
export interface ServerEvent {
  readonly event: string;
  /** What `Last-Event-ID` says when a caller comes back after this event. */
  readonly id: string;
  readonly data: object;
}

export interface StreamOptions {
  /** The events; `return` is called when the caller goes away. */
  readonly events: AsyncIterator<ServerEvent>;
  /** Milliseconds after which a browser comes back when the stream was cut. */
  readonly retryMs: number;
  /** Milliseconds after which a caller that takes nothing any more is left. */
  readonly maxMs: number;
  /** Ends whatever the events wait for; called once, however the stream ends. */
  readonly onEnd: () => void;
  readonly heartbeatMs?: number;
}

/**
 * A stream of server-sent events. An event is asked for only when the caller has taken the one before,
 * so that a slow caller slows down the reading, and nothing piles up.
 */
export function eventStream(options: StreamOptions): ReadableStream<Uint8Array> {
  const { events, retryMs, maxMs, onEnd, heartbeatMs = HEARTBEAT_MS } = options;
  const encoder = new TextEncoder();
  let next: Promise<IteratorResult<ServerEvent>> | undefined;
  let head = `retry: ${retryMs}\n\n`;
  let limit: ReturnType<typeof setTimeout> | undefined;
  const end = (): void => {
    clearTimeout(limit ?? null);
    onEnd();
  };
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        limit = setTimeout(() => {
          onEnd();
          controller.error(new Error("The caller takes nothing."));
        }, maxMs);
      },
      async pull(controller) {
        next ??= events.next();
        const result = await withinMs(next, heartbeatMs);
        if (result === undefined) {
          controller.enqueue(encoder.encode(HEARTBEAT));
          return;
        }
        next = undefined;
        if (result.done) {
          end();
          controller.close();
          return;
        }
        controller.enqueue(encoder.encode(head + textOf(result.value)));
        head = "";
      },
      cancel() {
        end();
        void events.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** JSON has no line breaks outside of its escapes, so the data is one line. */
function textOf({ event, id, data }: ServerEvent): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** @returns undefined when it takes longer */
async function withinMs<Result>(work: Promise<Result>, ms: number): Promise<Result | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
