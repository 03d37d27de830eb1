import * as z from "zod";
import { RelayFrame, TabFrame } from "./frames.ts";
import { FRAGMENT_BYTES, FRAGMENTED_FRAMES_MAX, FRAME_MAX_BYTES } from "./limits.ts";

/** A message of the peer that is no frame; the connection is closed with CloseCode.badFrame. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

/** `[u8 kind][u8 last][u32 frame number, big endian][bytes]`, SPEC rules FRAG-1 to FRAG-4. */
const FRAGMENT_KIND = 1;
const FRAGMENT_HEADER_BYTES = 6;

/**
 * Turns frames into WebSocket messages: a small frame is one text message, a large one is a row of
 * binary fragments, so that frames of other calls can pass between them.
 */
export class FrameEncoder {
  #frameNumber: number;

  /** @param lastNumber the number before that of the first frame that is split */
  constructor(lastNumber = 0) {
    this.#frameNumber = lastNumber;
  }

  /**
   * @returns the one text message, or the fragments in order
   * @throws FrameError when the frame is above FRAME_MAX_BYTES
   */
  encode(frame: TabFrame | RelayFrame): string | Uint8Array<ArrayBuffer>[] {
    const text = JSON.stringify(frame);
    if (text.length <= FRAGMENT_BYTES) return text;
    const bytes = new TextEncoder().encode(text);
    if (bytes.length > FRAME_MAX_BYTES) {
      throw new FrameError(`A ${frame.type} frame of ${bytes.length} bytes is above the limit.`);
    }
    this.#frameNumber = (this.#frameNumber + 1) >>> 0;
    const messages: Uint8Array<ArrayBuffer>[] = [];
    for (let offset = 0; offset < bytes.length; offset += FRAGMENT_BYTES) {
      const part = bytes.subarray(offset, offset + FRAGMENT_BYTES);
      const message = new Uint8Array(FRAGMENT_HEADER_BYTES + part.length);
      message[0] = FRAGMENT_KIND;
      message[1] = offset + part.length === bytes.length ? 1 : 0;
      new DataView(message.buffer).setUint32(2, this.#frameNumber);
      message.set(part, FRAGMENT_HEADER_BYTES);
      messages.push(message);
    }
    return messages;
  }
}

/** Turns the messages of one connection back into frames of one direction. */
export class FrameDecoder<Frame> {
  readonly #schema: z.ZodType<Frame>;
  readonly #partial = new Map<number, { parts: Uint8Array[]; bytes: number }>();

  constructor(schema: z.ZodType<Frame>) {
    this.#schema = schema;
  }

  static forTab(): FrameDecoder<RelayFrame> {
    return new FrameDecoder(RelayFrame);
  }

  static forRelay(): FrameDecoder<TabFrame> {
    return new FrameDecoder(TabFrame);
  }

  /**
   * @returns the frame that this message completes, or undefined when more fragments must come
   * @throws FrameError when the message is none of the protocol's
   */
  push(message: string | Uint8Array): Frame | undefined {
    const text = typeof message === "string" ? message : this.#assemble(message);
    if (text === undefined) return undefined;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new FrameError("The frame is not JSON.");
    }
    const parsed = this.#schema.safeParse(value);
    if (!parsed.success) throw new FrameError(z.prettifyError(parsed.error));
    return parsed.data;
  }

  #assemble(message: Uint8Array): string | undefined {
    if (message.length < FRAGMENT_HEADER_BYTES || message[0] !== FRAGMENT_KIND) {
      throw new FrameError("The binary message is not a fragment.");
    }
    const frameNumber = new DataView(message.buffer, message.byteOffset).getUint32(2);
    const partial = this.#partial.get(frameNumber) ?? { parts: [], bytes: 0 };
    partial.parts.push(message.subarray(FRAGMENT_HEADER_BYTES));
    partial.bytes += message.length - FRAGMENT_HEADER_BYTES;
    if (partial.bytes > FRAME_MAX_BYTES) throw new FrameError("The fragments exceed the limit.");
    if (message[1] === 0) {
      this.#partial.set(frameNumber, partial);
      if (this.#partial.size > FRAGMENTED_FRAMES_MAX) {
        throw new FrameError("Too many frames are half received.");
      }
      return undefined;
    }
    this.#partial.delete(frameNumber);
    return decodeUtf8(partial.parts, partial.bytes);
  }
}

function decodeUtf8(parts: Uint8Array[], bytes: number): string {
  const whole = new Uint8Array(bytes);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(whole);
  } catch {
    throw new FrameError("The frame is not UTF-8.");
  }
}
