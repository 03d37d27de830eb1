import type { ByteDuplex } from "../../runtime/runtime.ts";
import { cut, hangUp } from "../hang-up.ts";
import { BadResponse, type ResponseHead } from "./response-head.ts";
import { type ResponseEvent, ResponseParser } from "./response-parser.ts";
import { type OutgoingRequest, writeRequest } from "./write-request.ts";

export interface IncomingResponse extends ResponseHead {
  /** Null when the response has none. Nobody reads ahead: what is not asked for is not received. */
  readonly body: ReadableStream<Uint8Array> | null;
}

/**
 * One request and its response on a connection of their own. The request's body is still sent while
 * the response comes.
 *
 * @throws BadResponse, or what the connection fails with
 */
export async function exchange(
  request: OutgoingRequest,
  connection: ByteDuplex,
  signal: AbortSignal,
): Promise<IncomingResponse> {
  const reader = connection.readable.getReader();
  const writer = connection.writable.getWriter();
  const incoming = new Incoming(request.method, reader, writer);
  const onAbort = (): void => void cut(reader, writer);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  // A server may answer without reading the whole body; then only its answer counts.
  const failed = writeRequest(request, writer).then(
    () => new Promise<never>(() => {}),
    (error: unknown) => {
      // Half a request would keep the server waiting.
      writer.abort(error).catch(() => {});
      return incoming.headOr(error);
    },
  );
  try {
    const head = await Promise.race([incoming.head(), failed]);
    return { ...head, body: incoming.body() };
  } catch (error) {
    // A server that answered nonsense may keep its end open for ever.
    await cut(reader, writer);
    throw error;
  }
}

/** The response as it comes. */
class Incoming {
  readonly #parser: ResponseParser;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  #events: ResponseEvent[] = [];
  #head: Promise<ResponseHead> | null = null;

  constructor(
    method: string,
    reader: ReadableStreamDefaultReader<Uint8Array>,
    writer: WritableStreamDefaultWriter<Uint8Array>,
  ) {
    this.#parser = new ResponseParser(method);
    this.#reader = reader;
    this.#writer = writer;
  }

  head(): Promise<ResponseHead> {
    this.#head ??= this.#readHead();
    return this.#head;
  }

  /** Waits for an answer that may be on its way already, and fails with the error otherwise. */
  async headOr(error: unknown): Promise<ResponseHead> {
    try {
      return await this.head();
    } catch {
      throw error instanceof Error ? error : new BadResponse(String(error));
    }
  }

  body(): ReadableStream<Uint8Array> | null {
    if (this.#events[0]?.type === "end") {
      void hangUp(this.#reader, this.#writer);
      return null;
    }
    return new ReadableStream<Uint8Array>(
      {
        pull: (controller) => this.#pull(controller),
        cancel: () => cut(this.#reader, this.#writer),
      },
      { highWaterMark: 0 },
    );
  }

  async #readHead(): Promise<ResponseHead> {
    const event = await this.#next();
    if (event.type !== "head") throw new BadResponse("The answer has no head.");
    return event.head;
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const event = await this.#next();
    if (event.type === "data") return controller.enqueue(event.bytes);
    controller.close();
    // One request per connection: what the server says after its answer is for nobody.
    void hangUp(this.#reader, this.#writer);
  }

  async #next(): Promise<ResponseEvent> {
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined) return event;
      const { done, value } = await this.#reader.read();
      this.#events = done ? this.#parser.finish() : this.#parser.push(value);
    }
  }
}
