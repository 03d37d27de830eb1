import type { Handle } from "../../redirect/descriptors.ts";
import { open } from "../../redirect/redirect.ts";
import { ShellError } from "../../run/outcome.ts";
import { makePipe } from "../../run/pipeline.ts";
import type { Shell } from "../../state/shell.ts";
import { runOther } from "../running.ts";
import { allLines, lineGroups, Output } from "../text/lines.ts";
import { encodeText } from "../text/encoding.ts";

/** Records of one input. */
export class RecordReader {
  readonly #shell: Shell;
  readonly #handle: Handle;
  readonly #ready: string[] = [];
  #groups: ReturnType<typeof lineGroups> | null = null;
  #isOver = false;

  constructor(shell: Shell, handle: Handle) {
    this.#shell = shell;
    this.#handle = handle;
  }

  /** Null at the end; a promise only when the input has to be waited for. */
  next(separator: string): string | null | Promise<string | null> {
    return this.#ready.shift() ?? (this.#isOver ? null : this.#fill(separator));
  }

  close(): void {
    if (!this.#isOver || this.#groups !== null) this.#handle.release();
    this.#isOver = true;
    this.#groups = null;
  }

  async #fill(separator: string): Promise<string | null> {
    if (separator.length === 1) {
      this.#groups ??= lineGroups(this.#shell, this.#handle, separator.charCodeAt(0));
      for (;;) {
        const group = await this.#groups.next();
        if (group.done === true) break;
        const { lines, endsInLine } = group.value;
        // Behind another separator than a line feed, the file's last line feed is no record.
        const isTail = !endsInLine && separator !== "\n" && lines.length === 1 && lines[0] === "\n";
        if (!isTail) this.#ready.push(...lines);
        if (this.#ready.length > 0) return this.#ready.shift() ?? null;
      }
    } else {
      const { lines } = await allLines(this.#shell, this.#handle);
      const text = lines.join("\n");
      const pattern = separator === "" ? /\n{2,}/ : new RegExp(separator);
      const whole = separator === "" ? text.replace(/^\n+/, "").replace(/\n+$/, "") : text;
      this.#ready.push(...(whole === "" ? [] : whole.split(pattern)));
    }
    this.#isOver = true;
    this.#handle.release();
    this.#groups = null;
    return this.#ready.shift() ?? null;
  }
}

interface OpenOutput {
  readonly output: { add(text: string): Promise<void>; flush(): Promise<void> };
  close(): Promise<number>;
}

/** Files and commands that a program has opened, by their text. */
export class AwkStreams {
  readonly standard: Output;
  readonly #shell: Shell;
  readonly #outputs = new Map<string, OpenOutput>();
  readonly #inputs = new Map<string, { reader: RecordReader; close: () => Promise<number> }>();

  constructor(shell: Shell) {
    this.#shell = shell;
    this.standard = new Output(shell);
  }

  /** Where `print > file`, `>> file` or `| command` goes. */
  async output(operator: string, name: string): Promise<OpenOutput["output"]> {
    if (operator !== "|" && (name === "-" || name === "/dev/stdout")) return this.standard;
    const known = this.#outputs.get(name);
    if (known !== undefined) return known.output;
    const made = operator === "|" ? this.#commandOutput(name) : this.#fileOutput(operator, name);
    this.#outputs.set(name, made);
    return made.output;
  }

  #fileOutput(operator: string, name: string): OpenOutput {
    const handle = open(this.#shell, name, operator === ">" ? ">|" : ">>").hold();
    const buffered = new Buffered((bytes) => handle.file.write(bytes));
    const close = async (): Promise<number> => {
      await buffered.flush();
      handle.release();
      return 0;
    };
    return { output: buffered, close };
  }

  #commandOutput(command: string): OpenOutput {
    const { reader, writer } = makePipe(this.#shell);
    const child = this.#shell.subshell();
    child.descriptors.set(0, reader);
    reader.release();
    const running = this.#run(child, command);
    const buffered = new Buffered((bytes) => writer.file.write(bytes));
    const close = async (): Promise<number> => {
      // What was printed before comes before what the command says.
      await this.standard.flush();
      await buffered.flush().catch(() => undefined);
      writer.release();
      return running;
    };
    return { output: buffered, close };
  }

  async #run(child: Shell, command: string): Promise<number> {
    try {
      return await runOther(child, ["sh", "-c", command]);
    } finally {
      child.descriptors.closeAll();
    }
  }

  /** Null when a file cannot be read. */
  async input(from: "file" | "command", name: string): Promise<RecordReader | null> {
    const known = this.#inputs.get(name);
    if (known !== undefined) return known.reader;
    await this.flush();
    if (from === "command") {
      const { reader, writer } = makePipe(this.#shell);
      const child = this.#shell.subshell();
      child.descriptors.set(1, writer);
      writer.release();
      const running = this.#run(child, name);
      const made = new RecordReader(this.#shell, reader);
      this.#inputs.set(name, { reader: made, close: () => (made.close(), running) });
      return made;
    }
    try {
      const handle = open(this.#shell, name === "-" ? "/dev/stdin" : name, "<").hold();
      const made = new RecordReader(this.#shell, handle);
      this.#inputs.set(name, { reader: made, close: () => (made.close(), Promise.resolve(0)) });
      return made;
    } catch (error) {
      if (error instanceof ShellError) return null;
      throw error;
    }
  }

  /** @returns the status, or -1 when nothing of that name is open */
  async close(name: string): Promise<number> {
    const output = this.#outputs.get(name);
    const input = this.#inputs.get(name);
    this.#outputs.delete(name);
    this.#inputs.delete(name);
    if (output !== undefined) return output.close();
    return input?.close() ?? -1;
  }

  async system(command: string): Promise<number> {
    await this.flush();
    return runOther(this.#shell, ["sh", "-c", command]);
  }

  async flush(): Promise<void> {
    await this.standard.flush();
    for (const { output } of this.#outputs.values()) await output.flush();
  }

  async closeAll(): Promise<void> {
    await this.standard.flush();
    for (const name of [...this.#outputs.keys(), ...this.#inputs.keys()]) await this.close(name);
  }
}

/** Text collected before it is written. */
class Buffered {
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  #text = "";

  constructor(write: (bytes: Uint8Array) => Promise<void>) {
    this.#write = write;
  }

  async add(text: string): Promise<void> {
    this.#text += text;
    if (this.#text.length > BUFFER_CHARS) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#text;
    this.#text = "";
    if (text !== "") await this.#write(encodeText(text));
  }
}

const BUFFER_CHARS = 16_384;
