import { FrameDecoder, FrameEncoder, FrameError } from "./codec.ts";
import type { RelayFrame, TabFrame } from "./frames.ts";
import { FRAGMENT_CREDIT, FRAGMENT_WINDOW } from "./limits.ts";

type Message = string | Uint8Array<ArrayBuffer>;

/** `[u8 kind][u32 fragments, big endian]`, SPEC rule FLOW-2. */
const CREDIT_KIND = 2;
const CREDIT_BYTES = 5;

/**
 * One end of a connection: frames in, messages out, and the other way round. Large frames leave at the
 * pace at which the peer takes them, a fragment of each in turn, so that a small frame waits for none
 * of them, and no end holds more than a window of them on their way (SPEC rules FLOW).
 */
export class FrameChannel<Incoming extends TabFrame | RelayFrame> {
  readonly #transmit: (message: Message) => void;
  readonly #encoder = new FrameEncoder(randomNumber());
  readonly #decoder: FrameDecoder<Incoming>;
  /** The fragments of each frame that is not wholly on its way; whose turn is next comes first. */
  readonly #waiting: Uint8Array<ArrayBuffer>[][] = [];
  #window = FRAGMENT_WINDOW;
  #owed = 0;

  private constructor(decoder: FrameDecoder<Incoming>, transmit: (message: Message) => void) {
    this.#decoder = decoder;
    this.#transmit = transmit;
  }

  /** @param transmit sends a message; does nothing when the socket is not open any more */
  static ofTab(transmit: (message: Message) => void): FrameChannel<RelayFrame> {
    return new FrameChannel(FrameDecoder.forTab(), transmit);
  }

  /** @param transmit sends a message; does nothing when the socket is not open any more */
  static ofRelay(transmit: (message: Message) => void): FrameChannel<TabFrame> {
    return new FrameChannel(FrameDecoder.forRelay(), transmit);
  }

  /** @throws FrameError when the frame is above FRAME_MAX_BYTES */
  send(frame: TabFrame | RelayFrame): void {
    const messages = this.#encoder.encode(frame);
    if (typeof messages === "string") return this.#transmit(messages);
    this.#waiting.push(messages);
    this.#pump();
  }

  /**
   * @returns the frame that this message completes, or undefined when it completes none
   * @throws FrameError when the message is none of the protocol's
   */
  receive(message: string | ArrayBuffer): Incoming | undefined {
    if (typeof message === "string") return this.#decoder.push(message);
    const bytes = new Uint8Array(message);
    if (bytes[0] === CREDIT_KIND) {
      // A relay that slept knows nothing of what it sent before.
      this.#window = Math.min(FRAGMENT_WINDOW, this.#window + creditOf(bytes));
      this.#pump();
      return undefined;
    }
    const frame = this.#decoder.push(bytes);
    this.#owed += 1;
    if (frame !== undefined || this.#owed >= FRAGMENT_CREDIT) this.#giveCredit();
    return frame;
  }

  #pump(): void {
    while (this.#window > 0) {
      const frame = this.#waiting.shift();
      const fragment = frame?.shift();
      if (frame === undefined || fragment === undefined) return;
      if (frame.length > 0) this.#waiting.push(frame);
      this.#window -= 1;
      this.#transmit(fragment);
    }
  }

  #giveCredit(): void {
    const message = new Uint8Array(CREDIT_BYTES);
    message[0] = CREDIT_KIND;
    new DataView(message.buffer).setUint32(1, this.#owed);
    this.#owed = 0;
    this.#transmit(message);
  }
}

function creditOf(message: Uint8Array<ArrayBuffer>): number {
  const fragments = message.length === CREDIT_BYTES ? new DataView(message.buffer).getUint32(1) : 0;
  if (fragments >= 1 && fragments <= FRAGMENT_WINDOW) return fragments;
  throw new FrameError("The message gives no credit that could be owed.");
}

/**
 * Where the frame numbers begin: a relay that slept must not go on with the number of a frame whose
 * first half it sent before.
 */
function randomNumber(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
