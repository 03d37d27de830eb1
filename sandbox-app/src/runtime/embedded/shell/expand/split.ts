import type { Piece, TextPiece } from "./piece.ts";

export type Field = readonly TextPiece[];

const DEFAULT_IFS = " \t\n";

/**
 * Word splitting (POSIX.1-2017, 2.6.5): what expansions gave is cut at the characters of IFS; blanks
 * among them count together, others each end a field.
 *
 * @param ifs undefined when IFS is unset
 */
export function splitFields(pieces: readonly Piece[], ifs: string = DEFAULT_IFS): Field[] {
  const splitter = new Splitter(ifs);
  for (const piece of pieces) {
    if (piece.kind === "break") splitter.end();
    else if (piece.splits && ifs !== "") splitter.cut(piece);
    else splitter.add(piece);
  }
  splitter.end();
  return splitter.fields;
}

class Splitter {
  readonly fields: Field[] = [];
  readonly #ifs: string;
  #current: TextPiece[] = [];
  /** Whether the field so far ended with blanks of IFS; another separator then adds to them. */
  #afterBlank = false;

  constructor(ifs: string) {
    this.#ifs = ifs;
  }

  add(piece: TextPiece): void {
    if (piece.text === "" && !piece.quoted) return;
    this.#current.push(piece);
    this.#afterBlank = false;
  }

  end(): void {
    if (this.#current.length > 0) this.fields.push(this.#current);
    this.#current = [];
    this.#afterBlank = false;
  }

  cut(piece: TextPiece): void {
    let text = "";
    const flush = (): void => {
      if (text !== "") this.add({ ...piece, text });
      text = "";
    };
    for (const char of piece.text) {
      if (!this.#ifs.includes(char)) {
        text += char;
        continue;
      }
      flush();
      if (/[ \t\n]/.test(char)) {
        if (this.#current.length > 0) {
          this.end();
          this.#afterBlank = true;
        }
      } else if (this.#current.length > 0) {
        this.end();
      } else if (this.#afterBlank) {
        this.#afterBlank = false;
      } else {
        this.fields.push([{ kind: "text", text: "", quoted: true, splits: false }]);
      }
    }
    flush();
  }
}
