import { concat } from "../http/bytes.ts";

/** RFC 6455, section 5.2. */
export const Opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
type Opcode = (typeof Opcode)[keyof typeof Opcode];

/** One message; more would have to be held in memory at once. */
const MESSAGE_MAX_BYTES = 67_108_864;

/** Control frames are short (section 5.5). */
const CONTROL_MAX_BYTES = 125;

/** The server broke the protocol; the code is the one to close with (section 7.4.1). */
export class FrameError extends Error {
  override readonly name = "FrameError";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export type IncomingMessage =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "binary" | "ping" | "pong"; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Without a code the server gave none: 1005. */
  | { readonly type: "close"; readonly code: number; readonly reason: string };

/**
 * A frame of a client, which is always masked (section 5.3).
 *
 * @param mask four random bytes
 */
export function encodeFrame(
  opcode: Opcode,
  payload: Uint8Array,
  mask: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const frame = new Uint8Array(2 + extended + 4 + length);
  const view = new DataView(frame.buffer);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) view.setUint16(2, length);
  if (extended === 8) view.setBigUint64(2, BigInt(length));
  frame.set(mask, 2 + extended);
  const start = 6 + extended;
  for (let at = 0; at < length; at++) {
    frame[start + at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0);
  }
  return frame;
}

/** The payload of a close frame; without a code it is empty. */
export function closePayload(code: number | undefined, reason = ""): Uint8Array {
  if (code === undefined) return new Uint8Array();
  return concat(Uint8Array.of(code >> 8, code & 255), new TextEncoder().encode(reason));
}

interface Frame {
  readonly isLast: boolean;
  readonly opcode: number;
  readonly payload: Uint8Array;
}

/** What stands before a payload; null when not all of it is there. */
function readHeader(
  bytes: Uint8Array,
): { isLast: boolean; opcode: number; start: number; length: number } | null {
  const [first = 0, second = 0] = bytes;
  if (bytes.length < 2) return null;
  if ((first & 0x70) !== 0) throw new FrameError(1002, "A reserved bit is set.");
  if ((second & 0x80) !== 0) throw new FrameError(1002, "A server's frame is masked.");
  const start = second === 126 ? 4 : second === 127 ? 10 : 2;
  if (bytes.length < start) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let length = second;
  if (start === 4) length = view.getUint16(2);
  if (start === 10) length = Number(view.getBigUint64(2));
  return { isLast: (first & 0x80) !== 0, opcode: first & 0x0f, start, length };
}

/** Puts a server's frames together to messages, from bytes that come in any pieces. */
export class MessageReader {
  #rest: Uint8Array = new Uint8Array();
  #fragments: Uint8Array[] = [];
  #size = 0;
  #kind: "text" | "binary" | null = null;

  /** @throws FrameError */
  push(bytes: Uint8Array): IncomingMessage[] {
    this.#rest = concat(this.#rest, bytes);
    const messages: IncomingMessage[] = [];
    for (;;) {
      const frame = this.#frame();
      if (frame === null) return messages;
      const message = this.#take(frame);
      if (message !== null) messages.push(message);
    }
  }

  #frame(): Frame | null {
    const rest = this.#rest;
    const header = readHeader(rest);
    if (header === null) return null;
    const { opcode, isLast, start, length } = header;
    if (opcode >= 8 && (length > CONTROL_MAX_BYTES || !isLast)) {
      throw new FrameError(1002, "A control frame is too long or in parts.");
    }
    if (this.#size + length > MESSAGE_MAX_BYTES) {
      throw new FrameError(1009, "The message is too long.");
    }
    const end = start + length;
    if (rest.length < end) return null;
    this.#rest = rest.subarray(end);
    return { isLast, opcode, payload: rest.subarray(start, end) };
  }

  #take({ isLast, opcode, payload }: Frame): IncomingMessage | null {
    switch (opcode) {
      case Opcode.ping:
        return { type: "ping", bytes: new Uint8Array(payload) };
      case Opcode.pong:
        return { type: "pong", bytes: new Uint8Array(payload) };
      case Opcode.close:
        return closeMessage(payload);
      case Opcode.text:
      case Opcode.binary:
        if (this.#kind !== null) throw new FrameError(1002, "A message begins inside another.");
        this.#kind = opcode === Opcode.text ? "text" : "binary";
        break;
      case Opcode.continuation:
        if (this.#kind === null) throw new FrameError(1002, "A message goes on that never began.");
        break;
      default:
        throw new FrameError(1002, `The opcode ${opcode} is not known.`);
    }
    this.#fragments.push(payload);
    this.#size += payload.length;
    return isLast ? this.#message(this.#kind) : null;
  }

  #message(kind: "text" | "binary"): IncomingMessage {
    const bytes = new Uint8Array(this.#size);
    let at = 0;
    for (const fragment of this.#fragments) {
      bytes.set(fragment, at);
      at += fragment.length;
    }
    this.#fragments = [];
    this.#size = 0;
    this.#kind = null;
    return kind === "text" ? { type: "text", text: decode(bytes) } : { type: "binary", bytes };
  }
}

function closeMessage(payload: Uint8Array): IncomingMessage {
  if (payload.length === 0) return { type: "close", code: 1005, reason: "" };
  if (payload.length === 1) throw new FrameError(1002, "A close frame has half a code.");
  const code = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
  // Section 7.4: codes that are defined and may be sent, and the ranges for everybody.
  const isValid =
    (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) ||
    (code >= 3000 && code <= 4999);
  if (!isValid) throw new FrameError(1002, `The close code ${code} is not valid.`);
  return { type: "close", code, reason: decode(payload.subarray(2)) };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new FrameError(1007, "The text is not UTF-8.");
  }
}
