import type { PreviewConnection } from "../connect.ts";
import { cut, hangUp } from "../hang-up.ts";
import {
  closePayload,
  encodeFrame,
  FrameError,
  type IncomingMessage,
  MessageReader,
  Opcode,
} from "./frames.ts";
import { type HandshakeRequest, shakeHands } from "./handshake.ts";

/** A server that has been told of the end gets this long to say it too. */
const CLOSE_TIMEOUT_MS = 5_000;

/** No status: the connection was lost (RFC 6455, section 7.4.1). */
const ABNORMAL = 1006;

/** The close frame had no status. */
const NO_CODE = 1005;

type Goodbye = Extract<IncomingMessage, { type: "close" }>;

export interface Listener {
  opened(protocol: string): void;
  message(data: string | Uint8Array<ArrayBuffer>): void;
  /** Comes once, and last. `wasClean`: both sides have said it. */
  closed(code: number, reason: string, wasClean: boolean): void;
}

/** The client's side of one WebSocket on a connection (RFC 6455). */
export class Conversation {
  readonly #listener: Listener;
  #reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  #writer: WritableStreamDefaultWriter<Uint8Array> | null = null;
  #state: "connecting" | "open" | "closing" | "closed" = "connecting";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  async run(
    connect: () => Promise<PreviewConnection>,
    request: Omit<HandshakeRequest, "port">,
  ): Promise<void> {
    try {
      const connection = await connect();
      this.#reader = connection.readable.getReader();
      this.#writer = connection.writable.getWriter();
      if (this.#state === "closed") return this.#hangUp();
      const { port } = connection;
      const agreed = await shakeHands({ ...request, port }, this.#reader, this.#writer);
      if (this.#state !== "connecting") return this.#hangUp();
      this.#state = "open";
      this.#listener.opened(agreed.protocol);
      const goodbye = await this.#listen(this.#reader, agreed.rest);
      if (goodbye === null) return this.#end(ABNORMAL, "", false);
      await this.#answerClose(goodbye.code);
      this.#end(goodbye.code, goodbye.reason, true);
    } catch (error) {
      const code = error instanceof FrameError ? error.code : undefined;
      if (code !== undefined) await this.#write(Opcode.close, closePayload(code)).catch(() => {});
      this.#end(code ?? ABNORMAL, "", false);
    }
  }

  /** Resolves when there is room for more. */
  async send(data: string | Uint8Array): Promise<void> {
    if (this.#state !== "open") return;
    if (typeof data === "string") await this.#write(Opcode.text, new TextEncoder().encode(data));
    else await this.#write(Opcode.binary, data);
  }

  close(code: number | undefined, reason: string): void {
    if (this.#state === "connecting") return this.#end(ABNORMAL, "", false);
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.#write(Opcode.close, closePayload(code, reason)).catch(() => {});
    this.#timer = setTimeout(() => this.#end(ABNORMAL, "", false), CLOSE_TIMEOUT_MS);
  }

  /** @returns how the server said the end; null when the connection ended without */
  async #listen(
    reader: ReadableStreamDefaultReader<Uint8Array>,
    first: readonly Uint8Array[],
  ): Promise<Goodbye | null> {
    const messages = new MessageReader();
    for (const bytes of first) {
      const goodbye = this.#receive(messages.push(bytes));
      if (goodbye !== null) return goodbye;
    }
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return null;
      const goodbye = this.#receive(messages.push(value));
      if (goodbye !== null) return goodbye;
    }
  }

  #receive(messages: readonly IncomingMessage[]): Goodbye | null {
    for (const message of messages) {
      switch (message.type) {
        case "text":
          if (this.#state === "open") this.#listener.message(message.text);
          break;
        case "binary":
          if (this.#state === "open") this.#listener.message(message.bytes);
          break;
        case "ping":
          this.#write(Opcode.pong, message.bytes).catch(() => {});
          break;
        case "pong":
          break;
        case "close":
          return message;
      }
    }
    return null;
  }

  /** The end is said by both sides; whoever began does not say it again. */
  async #answerClose(code: number): Promise<void> {
    if (this.#state !== "open") return;
    this.#state = "closing";
    const payload = closePayload(code === NO_CODE ? undefined : code);
    // The server may be gone already.
    await this.#write(Opcode.close, payload).catch(() => {});
  }

  async #write(opcode: (typeof Opcode)[keyof typeof Opcode], payload: Uint8Array): Promise<void> {
    await this.#writer?.write(
      encodeFrame(opcode, payload, crypto.getRandomValues(new Uint8Array(4))),
    );
  }

  #end(code: number, reason: string, wasClean: boolean): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    clearTimeout(this.#timer);
    this.#hangUp(wasClean);
    this.#listener.closed(code, reason, wasClean);
  }

  #hangUp(wasClean = false): void {
    if (this.#reader === null || this.#writer === null) return;
    void (wasClean ? hangUp : cut)(this.#reader, this.#writer);
  }
}
