/** Small pieces are joined up to this length: a program may write character by character. */
const PIECE_CHARS = 4_096;

/**
 * The latest of what a command wrote, as text with an address: each UTF-16 code unit keeps its number,
 * counted from the first one that was ever written.
 */
export class OutputLog {
  readonly #maxChars: number;
  readonly #pieces: string[] = [];
  #start = 0;
  #end = 0;

  /** @param maxChars that are kept; what is older falls out */
  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  /** Number of the first character that is kept. */
  get start(): number {
    return this.#start;
  }

  /** Number that the next character gets. */
  get end(): number {
    return this.#end;
  }

  push(text: string): void {
    if (text === "") return;
    const last = this.#pieces.at(-1);
    if (last !== undefined && last.length + text.length <= PIECE_CHARS) {
      this.#pieces[this.#pieces.length - 1] = last + text;
    } else {
      this.#pieces.push(text);
    }
    this.#end += text.length;
    this.#drop(this.#end - this.#start - this.#maxChars);
  }

  /** Characters from one number up to another; what is not kept is not in it. */
  slice(from: number, to: number): string {
    let at = this.#start;
    const parts: string[] = [];
    for (const piece of this.#pieces) {
      if (at >= to) break;
      if (at + piece.length > from) parts.push(piece.slice(Math.max(0, from - at), to - at));
      at += piece.length;
    }
    return parts.join("");
  }

  #drop(chars: number): void {
    let left = chars;
    while (left > 0) {
      const [first = ""] = this.#pieces;
      if (first.length > left) this.#pieces[0] = first.slice(left);
      else this.#pieces.shift();
      const gone = Math.min(first.length, left);
      this.#start += gone;
      left -= gone;
    }
  }
}
