import { graphemes, widthOf } from "../../terminal/width.ts";

/** Longest line that a cooked terminal takes, as on Linux (MAX_CANON); more is refused with a bell. */
const LINE_MAX_BYTES = 4_096;

const INTERRUPT = 0x03;
const END_OF_FILE = 0x04;
const BACKSPACE = 0x08;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const KILL_LINE = 0x15;
const ERASE_WORD = 0x17;
const SUSPEND = 0x1a;
const QUIT = 0x1c;
const SPACE = 0x20;
const DELETE = 0x7f;

/** What typed bytes lead to. */
export interface Typed {
  /** For the screen. */
  echo(text: string): void;
  /** A whole line, or what stood there when ctrl-D was pressed; empty: the end of input. */
  line(bytes: Uint8Array): void;
  signal(signal: "SIGINT" | "SIGQUIT" | "SIGTSTP"): void;
}

const signals = new Map<number, ["SIGINT" | "SIGQUIT" | "SIGTSTP", string]>([
  [INTERRUPT, ["SIGINT", "^C"]],
  [QUIT, ["SIGQUIT", "^\\"]],
  [SUSPEND, ["SIGTSTP", "^Z"]],
]);

/** Edits the line that is being typed into a cooked terminal (termios(3), canonical mode). */
export class LineDiscipline {
  readonly #typed: Typed;
  readonly #decoder = new TextDecoder();
  /** Characters of the line, as bytes each. */
  #line: Uint8Array[] = [];
  #size = 0;
  /** Bytes of a character that is not whole yet. */
  #partial: number[] = [];

  constructor(typed: Typed) {
    this.#typed = typed;
  }

  type(bytes: Uint8Array): void {
    for (const byte of bytes) this.#press(byte);
  }

  /** What was typed and not entered; the line is empty afterwards. */
  takeLine(): Uint8Array {
    const bytes = new Uint8Array(this.#size);
    let at = 0;
    for (const character of this.#line) {
      bytes.set(character, at);
      at += character.byteLength;
    }
    this.#line = [];
    this.#size = 0;
    this.#partial = [];
    return bytes;
  }

  #press(byte: number): void {
    const signal = signals.get(byte);
    if (signal !== undefined) {
      this.takeLine();
      this.#typed.echo(signal[1]);
      this.#typed.signal(signal[0]);
      return;
    }
    switch (byte) {
      case CARRIAGE_RETURN:
      case LINE_FEED:
        this.#append(Uint8Array.of(LINE_FEED));
        this.#typed.echo("\r\n");
        this.#typed.line(this.takeLine());
        break;
      case END_OF_FILE:
        this.#typed.line(this.takeLine());
        break;
      case BACKSPACE:
      case DELETE:
        this.#erase();
        break;
      case KILL_LINE:
        while (this.#line.length > 0) this.#erase();
        break;
      case ERASE_WORD:
        while (this.#line.at(-1)?.[0] === SPACE) this.#erase();
        while (this.#line.length > 0 && this.#line.at(-1)?.[0] !== SPACE) this.#erase();
        break;
      default:
        this.#insert(byte);
    }
  }

  #insert(byte: number): void {
    if (this.#size >= LINE_MAX_BYTES) return this.#typed.echo("\u0007");
    this.#partial.push(byte);
    if (this.#partial.length < lengthOf(this.#partial[0] ?? 0)) return;
    const character = Uint8Array.from(this.#partial);
    this.#partial = [];
    this.#append(character);
    this.#typed.echo(this.#shown(character));
  }

  #append(character: Uint8Array): void {
    this.#line.push(character);
    this.#size += character.byteLength;
  }

  #erase(): void {
    const character = this.#line.pop();
    if (character === undefined) return;
    this.#size -= character.byteLength;
    this.#typed.echo("\b \b".repeat(cellsOf(this.#shown(character))));
  }

  /** Control characters are shown as `^X` (ECHOCTL). */
  #shown(character: Uint8Array): string {
    const [first = 0] = character;
    if (first < SPACE && first !== 0x09) return `^${String.fromCharCode(first + 0x40)}`;
    return this.#decoder.decode(character);
  }
}

/** Bytes of the UTF-8 character that starts with this one (RFC 3629, section 3). */
function lengthOf(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}

function cellsOf(text: string): number {
  return graphemes(text).reduce((cells, grapheme) => cells + widthOf(grapheme), 0);
}
