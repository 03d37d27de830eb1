import { type Bytes, concat, encode } from "../objects/bytes.ts";
import { misbehaved } from "./reasons.ts";

/** gitprotocol-common(5), "pkt-line Format". */
const LENGTH_DIGITS = 4;

/** Longest line, with its length. */
const LINE_MAX_BYTES = 65_520;

export const FLUSH: Bytes = encode("0000");

export function pktLine(text: string): Bytes {
  const bytes = encode(text);
  const length = (bytes.length + LENGTH_DIGITS).toString(16).padStart(LENGTH_DIGITS, "0");
  return concat([encode(length), bytes]);
}

/** A line's bytes; null for the flush between two parts; undefined at the end of the stream. */
export type PktLine = Bytes | null | undefined;

/** Reads lines of a stream whose bytes come in any pieces. */
export class PktReader {
  readonly #stream: AsyncIterator<Uint8Array>;
  #rest: Bytes = new Uint8Array(0);
  #again: Bytes | null = null;

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#stream = stream[Symbol.asyncIterator]();
  }

  /** @throws GitFailure when what comes is no line */
  async next(): Promise<PktLine> {
    const again = this.#again;
    this.#again = null;
    if (again !== null) return again;
    if (!(await this.#have(LENGTH_DIGITS))) {
      if (this.#rest.length === 0) return undefined;
      throw misbehaved("its answer is cut off");
    }
    const digits = String.fromCharCode(...this.#rest.subarray(0, LENGTH_DIGITS));
    if (!/^[0-9a-f]{4}$/i.test(digits)) throw misbehaved("its answer is not git's");
    const length = Number.parseInt(digits, 16);
    if (length === 0) {
      this.#rest = this.#rest.subarray(LENGTH_DIGITS);
      return null;
    }
    if (length < LENGTH_DIGITS || length > LINE_MAX_BYTES)
      throw misbehaved("its answer has a line of an impossible length");
    if (!(await this.#have(length))) throw misbehaved("its answer is cut off");
    const line = this.#rest.slice(LENGTH_DIGITS, length);
    this.#rest = this.#rest.subarray(length);
    return line;
  }

  /** A line is read once more. */
  unread(line: Bytes): void {
    this.#again = line;
  }

  async close(): Promise<void> {
    await this.#stream.return?.();
  }

  async #have(length: number): Promise<boolean> {
    while (this.#rest.length < length) {
      const part = await this.#stream.next();
      if (part.done === true) return false;
      this.#rest = concat([this.#rest, part.value]);
    }
    return true;
  }
}

/** A line as text, without the break at its end. */
export function lineText(line: Bytes): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(line).replace(/\n$/, "");
}
