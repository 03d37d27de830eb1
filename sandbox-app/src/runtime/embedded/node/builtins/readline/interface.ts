import { boundClass } from "../bound-class.ts";
import { EventEmitter } from "../stream/stream-classes.ts";
import type { NodeContext } from "../../context.ts";
import { abortError, nodeError } from "../errors/node-error.ts";
import type { ReadableLike, WritableLike } from "../stream/stream-types.ts";
import { StringDecoder } from "../text/string-decoder.ts";

export interface InterfaceOptions {
  readonly input: ReadableLike;
  readonly output?: WritableLike;
  readonly terminal?: boolean;
  readonly prompt?: string;
  readonly crlfDelay?: number;
  readonly historySize?: number;
  readonly completer?: unknown;
  readonly signal?: AbortSignal;
}

const lineEnd = /\r\n|\n|\r(?!$)|\u2028|\u2029/;

/**
 * `readline.Interface`: lines from a stream. The container's terminal edits lines itself while it is in
 * cooked mode, so there is no editing of our own: a terminal is read as any other stream.
 */
export class Interface extends EventEmitter {
  readonly #node: NodeContext;
  readonly input: ReadableLike;
  readonly output: WritableLike | undefined;
  readonly terminal: boolean;
  readonly history: string[] = [];
  line = "";
  cursor = 0;
  closed = false;
  _prompt: string;
  _decoder = new StringDecoder("utf8");
  _rest = "";
  _question: ((answer: string) => void) | null = null;
  _paused = false;
  readonly _onData = (chunk: unknown) =>
    this._receive(typeof chunk === "string" ? chunk : this._decoder.write(chunk));
  readonly _onEnd = () => this._end();

  constructor(node: NodeContext, first: InterfaceOptions | ReadableLike, output?: WritableLike) {
    super();
    this.#node = node;
    const options = "input" in first ? first : ({ input: first, output } as InterfaceOptions);
    this.input = options.input;
    this.output = options.output;
    this.terminal =
      options.terminal ?? (options.output as { isTTY?: boolean } | undefined)?.isTTY === true;
    this._prompt = options.prompt ?? "> ";
    this.input.on("data", this._onData);
    this.input.on("end", this._onEnd);
    this.input.on("error", (error: Error) => this.emit("error", error));
    const { signal } = options;
    if (signal?.aborted === true) this.#node.process.nextTick(() => this.close());
    signal?.addEventListener("abort", () => this.close(), { once: true });
    this.input.resume();
  }
  _receive(text: string): void {
    const parts = (this._rest + text).split(lineEnd);
    this._rest = parts.pop() ?? "";
    for (const part of parts) {
      if (this.closed) return;
      this._line(part);
    }
  }
  _line(text: string): void {
    const answer = this._question;
    if (answer === null) {
      this.emit("line", text);
      return;
    }
    this._question = null;
    answer(text);
  }
  _end(): void {
    const rest = (this._rest + this._decoder.end()).replace(/\r$/, "");
    this._rest = "";
    if (rest !== "") this._line(rest);
    this.close();
  }
  getPrompt(): string {
    return this._prompt;
  }
  setPrompt(prompt: string): void {
    this._prompt = prompt;
  }
  prompt(): void {
    if (this._paused) this.resume();
    this.output?.write(this._prompt);
  }
  /** Nothing here; the promise of an answer in `readline/promises`. */
  question(query: string, ...rest: unknown[]): unknown {
    const callback = rest.pop() as (answer: string) => void;
    const options = rest[0] as { signal?: AbortSignal } | undefined;
    if (this.closed) throw nodeError("ERR_USE_AFTER_CLOSE", "readline was closed");
    if (options?.signal?.aborted === true) return undefined;
    if (this._paused) this.resume();
    this.output?.write(query);
    this._question = callback;
    options?.signal?.addEventListener("abort", () => (this._question = null), { once: true });
    return undefined;
  }
  write(data: string | null | undefined): void {
    if (this.closed) throw nodeError("ERR_USE_AFTER_CLOSE", "readline was closed");
    if (data !== null && data !== undefined) this._receive(data);
  }
  pause(): this {
    if (this._paused || this.closed) return this;
    this._paused = true;
    this.input.pause();
    this.emit("pause");
    return this;
  }
  resume(): this {
    if (!this._paused) return this;
    this._paused = false;
    this.input.resume();
    this.emit("resume");
    return this;
  }
  close(): void {
    if (this.closed) return;
    this.pause();
    this.closed = true;
    this.input.off("data", this._onData);
    this.input.off("end", this._onEnd);
    this.emit("close");
  }
  getCursorPos(): { rows: number; cols: number } {
    return { rows: 0, cols: this._prompt.length };
  }
  [Symbol.dispose](): void {
    this.close();
  }
  [Symbol.asyncIterator](): AsyncGenerator<string> {
    return lines(this);
  }
}

export function createInterfaceClass(node: NodeContext) {
  node.builtin("events");
  return boundClass(Interface, node);
}

/** The lines from here on; leaving the loop closes the interface. */
async function* lines(source: Interface): AsyncGenerator<string> {
  const waiting: string[] = [];
  let wake: (() => void) | null = null;
  const receive = (line: string) => {
    waiting.push(line);
    wake?.();
  };
  source.on("line", receive);
  source.on("close", () => wake?.());
  try {
    for (;;) {
      const line = waiting.shift();
      if (line !== undefined) yield line;
      else if (source.closed) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    source.close();
  }
}

/** `readline/promises`: questions that are answered by promises. */
class PromisesInterface extends Interface {
  override question(query: string, options: { signal?: AbortSignal } = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      const { signal } = options;
      if (signal?.aborted === true) {
        reject(abortError(signal.reason));
        return;
      }
      signal?.addEventListener("abort", () => reject(abortError(signal.reason)), { once: true });
      try {
        super.question(query, options, resolve);
      } catch (error) {
        const reason = error as Error;
        reject(reason);
      }
    });
  }
}

export function createPromisesInterfaceClass(node: NodeContext) {
  return boundClass(PromisesInterface, node);
}
