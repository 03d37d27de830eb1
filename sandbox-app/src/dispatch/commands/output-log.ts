/** Small pieces are joined up to this length: a program may write character by character. */
const PIECE_CHARS = 4_096;

/** How much of what a command wrote is kept, and in which form. */
export interface LogLimits {
  /** The latest characters, which are read most, stay text. */
  readonly recentChars: number;
  /** What is older is put away in blocks of so many characters; at least 2, a surrogate pair. */
  readonly blockChars: number;
  /** Bytes of all that is put away; the oldest blocks fall out. */
  readonly maxBytes: number;
}

/** Older output: as UTF-8, because text that was joined from small pieces takes many times its length. */
interface Block {
  /** Number of its first character. */
  readonly from: number;
  readonly chars: number;
  readonly bytes: Uint8Array;
}

/**
 * What a command wrote, as text with an address: each UTF-16 code unit keeps its number, counted from
 * the first one that was ever written. Of very much only the latest is kept.
 */
export class OutputLog {
  readonly #limits: LogLimits;
  readonly #onPutAway: () => void;
  readonly #blocks: Block[] = [];
  readonly #pieces: string[] = [];
  #recentStart = 0;
  #end = 0;
  #bytes = 0;

  /** @param onPutAway hears that `bytes` has grown */
  constructor(limits: LogLimits, onPutAway: () => void = () => {}) {
    this.#limits = limits;
    this.#onPutAway = onPutAway;
  }

  /** Number of the first character that is kept. */
  get start(): number {
    return this.#blocks[0]?.from ?? this.#recentStart;
  }

  /** Number that the next character gets. */
  get end(): number {
    return this.#end;
  }

  /** Bytes that are put away. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param text well-formed, as decoders make it: no pair is split between two of them */
  push(text: string): void {
    if (text === "") return;
    const last = this.#pieces.at(-1);
    if (last !== undefined && last.length + text.length <= PIECE_CHARS) {
      this.#pieces[this.#pieces.length - 1] = last + text;
    } else {
      this.#pieces.push(text);
    }
    this.#end += text.length;
    const { recentChars, blockChars } = this.#limits;
    while (this.#end - this.#recentStart >= recentChars + blockChars) this.#putAway();
  }

  /** Nothing more will come: puts away the rest as well. */
  close(): void {
    while (this.#recentStart < this.#end) this.#putAway();
  }

  /**
   * Lets the oldest of what is put away fall out.
   *
   * @returns whether there was any
   */
  dropOldest(): boolean {
    const block = this.#blocks.shift();
    this.#bytes -= block?.bytes.length ?? 0;
    return block !== undefined;
  }

  /** Characters from one number up to another; what is not kept is not in it. */
  slice(from: number, to: number): string {
    const parts: string[] = [];
    for (const { from: at, chars, bytes } of this.#blocks) {
      if (at >= to) break;
      if (at + chars > from) parts.push(decode(bytes).slice(Math.max(0, from - at), to - at));
    }
    parts.push(this.#recent(from, to));
    return parts.join("");
  }

  #recent(from: number, to: number): string {
    let at = this.#recentStart;
    const parts: string[] = [];
    for (const piece of this.#pieces) {
      if (at >= to) break;
      if (at + piece.length > from) parts.push(piece.slice(Math.max(0, from - at), to - at));
      at += piece.length;
    }
    return parts.join("");
  }

  #putAway(): void {
    const from = this.#recentStart;
    const block = this.#recent(from, from + this.#limits.blockChars);
    // Half of a surrogate pair has no UTF-8.
    const isSplit = from + block.length < this.#end && /[\uD800-\uDBFF]$/.test(block);
    const text = isSplit ? block.slice(0, -1) : block;
    const bytes = new TextEncoder().encode(text);
    this.#blocks.push({ from, chars: text.length, bytes });
    this.#bytes += bytes.length;
    this.#forgetRecent(text.length);
    while (this.#bytes > this.#limits.maxBytes) this.dropOldest();
    this.#onPutAway();
  }

  #forgetRecent(chars: number): void {
    this.#recentStart += chars;
    let left = chars;
    while (left > 0) {
      const [first = ""] = this.#pieces;
      if (first.length > left) this.#pieces[0] = first.slice(left);
      else this.#pieces.shift();
      left -= Math.min(first.length, left);
    }
  }
}

/** A byte order mark within the output is a character of it. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
