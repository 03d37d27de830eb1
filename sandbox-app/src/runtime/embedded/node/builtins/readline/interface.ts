import type { NodeContext } from "../../context.ts";
import { abortError, nodeError } from "../errors/node-error.ts";
import type { EmitterLike, ReadableLike, WritableLike } from "../stream/stream-types.ts";
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
export function createInterfaceClass(node: NodeContext) {
  const EventEmitter = node.builtin<new () => EmitterLike>("events");

  class Interface extends EventEmitter {
    readonly input: ReadableLike;
    readonly output: WritableLike | undefined;
    readonly terminal: boolean;
    readonly history: string[] = [];
    line = "";
    cursor = 0;
    closed = false;
    #prompt: string;
    #decoder = new StringDecoder("utf8");
    #rest = "";
    #question: ((answer: string) => void) | null = null;
    #paused = false;
    readonly #onData = (chunk: unknown) => this.#receive(typeof chunk === "string" ? chunk : this.#decoder.write(chunk));
    readonly #onEnd = () => this.#end();

    constructor(first: InterfaceOptions | ReadableLike, output?: WritableLike) {
      super();
      const options = "input" in first ? first : ({ input: first, output } as InterfaceOptions);
      this.input = options.input;
      this.output = options.output;
      this.terminal = options.terminal ?? (options.output as { isTTY?: boolean } | undefined)?.isTTY === true;
      this.#prompt = options.prompt ?? "> ";
      this.input.on("data", this.#onData);
      this.input.on("end", this.#onEnd);
      this.input.on("error", (error: Error) => this.emit("error", error));
      const { signal } = options;
      if (signal?.aborted === true) node.process.nextTick(() => this.close());
      signal?.addEventListener("abort", () => this.close(), { once: true });
      this.input.resume();
    }
    #receive(text: string): void {
      const parts = (this.#rest + text).split(lineEnd);
      this.#rest = parts.pop() ?? "";
      for (const part of parts) {
        if (this.closed) return;
        this.#line(part);
      }
    }
    #line(text: string): void {
      const answer = this.#question;
      if (answer === null) {
        this.emit("line", text);
        return;
      }
      this.#question = null;
      answer(text);
    }
    #end(): void {
      const rest = (this.#rest + this.#decoder.end()).replace(/\r$/, "");
      this.#rest = "";
      if (rest !== "") this.#line(rest);
      this.close();
    }
    getPrompt(): string {
      return this.#prompt;
    }
    setPrompt(prompt: string): void {
      this.#prompt = prompt;
    }
    prompt(): void {
      if (this.#paused) this.resume();
      this.output?.write(this.#prompt);
    }
    question(query: string, ...rest: unknown[]): void {
      const callback = rest.pop() as (answer: string) => void;
      const options = rest[0] as { signal?: AbortSignal } | undefined;
      if (this.closed) throw nodeError("ERR_USE_AFTER_CLOSE", "readline was closed");
      if (options?.signal?.aborted === true) return;
      if (this.#paused) this.resume();
      this.output?.write(query);
      this.#question = callback;
      options?.signal?.addEventListener("abort", () => (this.#question = null), { once: true });
    }
    write(data: string | null | undefined): void {
      if (this.closed) throw nodeError("ERR_USE_AFTER_CLOSE", "readline was closed");
      if (data !== null && data !== undefined) this.#receive(data);
    }
    pause(): this {
      if (this.#paused || this.closed) return this;
      this.#paused = true;
      this.input.pause();
      this.emit("pause");
      return this;
    }
    resume(): this {
      if (!this.#paused) return this;
      this.#paused = false;
      this.input.resume();
      this.emit("resume");
      return this;
    }
    close(): void {
      if (this.closed) return;
      this.pause();
      this.closed = true;
      this.input.off("data", this.#onData);
      this.input.off("end", this.#onEnd);
      this.emit("close");
    }
    getCursorPos(): { rows: number; cols: number } {
      return { rows: 0, cols: this.#prompt.length };
    }
    [Symbol.dispose](): void {
      this.close();
    }
    [Symbol.asyncIterator](): AsyncGenerator<string> {
      return lines(this);
    }
  }
  return Interface;
}

export type ReadlineInterface = InstanceType<ReturnType<typeof createInterfaceClass>>;

/** The lines from here on; leaving the loop closes the interface. */
async function* lines(source: ReadlineInterface): AsyncGenerator<string> {
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
export function createPromisesInterfaceClass(Base: ReturnType<typeof createInterfaceClass>) {
  return class PromisesInterface extends Base {
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
          reject(error as Error);
        }
      });
    }
  };
}
