import type { System } from "../../kernel/system-calls.ts";
import { decodeKeys, type Key } from "../../terminal/keys.ts";
import { Prompt } from "../../terminal/prompt.ts";
import type { NodeContext } from "../context.ts";
import { isIncomplete } from "./repl-source.ts";

/** Where a prompt gets its inputs from. */
export interface ReplInput {
  /** The next one, of one line or more; null at the end. */
  next(): Promise<string | null>;
}

const PROMPT = "> ";
const CONTINUATION = "| ";
const READ_BYTES = 4_096;
const STANDARD_COLUMNS = 80;

/** Lines that are not typed: a file, a pipe. */
export class LineInput implements ReplInput {
  readonly #context: NodeContext;
  readonly #decoder = new TextDecoder();
  #text = "";
  #isOver = false;

  constructor(context: NodeContext) {
    this.#context = context;
  }

  async next(): Promise<string | null> {
    this.#context.writeSync(1, PROMPT);
    let source: string | null = null;
    for (;;) {
      const line = await this.#line();
      if (line === null) return null;
      if (source !== null && /^\.(?:break|clear)$/.test(line.trim())) source = "";
      else source = source === null ? line : `${source}\n${line}`;
      const isCommand = /^\.[a-z]+(?:\s|$)/.test(source.trim());
      if (isCommand || !isIncomplete(source)) return source;
      this.#context.writeSync(1, CONTINUATION);
    }
  }

  async #line(): Promise<string | null> {
    while (!this.#text.includes("\n") && !this.#isOver) {
      const { system, loop } = this.#context;
      const bytes = await loop.track("PipeWrap", system.call("read", 0, READ_BYTES, null));
      this.#isOver = bytes.byteLength === 0;
      this.#text += this.#decoder.decode(bytes.slice(), { stream: !this.#isOver });
    }
    const end = this.#text.indexOf("\n");
    if (end < 0) {
      const rest = this.#text;
      this.#text = "";
      return rest === "" ? null : rest;
    }
    const line = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 1);
    return line;
  }
}

/** A person at a terminal, with the line editor and the history of the shell. */
export class TerminalInput implements ReplInput {
  readonly #context: NodeContext;
  readonly #decoder = new TextDecoder();
  readonly #typed: Key[] = [];
  readonly #prompt: Prompt;
  readonly #history: readonly string[];
  #rest = "";
  #isShown = false;

  constructor(context: NodeContext, history: readonly string[]) {
    this.#context = context;
    this.#history = history;
    this.#prompt = new Prompt({
      write: (text) => context.writeSync(1, text),
      isIncomplete: (source) => !/^\.[a-z]+(?:\s|$)/.test(source.trim()) && isIncomplete(source),
      columns: columnsOf(context.system),
    });
    context.system.onEvent((event) => {
      if (event.type === "resize") this.#prompt.resize(event.columns);
    });
  }

  async next(): Promise<string | null> {
    const { system } = this.#context;
    system.callSync("terminalMode", 0, "raw");
    // The history is the session's at first, and the prompt's own from then on.
    const history = this.#isShown ? {} : { history: this.#history };
    this.#isShown = true;
    this.#prompt.show({ first: PROMPT, next: CONTINUATION, ...history });
    try {
      for (;;) {
        const key = await this.#key();
        if (key === null) return null;
        const entered = this.#prompt.press(key);
        if (entered.type === "command") return entered.source;
        if (entered.type === "end") return null;
      }
    } finally {
      // While it runs, ctrl-C ends it.
      system.callSync("terminalMode", 0, "cooked");
    }
  }

  async #key(): Promise<Key | null> {
    while (this.#typed.length === 0) {
      const { system, loop } = this.#context;
      const bytes = await loop.track("TTYWrap", system.call("read", 0, READ_BYTES, null));
      if (bytes.byteLength === 0) return null;
      const text = this.#rest + this.#decoder.decode(bytes.slice(), { stream: true });
      const { keys, rest } = decodeKeys(text);
      this.#rest = rest;
      this.#typed.push(...keys);
    }
    return this.#typed.shift() ?? null;
  }
}

function columnsOf(system: System): number {
  return system.callSync("terminalSize", 1)?.columns ?? STANDARD_COLUMNS;
}
