import type { NodeContext } from "../context.ts";

/** Inputs kept, as Node does by default (NODE_REPL_HISTORY_SIZE). */
const HISTORY_MAX = 1_000;

/** `~/.node_repl_history` as Node writes it: newest first, the lines of one input apart by returns. */
export class ReplHistory {
  readonly #context: NodeContext;
  readonly #path: string;
  /** Oldest first. */
  readonly inputs: string[];

  constructor(context: NodeContext) {
    this.#context = context;
    const { NODE_REPL_HISTORY: path, HOME: home = "/" } = context.process.env;
    this.#path = path ?? `${home}/.node_repl_history`;
    this.inputs = this.#read();
  }

  add(input: string): void {
    if (this.inputs.at(-1) === input || this.#path === "") return;
    this.inputs.push(input);
    const lines = this.inputs.slice(-HISTORY_MAX).map((each) => each.replaceAll("\n", "\r"));
    const text = `${lines.toReversed().join("\n")}\n`;
    try {
      this.#context.system.callSync("writeFile", this.#path, new TextEncoder().encode(text));
    } catch {
      // Without a file there is still the history of this session.
    }
  }

  #read(): string[] {
    try {
      const bytes = this.#context.system.callSync("readFile", this.#path);
      const lines = new TextDecoder().decode(bytes).split("\n");
      return lines
        .filter((line) => line !== "")
        .map((line) => line.replaceAll("\r", "\n"))
        .toReversed();
    } catch {
      return [];
    }
  }
}
