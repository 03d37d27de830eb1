import { BadOption, parseOptions } from "../builtins/builtin.ts";
import type { Handle } from "../redirect/descriptors.ts";
import { open } from "../redirect/redirect.ts";
import { type Command, type CommandCall, complain } from "./command.ts";
import { openInput } from "./input-files.ts";
import { toByteString, fromByteString } from "./bytes.ts";

export const cat: Command = async (call) => {
  const { shell, args } = call;
  const parsed = parseOptions(
    args.map((arg) => longOptions[arg] ?? arg),
    "AbeEnstTuv",
  );
  if (parsed instanceof BadOption)
    return complain(call, `invalid option -- '${parsed.option.slice(1)}'`);
  const files = parsed.operands.length === 0 ? ["-"] : parsed.operands;
  const lines = new Lines(parsed.letters);
  let status = 0;
  for (const file of files) {
    const handle = await openInput(call, file);
    if (handle === null) {
      status = 1;
      continue;
    }
    try {
      for (;;) {
        const chunk = await shell.untilAborted(handle.read());
        if (chunk.byteLength === 0) break;
        await shell.write(1, lines.change(chunk));
      }
    } finally {
      handle.release();
    }
  }
  return status;
};

const longOptions: Readonly<Record<string, string>> = {
  "--number": "-n",
  "--number-nonblank": "-b",
  "--squeeze-blank": "-s",
  "--show-all": "-A",
  "--show-ends": "-E",
  "--show-tabs": "-T",
  "--show-nonprinting": "-v",
};

/** `^A`, `^?`, `M-x` for what is not printed. */
function visible(line: string): string {
  return Array.from(line, (char) => {
    const code = char.charCodeAt(0);
    if (char === "\n" || char === "\t") return char;
    const low = code & 0x7f;
    const shown =
      low < 32
        ? `^${String.fromCharCode(low + 64)}`
        : low === 127
          ? "^?"
          : String.fromCharCode(low);
    return code > 127 ? `M-${shown}` : shown;
  }).join("");
}

/** What the options of `cat` make of its lines. */
class Lines {
  readonly #letters: ReadonlySet<string>;
  #number = 0;
  #atStart = true;
  #blanks = 0;

  constructor(letters: ReadonlySet<string>) {
    this.#letters = letters;
  }

  change(chunk: Uint8Array): Uint8Array {
    if (this.#letters.size === 0) return chunk;
    const text = toByteString(chunk);
    return fromByteString(text.replaceAll(/[^\n]*\n|[^\n]+$/g, (line) => this.#line(line)));
  }

  #line(line: string): string {
    const has = (...names: string[]): boolean => names.some((name) => this.#letters.has(name));
    const isBlank = line === "\n" && this.#atStart;
    this.#blanks = isBlank ? this.#blanks + 1 : 0;
    if (has("s") && this.#blanks > 1) return "";
    const isCounted = this.#atStart && (has("b") ? !isBlank : has("n"));
    const number = isCounted ? `${String(++this.#number).padStart(6)}\t` : "";
    this.#atStart = line.endsWith("\n");
    let body = has("v", "A", "e", "t") ? visible(line) : line;
    if (has("T", "t", "A")) body = body.replaceAll("\t", "^I");
    if (has("E", "e", "A")) body = body.replace(/\n$/, "$\n");
    return number + body;
  }
}

export const tee: Command = async (call) => {
  const { shell, args } = call;
  const parsed = parseOptions(
    args.filter((arg) => arg !== "--append"),
    "ai",
  );
  if (parsed instanceof BadOption)
    return complain(call, `invalid option -- '${parsed.option.slice(1)}'`);
  const appends = parsed.letters.has("a") || args.includes("--append");
  let status = 0;
  const outputs = [];
  for (const file of parsed.operands) {
    const handle = await openOutput(call, file, appends);
    if (handle === null) status = 1;
    else outputs.push(handle);
  }
  try {
    const input = shell.descriptors.get(0);
    for (;;) {
      const chunk = await shell.untilAborted(input?.read() ?? Promise.resolve(new Uint8Array()));
      if (chunk.byteLength === 0) return status;
      await shell.write(1, chunk);
      for (const output of outputs) await output.file.write(chunk);
    }
  } finally {
    for (const output of outputs) output.release();
  }
};

async function openOutput(
  call: CommandCall,
  file: string,
  appends: boolean,
): Promise<Handle | null> {
  try {
    return open(call.shell, file, appends ? ">>" : ">|").hold();
  } catch (error) {
    await complain(call, error instanceof Error ? error.message : String(error));
    return null;
  }
}
