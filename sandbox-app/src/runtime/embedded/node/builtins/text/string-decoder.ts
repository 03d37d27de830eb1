import { Buffer } from "buffer/index.js";
import { decodeUtf8 } from "../buffer/buffer-methods.ts";
import { invalidArgType, nodeError } from "../errors/node-error.ts";

const aliases: Record<string, string> = {
  "utf-8": "utf8",
  ucs2: "utf16le",
  "ucs-2": "utf16le",
  "utf-16le": "utf16le",
  binary: "latin1",
};

function normalize(encoding: unknown): string {
  if (encoding === undefined || encoding === null) return "utf8";
  const name = typeof encoding === "string" ? encoding.toLowerCase() : "";
  if (name !== "base64url" && !Buffer.isEncoding(name)) {
    throw nodeError("ERR_UNKNOWN_ENCODING", `Unknown encoding: ${encoding as string}`, TypeError);
  }
  return aliases[name] ?? name;
}

/** Bytes that a UTF-8 lead byte asks for in all; 0 for what is no lead byte (RFC 3629, section 3). */
function sequenceLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/** The second byte's range depends on the lead byte: no overlong forms, no surrogates. */
function secondFits(lead: number, second: number): boolean {
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  return second >= low && second <= high;
}

/** How many bytes at the end are a character whose rest has not come yet. */
function openUtf8(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >> 6 === 0b10) continue;
    if (sequenceLength(byte) <= back) return 0;
    const second = bytes[bytes.length - back + 1];
    return back === 1 || secondFits(byte, second ?? 0) ? back : 0;
  }
  return 0;
}

function openUtf16(bytes: Uint8Array): number {
  const odd = bytes.length % 2;
  const high = bytes[bytes.length - odd - 1] ?? 0;
  const surrogate = bytes.length - odd >= 2 && high >= 0xd8 && high <= 0xdb;
  return odd + (surrogate ? 2 : 0);
}

/** `string_decoder.StringDecoder`: text from bytes that come in pieces. */
export class StringDecoder {
  readonly encoding: string;
  #held = new Uint8Array();

  constructor(encoding?: unknown) {
    this.encoding = normalize(encoding);
  }

  get lastNeed(): number {
    if (this.encoding !== "utf8" || this.#held.length === 0) return 0;
    return sequenceLength(this.#held[0] ?? 0) - this.#held.length;
  }

  get lastTotal(): number {
    return this.#held.length === 0 ? 0 : sequenceLength(this.#held[0] ?? 0);
  }

  write(input: unknown): string {
    if (typeof input === "string") return input;
    if (!ArrayBuffer.isView(input)) {
      throw invalidArgType("buf", "an instance of Buffer, TypedArray, or DataView", input);
    }
    const bytes = new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const open = this.#open(all);
    this.#held = all.slice(all.length - open);
    if (this.encoding === "utf8") return decodeUtf8(all, 0, all.length - open);
    return Buffer.from(all.buffer as ArrayBuffer, all.byteOffset, all.length - open).toString(
      this.encoding,
    );
  }

  end(input?: unknown): string {
    const text = input === undefined ? "" : this.write(input);
    const held = Buffer.from(this.#held);
    this.#held = new Uint8Array();
    if (held.length === 0) return text;
    return text + (this.encoding === "utf8" ? "\uFFFD" : held.toString(this.encoding));
  }

  text(input: Uint8Array, offset: number): string {
    this.#held = new Uint8Array();
    return this.write(input.subarray(offset));
  }

  #open(bytes: Uint8Array): number {
    if (this.encoding === "utf8") return openUtf8(bytes);
    if (this.encoding === "utf16le") return openUtf16(bytes);
    return this.encoding.startsWith("base64") ? bytes.length % 3 : 0;
  }
}
