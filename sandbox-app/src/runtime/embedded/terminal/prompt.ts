import type { Key } from "./keys.ts";
import { drawLine, leaveLine } from "./draw-line.ts";
import { searchPrompt } from "./history-search.ts";
import { type LineEditor, newLine, press, remember, textOf } from "./line-editor.ts";

export type Entered =
  | { readonly type: "nothing" }
  /** Tab: the text before the cursor wants completion. */
  | { readonly type: "complete"; readonly before: string }
  /** A whole command, with the lines that continue it. */
  | { readonly type: "command"; readonly source: string }
  | { readonly type: "end" };

/** Asks the terminal to mark what is pasted (xterm ctlseqs, "Bracketed Paste Mode"). */
const PASTE_MODE_ON = "\x1b[?2004h";
const PASTE_MODE_OFF = "\x1b[?2004l";

const CLEAR_SCREEN = "\x1b[H\x1b[2J";
const BELL = "\x07";

/** What a prompt shows before the first line of a command and before the others. */
export interface PromptTexts {
  readonly first: string;
  readonly next: string;
  /** Oldest first; without it, that of this prompt. */
  readonly history?: readonly string[];
}

export interface PromptOptions {
  readonly write: (text: string) => void;
  readonly isIncomplete: (source: string) => boolean;
  readonly columns: number;
}

/** The prompt of an interactive shell: one command after another, each of one or more lines. */
export class Prompt {
  readonly #write: (text: string) => void;
  readonly #isIncomplete: (source: string) => boolean;
  #columns: number;
  #texts: PromptTexts = { first: "$ ", next: "> " };
  #editor: LineEditor = newLine();
  /** Lines of the command that are complete, when it goes on. */
  #before = "";
  #row = 0;

  constructor({ write, isIncomplete, columns }: PromptOptions) {
    this.#write = write;
    this.#isIncomplete = isIncomplete;
    this.#columns = columns;
  }

  /** Shows the prompt for a new command. */
  show(texts: PromptTexts): void {
    this.#texts = texts;
    if (texts.history !== undefined) this.#editor = newLine(texts.history, this.#editor.cut);
    this.#write(PASTE_MODE_ON);
    this.#restart();
  }

  press(key: Key): Entered {
    const { editor, action } = press(this.#editor, key);
    this.#editor = editor;
    switch (action.type) {
      case "none":
        this.#draw();
        return { type: "nothing" };
      case "bell":
        this.#write(BELL);
        return { type: "nothing" };
      case "complete":
        return {
          type: "complete",
          before: this.#before + editor.chars.slice(0, editor.cursor).join(""),
        };
      case "clear":
        this.#write(CLEAR_SCREEN);
        this.#row = 0;
        this.#draw();
        return { type: "nothing" };
      case "interrupt":
        this.#leave("^C");
        this.#restart();
        return { type: "nothing" };
      case "end":
        this.#leave(this.#before === "" ? "exit" : "");
        return this.#end();
      case "submit":
        return this.#submit(action.text);
    }
  }

  /** Types a completion at the cursor. */
  insert(text: string): void {
    this.press({ type: "text", text });
  }

  /** Shows what a completion may be, below the line, and the line again. */
  list(choices: readonly string[]): void {
    if (choices.length === 0) return this.#write(BELL);
    this.#leave();
    this.#write(`${columnsOf(choices, this.#columns)}\r\n`);
    this.#row = 0;
    this.#draw();
  }

  resize(columns: number): void {
    this.#columns = columns;
  }

  /** Draws again, after the terminal changed its size while a line is typed. */
  redraw(): void {
    this.#draw();
  }

  #submit(text: string): Entered {
    this.#leave();
    const source = this.#before + text;
    if (this.#isIncomplete(source)) {
      this.#before = `${source}\n`;
      this.#continue(newLine(this.#editor.history, this.#editor.cut));
      return { type: "nothing" };
    }
    if (source.trim() === "") {
      this.#restart();
      return { type: "nothing" };
    }
    const history = remember(this.#editor.history, source);
    this.#editor = newLine(history, this.#editor.cut);
    this.#write(PASTE_MODE_OFF);
    return { type: "command", source };
  }

  #end(): Entered {
    if (this.#before !== "") {
      this.#restart();
      return { type: "nothing" };
    }
    this.#write(PASTE_MODE_OFF);
    return { type: "end" };
  }

  #restart(): void {
    this.#before = "";
    this.#continue(newLine(this.#editor.history, this.#editor.cut));
  }

  #continue(editor: LineEditor): void {
    this.#editor = editor;
    this.#row = 0;
    this.#draw();
  }

  #leave(mark = ""): void {
    const chars = mark === "" ? this.#editor.chars : [textOf(this.#editor), mark];
    this.#write(leaveLine({ ...this.#line(), chars }, this.#columns, this.#row));
  }

  #draw(): void {
    const { output, row } = drawLine(this.#line(), this.#columns, this.#row);
    this.#row = row;
    this.#write(output);
  }

  #line(): { prompt: string; chars: readonly string[]; cursor: number } {
    const { chars, cursor, search } = this.#editor;
    const { first, next } = this.#texts;
    if (search !== null) return { prompt: searchPrompt(search), chars, cursor };
    return { prompt: this.#before === "" ? first : next, chars, cursor };
  }
}

/** Gap between two columns of choices. */
const GAP = 2;

function columnsOf(choices: readonly string[], columns: number): string {
  const width = Math.max(...choices.map(({ length }) => length)) + GAP;
  const across = Math.max(1, Math.floor(columns / width));
  const rows = Array.from({ length: Math.ceil(choices.length / across) }, (_, row) =>
    choices
      .slice(row * across, (row + 1) * across)
      .map((choice) => choice.padEnd(width))
      .join("")
      .trimEnd(),
  );
  return rows.join("\r\n");
}
