import { EGRESS_REQUEST_MAX_BYTES, type HeaderList } from "#protocol/egress-frame.ts";
import { concat, fromLatin1, latin1 } from "../../../preview/http/bytes.ts";

/** One request as a program wrote it, complete. */
export interface OutgoingRequest {
  readonly method: string;
  /** Begins with a slash. */
  readonly path: string;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  /** Whether another request may follow on the connection. */
  readonly keepsAlive: boolean;
  /** Of HTTP/1.1, whose answers may be chunked. */
  readonly isModern: boolean;
}

/** What came is no HTTP/1.1 request. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
}

/** Bytes of request line and headers, or of one line of a chunk. */
const HEAD_MAX_BYTES = 64 * 1024;
const LINE_MAX_BYTES = 4_096;

const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\/[^ ]*|\*) HTTP\/1\.([01])$/;
const HEADER_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/;

/**
 * Reads requests from a connection, one after the other (RFC 9112). Each is read whole: a browser
 * that speaks HTTP/1.1 to the worker cannot send a body while it still comes.
 */
export class RequestReader {
  readonly #read: () => Promise<Uint8Array>;
  readonly #goOn: () => Promise<void>;
  #rest: Uint8Array = new Uint8Array();
  #pulling: Promise<boolean> | null = null;

  /**
   * @param read the next bytes; empty at the end
   * @param goOn tells a program that waits for it (`Expect: 100-continue`) to send the body
   */
  constructor(read: () => Promise<Uint8Array>, goOn: () => Promise<void>) {
    this.#read = read;
    this.#goOn = goOn;
  }

  /**
   * @returns null when the connection ended between two requests
   * @throws BadRequest
   */
  async next(): Promise<OutgoingRequest | null> {
    if (this.#rest.length === 0 && !(await this.#more())) return null;
    const block = await this.#until("\r\n\r\n", HEAD_MAX_BYTES);
    const [line = "", ...lines] = block.replace(/^(?:\r\n)+/, "").split("\r\n");
    const [, method, path, minor] = REQUEST_LINE.exec(line) ?? [];
    if (method === undefined || path === undefined) throw new BadRequest("No request line.");
    const headers = lines.map(parseHeader);
    const isModern = minor === "1";
    const connection = valueOf(headers, "connection")?.toLowerCase() ?? "";
    return {
      method,
      path: path === "*" ? "/" : path,
      headers,
      body: await this.#body(headers),
      keepsAlive: isModern ? !connection.includes("close") : connection.includes("keep-alive"),
      isModern,
    };
  }

  /** Resolves when more bytes come, or none any more. @returns whether there are more */
  async waitsForMore(): Promise<boolean> {
    return this.#rest.length > 0 || this.#more();
  }

  async #body(headers: HeaderList): Promise<Uint8Array> {
    const coding = valueOf(headers, "transfer-encoding");
    const length = valueOf(headers, "content-length");
    if (coding === undefined && length === undefined) return new Uint8Array();
    if (/^100-continue$/i.test(valueOf(headers, "expect") ?? "")) await this.#goOn();
    if (coding !== undefined) {
      if (!/^chunked$/i.test(coding) || length !== undefined) {
        throw new BadRequest("The body's length is not clear.");
      }
      return this.#chunks();
    }
    if (!/^\d{1,15}$/.test(length ?? "")) throw new BadRequest("The body's length is no number.");
    return this.#exactly(Number(length));
  }

  async #chunks(): Promise<Uint8Array> {
    // One buffer: a program may send millions of chunks of one byte.
    let all = new Uint8Array(LINE_MAX_BYTES);
    let total = 0;
    for (;;) {
      const line = await this.#until("\r\n", LINE_MAX_BYTES);
      const digits = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?$/i.exec(line)?.[1];
      if (digits === undefined) throw new BadRequest("A chunk has no size.");
      const size = Number.parseInt(digits, 16);
      if (size === 0) break;
      if (total + size > EGRESS_REQUEST_MAX_BYTES) throw tooLarge();
      const chunk = await this.#exactly(size);
      if (total + size > all.length) all = grown(all, total + size);
      all.set(chunk, total);
      total += size;
      if ((await this.#until("\r\n", LINE_MAX_BYTES)) !== "") throw new BadRequest("Bad chunk.");
    }
    // Trailers say nothing that is passed on.
    while ((await this.#until("\r\n", LINE_MAX_BYTES)) !== "");
    return all.subarray(0, total);
  }

  async #exactly(bytes: number): Promise<Uint8Array> {
    if (bytes > EGRESS_REQUEST_MAX_BYTES) throw tooLarge();
    const parts: Uint8Array[] = [];
    for (let left = bytes; left > 0;) {
      if (this.#rest.length === 0 && !(await this.#more())) throw cutOff();
      const part = this.#rest.subarray(0, left);
      parts.push(part);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
    }
    return joined(parts, bytes);
  }

  /** Text up to an end, which is taken too. Looked for in bytes: all that has come is not made text. */
  async #until(end: "\r\n" | "\r\n\r\n", max: number): Promise<string> {
    for (let from = 0; ;) {
      const at = indexOf(this.#rest, fromLatin1(end), from);
      if (at !== -1 && at <= max) {
        const text = latin1(this.#rest.subarray(0, at));
        this.#rest = this.#rest.subarray(at + end.length);
        return text;
      }
      if (this.#rest.length > max) throw new BadRequest("The head is too long.");
      from = Math.max(0, this.#rest.length - end.length + 1);
      if (!(await this.#more())) throw cutOff();
    }
  }

  /** One read at a time, whoever waits for it. */
  #more(): Promise<boolean> {
    return (this.#pulling ??= this.#pull());
  }

  async #pull(): Promise<boolean> {
    try {
      const bytes = await this.#read();
      this.#rest = concat(this.#rest, bytes);
      return bytes.length > 0;
    } finally {
      this.#pulling = null;
    }
  }
}

function parseHeader(line: string): [string, string] {
  const [, name, value] = HEADER_LINE.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new BadRequest("A header is not valid.");
  return [name, value];
}

function valueOf(headers: HeaderList, name: string): string | undefined {
  return headers.find(([given]) => given.toLowerCase() === name)?.[1];
}

/** Where some bytes stand in others, from a place on; -1 when they do not. */
function indexOf(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  const [first = 0] = wanted;
  for (let at = bytes.indexOf(first, from); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}

/** A copy with room for at least so many bytes. */
function grown(bytes: Uint8Array, needed: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(needed, bytes.length * 2));
  larger.set(bytes);
  return larger;
}

function joined(parts: readonly Uint8Array[], total: number): Uint8Array {
  const all = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const cutOff = (): BadRequest => new BadRequest("The request is cut off.");
const tooLarge = (): BadRequest =>
  new BadRequest(`A body of more than ${EGRESS_REQUEST_MAX_BYTES / 1_048_576} MiB is not sent.`);
