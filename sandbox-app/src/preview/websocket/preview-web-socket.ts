import type { PreviewConnection } from "../connect.ts";
import { Conversation } from "./conversation.ts";

const HANDLERS = ["open", "message", "error", "close"] as const;
const STATES = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 } as const;
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;

/** The WebSocket interface (WebSockets standard, section 3.1) over a connection into the container. */
export class PreviewWebSocket extends EventTarget {
  readonly url: string;
  readonly extensions = "";
  protocol = "";
  readyState: number = STATES.CONNECTING;
  bufferedAmount = 0;
  #binaryType: BinaryType = "blob";
  readonly #conversation: Conversation;
  /** Blobs are read one after the other, so that messages keep their order. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    url: URL,
    protocols: string | Iterable<string> | undefined,
    connect: () => Promise<PreviewConnection>,
  ) {
    super();
    const offered = typeof protocols === "string" ? [protocols] : [...(protocols ?? [])];
    if (!offered.every((one) => TOKEN.test(one)) || new Set(offered).size < offered.length) {
      throw new DOMException("The subprotocols are not valid.", "SyntaxError");
    }
    this.url = url.href;
    this.#conversation = new Conversation({
      opened: (protocol) => {
        this.readyState = STATES.OPEN;
        this.protocol = protocol;
        this.dispatchEvent(new Event("open"));
      },
      message: (data) => this.#received(data),
      closed: (code, reason, wasClean) => {
        this.readyState = STATES.CLOSED;
        if (!wasClean) this.dispatchEvent(new Event("error"));
        this.dispatchEvent(new CloseEvent("close", { code, reason, wasClean }));
      },
    });
    const request = { target: url.pathname + url.search, protocols: offered, cookie: cookies() };
    // In a later task, so that whoever made this can listen first.
    void Promise.resolve().then(() => this.#conversation.run(connect, request));
  }

  get binaryType(): BinaryType {
    return this.#binaryType;
  }

  set binaryType(type: BinaryType) {
    if (type === "blob" || type === "arraybuffer") this.#binaryType = type;
  }

  send(data: unknown): void {
    if (this.readyState === STATES.CONNECTING) {
      throw new DOMException("The WebSocket is still connecting.", "InvalidStateError");
    }
    const content = contentOf(data);
    const size = content instanceof Blob ? content.size : lengthOf(content);
    this.bufferedAmount += size;
    if (this.readyState !== STATES.OPEN) return;
    const sent = this.#queue.then(async () => {
      const bytes = content instanceof Blob ? new Uint8Array(await content.arrayBuffer()) : content;
      await this.#conversation.send(bytes);
      this.bufferedAmount -= size;
    });
    this.#queue = sent.catch(() => {});
  }

  close(code?: number, reason = ""): void {
    if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999)) {
      throw new DOMException(`The close code ${code} is not allowed.`, "InvalidAccessError");
    }
    if (lengthOf(reason) > 123) {
      throw new DOMException("The reason is longer than 123 bytes.", "SyntaxError");
    }
    if (this.readyState >= STATES.CLOSING) return;
    const wasOpen = this.readyState === STATES.OPEN;
    this.readyState = STATES.CLOSING;
    const end = (): void => this.#conversation.close(code, reason);
    void (wasOpen ? this.#queue.then(end) : Promise.resolve().then(end));
  }

  #received(data: string | Uint8Array<ArrayBuffer>): void {
    const shown =
      typeof data === "string"
        ? data
        : this.#binaryType === "blob"
          ? new Blob([data])
          : data.buffer;
    this.dispatchEvent(
      new MessageEvent("message", { data: shown, origin: new URL(this.url).origin }),
    );
  }
}

for (const [name, value] of Object.entries(STATES)) {
  const constant = { value, enumerable: true };
  Object.defineProperty(PreviewWebSocket, name, constant);
  Object.defineProperty(PreviewWebSocket.prototype, name, constant);
}

for (const type of HANDLERS) defineHandler(type);

/** `onopen` and its like: one listener, called in the order in which it was first set. */
function defineHandler(type: (typeof HANDLERS)[number]): void {
  const handlers = new WeakMap<EventTarget, { call: unknown }>();
  Object.defineProperty(PreviewWebSocket.prototype, `on${type}`, {
    configurable: true,
    enumerable: true,
    get(this: EventTarget) {
      return handlers.get(this)?.call ?? null;
    },
    set(this: EventTarget, call: unknown) {
      const known = handlers.get(this);
      const handler = known ?? { call: null };
      handler.call = typeof call === "function" ? call : null;
      if (known !== undefined) return;
      handlers.set(this, handler);
      this.addEventListener(type, (event) => {
        if (typeof handler.call === "function") handler.call.call(this, event);
      });
    },
  });
}

/** A copy: what the caller changes afterwards is not sent. */
function contentOf(data: unknown): string | Uint8Array | Blob {
  if (data instanceof Blob) return data;
  if (ArrayBuffer.isView(data)) {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  }
  if (data instanceof ArrayBuffer) return new Uint8Array(data).slice();
  // WebIDL: everything else becomes a string.
  return String(data);
}

function lengthOf(content: string | Uint8Array): number {
  return typeof content === "string" ? new TextEncoder().encode(content).length : content.length;
}

/** Those that scripts may see; there are no others in a preview. */
function cookies(): string {
  return typeof document === "undefined" ? "" : document.cookie;
}
