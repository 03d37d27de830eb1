import type { Handle } from "../../redirect/descriptors.ts";
import type { Shell } from "../../state/shell.ts";
import { lineGroups, type Output } from "../text/lines.ts";
import type { GrepJob } from "./options.ts";

const RED = "\x1b[01;31m\x1b[K";
const PLAIN = "\x1b[m\x1b[K";

/** Searches one input; writes what is asked for. */
export class Search {
  readonly #job: GrepJob;
  readonly #output: Output;
  /** Before each line, without what follows the name; empty for no name. */
  readonly #name: string;
  #count = 0;
  #number = 0;
  #offset = 0;
  #lastShown = 0;
  #afterLeft = 0;
  readonly #before: string[] = [];
  readonly #end: string;

  constructor(job: GrepJob, output: Output, name: string) {
    this.#job = job;
    this.#output = output;
    this.#name = name;
    this.#end = job.delimiter === 0 ? "\0" : "\n";
  }

  /** @returns how many lines were selected */
  async run(shell: Shell, handle: Handle): Promise<number> {
    const job = this.#job;
    for await (const { lines } of lineGroups(shell, handle, job.delimiter)) {
      for (const line of lines) {
        await this.#line(line);
        if (this.#isDone()) break;
      }
      await this.#output.flush();
      if (this.#isDone()) break;
    }
    return this.#count;
  }

  #isDone(): boolean {
    const { shows, most } = this.#job;
    if (this.#count > 0 && ["nothing", "with", "without"].includes(shows)) return true;
    return this.#count >= most && this.#afterLeft === 0;
  }

  async #line(line: string): Promise<void> {
    const job = this.#job;
    this.#number++;
    const isSelected = this.#count < job.most && job.first.test(line) !== job.isInverted;
    if (isSelected) {
      this.#count++;
      if (job.shows === "lines") await this.#select(line);
      if (job.shows === "parts" && !job.isInverted) await this.#parts(line);
    } else if (job.shows === "lines") {
      await this.#context(line);
    }
    if (job.offsets) this.#offset += new TextEncoder().encode(line).byteLength + 1;
  }

  async #select(line: string): Promise<void> {
    const { before, after, isColored, isInverted, all } = this.#job;
    const first = this.#number - this.#before.length;
    const hasContext = before > 0 || after > 0;
    if (hasContext && this.#lastShown > 0 && first > this.#lastShown + 1) {
      await this.#output.add("--\n");
    }
    for (const [index, text] of this.#before.splice(0).entries()) {
      await this.#show(first + index, text, "-");
    }
    const shown =
      isColored && !isInverted
        ? line.replaceAll(all, (part) => (part === "" ? "" : RED + part + PLAIN))
        : line;
    await this.#show(this.#number, shown, ":");
    this.#afterLeft = after;
  }

  async #context(line: string): Promise<void> {
    if (this.#afterLeft > 0) {
      this.#afterLeft--;
      await this.#show(this.#number, line, "-");
    } else if (this.#job.before > 0) {
      this.#before.push(line);
      if (this.#before.length > this.#job.before) this.#before.shift();
    }
  }

  async #parts(line: string): Promise<void> {
    for (const match of line.matchAll(this.#job.all)) {
      if (match[0] === "") continue;
      const shown = this.#job.isColored ? RED + match[0] + PLAIN : match[0];
      await this.#show(this.#number, shown, ":", this.#bytesBefore(line, match.index));
    }
  }

  #bytesBefore(line: string, at: number): number {
    return this.#job.offsets ? new TextEncoder().encode(line.slice(0, at)).byteLength : 0;
  }

  async #show(number: number, text: string, mark: string, offset = 0): Promise<void> {
    const { numbers, offsets, nameEnd } = this.#job;
    const name = this.#name === "" ? "" : this.#name + (nameEnd === "\0" ? "\0" : mark);
    const place = offsets ? `${this.#offset + offset}${mark}` : "";
    await this.#output.add(
      `${name}${numbers ? `${number}${mark}` : ""}${place}${text}${this.#end}`,
    );
    this.#lastShown = number;
  }
}
