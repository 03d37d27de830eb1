import { BadOption, parseOptions } from "../builtins/builtin.ts";
import { type Command, complain } from "./command.ts";
import { openInput } from "./input-files.ts";

interface Counts {
  lines: number;
  words: number;
  chars: number;
  bytes: number;
  longest: number;
}

const zero = (): Counts => ({ lines: 0, words: 0, chars: 0, bytes: 0, longest: 0 });

/** Width of the columns when input is no regular file, as GNU's wc sets it. */
const STREAM_WIDTH = 7;

const longOptions: Readonly<Record<string, string>> = {
  "--lines": "-l",
  "--words": "-w",
  "--bytes": "-c",
  "--chars": "-m",
  "--max-line-length": "-L",
};

export const wc: Command = async (call) => {
  const { shell } = call;
  const parsed = parseOptions(
    call.args.map((arg) => longOptions[arg] ?? arg),
    "lwcmL",
  );
  if (parsed instanceof BadOption)
    return complain(call, `invalid option -- '${parsed.option.slice(1)}'`);
  const { letters, operands } = parsed;
  const wanted = letters.size === 0 ? new Set(["l", "w", "c"]) : letters;
  const files = operands.length === 0 ? ["-"] : operands;
  const rows: [Counts, string][] = [];
  let status = 0;
  for (const file of files) {
    const handle = await openInput(call, file);
    if (handle === null) {
      status = 1;
      continue;
    }
    const counter = new Counter();
    for (;;) {
      const chunk = await shell.untilAborted(handle.read());
      if (chunk.byteLength === 0) break;
      counter.add(chunk);
    }
    handle.release();
    rows.push([counter.end(), operands.length === 0 ? "" : file]);
  }
  if (files.length > 1) rows.push([sum(rows.map(([counts]) => counts)), "total"]);
  const width = columnWidth(
    rows.map(([counts]) => counts),
    wanted,
    files.includes("-"),
  );
  for (const [counts, name] of rows) {
    const columns = fieldsOf(counts, wanted).map((count) => String(count).padStart(width));
    await shell.print(`${columns.join(" ")}${name === "" ? "" : ` ${name}`}\n`);
  }
  return status;
};

function fieldsOf(counts: Counts, wanted: ReadonlySet<string>): number[] {
  return [
    ...(wanted.has("l") ? [counts.lines] : []),
    ...(wanted.has("w") ? [counts.words] : []),
    ...(wanted.has("m") ? [counts.chars] : []),
    ...(wanted.has("c") ? [counts.bytes] : []),
    ...(wanted.has("L") ? [counts.longest] : []),
  ];
}

function columnWidth(
  rows: readonly Counts[],
  wanted: ReadonlySet<string>,
  isStream: boolean,
): number {
  if (wanted.size === 1 && rows.length <= 1) return 1;
  if (isStream) return STREAM_WIDTH;
  return String(Math.max(1, ...rows.map(({ bytes }) => bytes))).length;
}

function sum(all: readonly Counts[]): Counts {
  const total = zero();
  for (const counts of all) {
    total.lines += counts.lines;
    total.words += counts.words;
    total.chars += counts.chars;
    total.bytes += counts.bytes;
    total.longest = Math.max(total.longest, counts.longest);
  }
  return total;
}

class Counter {
  readonly #counts = zero();
  readonly #decoder = new TextDecoder();
  #isInWord = false;
  #column = 0;

  add(chunk: Uint8Array): void {
    this.#counts.bytes += chunk.byteLength;
    this.#text(this.#decoder.decode(chunk.slice(), { stream: true }));
  }

  end(): Counts {
    this.#text(this.#decoder.decode());
    this.#counts.longest = Math.max(this.#counts.longest, this.#column);
    return this.#counts;
  }

  #text(text: string): void {
    for (const char of text) {
      this.#counts.chars++;
      const isSpace = /\s/.test(char);
      if (!isSpace && !this.#isInWord) this.#counts.words++;
      this.#isInWord = !isSpace;
      if (char === "\n") {
        this.#counts.lines++;
        this.#counts.longest = Math.max(this.#counts.longest, this.#column);
        this.#column = 0;
      } else this.#column += 1;
    }
  }
}
