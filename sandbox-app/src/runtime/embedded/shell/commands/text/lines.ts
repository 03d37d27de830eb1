import type { Handle } from "../../redirect/descriptors.ts";
import { joinBytes } from "../../redirect/open-file.ts";
import type { Shell } from "../../state/shell.ts";
import { decodeText, encodeText } from "./encoding.ts";

/** Output collected before it is written, so that lines do not cost a system call each. */
const OUTPUT_CHARS = 32_768;

/** Text on its way to a descriptor. */
export class Output {
  readonly #shell: Shell;
  readonly #fd: number;
  #text = "";

  constructor(shell: Shell, fd = 1) {
    this.#shell = shell;
    this.#fd = fd;
  }

  async add(text: string): Promise<void> {
    await this.put(text);
  }

  /** The same, with nothing to wait for unless something is written. */
  put(text: string): Promise<void> | undefined {
    this.#text += text;
    return this.#text.length >= OUTPUT_CHARS ? this.flush() : undefined;
  }

  async flush(): Promise<void> {
    const text = this.#text;
    this.#text = "";
    if (text !== "") await this.#shell.write(this.#fd, encodeText(text));
  }
}

const LINE_FEED = 10;

/**
 * The lines of an input, as many at a time as come at once: a filter passes on what it has before it
 * waits for more. The last line says whether it had its end.
 */
export async function* lineGroups(
  shell: Shell,
  handle: Handle,
  delimiter = LINE_FEED,
): AsyncGenerator<{ readonly lines: readonly string[]; readonly endsInLine: boolean }> {
  let rest: Uint8Array[] = [];
  const mark = String.fromCharCode(delimiter);
  for (;;) {
    const chunk = await shell.untilAborted(handle.read());
    if (chunk.byteLength === 0) break;
    const end = chunk.lastIndexOf(delimiter) + 1;
    if (end > 0) {
      const text = decodeText(joinBytes([...rest, chunk.subarray(0, end)]));
      rest = [];
      yield { lines: text.slice(0, -1).split(mark), endsInLine: true };
    }
    if (end < chunk.byteLength) rest.push(chunk.slice(end));
    await shell.process.pace(shell.signal);
  }
  if (rest.length > 0) yield { lines: [decodeText(joinBytes(rest))], endsInLine: false };
}

/** All lines of an input. */
export async function allLines(
  shell: Shell,
  handle: Handle,
  delimiter = LINE_FEED,
): Promise<{ lines: string[]; endsInLine: boolean }> {
  const text = decodeText(await shell.untilAborted(handle.readAll()));
  const mark = String.fromCharCode(delimiter);
  if (text === "") return { lines: [], endsInLine: true };
  const endsInLine = text.endsWith(mark);
  return { lines: (endsInLine ? text.slice(0, -1) : text).split(mark), endsInLine };
}
