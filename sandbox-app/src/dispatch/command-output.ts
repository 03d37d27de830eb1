import { OUTPUT_MAX_CHARS } from "#protocol/limits.ts";
import { sliceWhole } from "./lines.ts";

const HALF = OUTPUT_MAX_CHARS / 2;

/** Pieces of the tail are joined only when there are so many characters, so that adding is cheap. */
const TAIL_SLACK_CHARS = 64 * 1024;

/**
 * The text that a command wrote to one stream: all of it up to OUTPUT_MAX_CHARS, else its head and its tail.
 * No more than these are held, however much is written.
 */
export class CommandOutput {
  #head = "";
  #tail = "";
  #chars = 0;
  #newlines = 0;

  push(text: string): void {
    this.#chars += text.length;
    this.#newlines += countNewlines(text);
    const room = HALF - this.#head.length;
    this.#head += text.slice(0, room);
    this.#tail += room > 0 ? text.slice(room) : text;
    if (this.#tail.length > HALF + TAIL_SLACK_CHARS) this.#tail = this.#tail.slice(-HALF);
  }

  get truncated(): boolean {
    return this.#chars > OUTPUT_MAX_CHARS;
  }

  /** Head, a mark that tells how much is left out, and tail, cut between lines where there are any. */
  get text(): string {
    const tail = this.#tail.slice(-HALF);
    if (!this.truncated) return this.#head + tail;
    const head = cutAfterLastLine(this.#head);
    const rest = cutBeforeFirstLine(tail);
    const lines = this.#newlines - countNewlines(head) - countNewlines(rest);
    const chars = this.#chars - head.length - rest.length;
    const mark = lines > 0 ? `… ${lines} lines omitted …` : `… ${chars} characters omitted …`;
    return `${head}${head.endsWith("\n") ? "" : "\n"}${mark}\n${rest}`;
  }
}

/** Ends the head with a whole line, unless that would take more than half of it away. */
function cutAfterLastLine(head: string): string {
  const end = head.lastIndexOf("\n") + 1;
  return end > head.length / 2 ? head.slice(0, end) : sliceWhole(head, head.length - 1);
}

/** Starts the tail with a whole line, unless that would take more than half of it away. */
function cutBeforeFirstLine(tail: string): string {
  const start = tail.indexOf("\n") + 1;
  if (start > 0 && start < tail.length / 2) return tail.slice(start);
  return /^[\uDC00-\uDFFF]/.test(tail) ? tail.slice(1) : tail;
}

function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
