import { decodeKeys } from "../../../terminal/keys.ts";
import { type Command, type CommandCall, complain } from "../command.ts";
import { gnuOptions } from "../gnu-options.ts";
import { openInput } from "../input-files.ts";
import { open } from "../../redirect/redirect.ts";
import type { Handle } from "../../redirect/descriptors.ts";
import { decodeText, encodeText } from "../text/encoding.ts";

const ROWS = 24;
const COLUMNS = 80;

/** `less` and `more`: page by page in a terminal, and as `cat` elsewhere. */
export const less: Command = async (call) => {
  const { shell } = call;
  const args = call.args.filter((arg) => !arg.startsWith("+"));
  const { operands, unknown } = gnuOptions(args, { letters: "RrSNFXiIeEgGmMnqsuwx:z:p:P:" });
  if (unknown !== null) return complain(call, unknown);
  let text = "";
  for (const file of operands.length === 0 ? ["-"] : operands) {
    const handle = await openInput(call, file);
    if (handle === null) return 1;
    text += decodeText(await shell.untilAborted(handle.readAll()).finally(() => handle.release()));
  }
  const size = terminalSize(call);
  if (size === null || text.split("\n").length <= size.rows) {
    await shell.write(1, encodeText(text));
    return 0;
  }
  const keys = open(shell, "/dev/tty", "<").hold();
  try {
    await new Pager(call, text.replace(/\n$/, "").split("\n"), size).run(keys);
    return 0;
  } finally {
    keys.release();
  }
};

function terminalSize({ shell }: CommandCall): { rows: number; columns: number } | null {
  const file = shell.descriptors.get(1)?.file;
  if (file === undefined || !("isKernel" in file)) return null;
  return shell.process.system.callSync("terminalSize", file.kernelFd());
}

class Pager {
  readonly #call: CommandCall;
  readonly #lines: readonly string[];
  readonly #rows: number;
  #top = 0;
  #search = "";

  constructor(
    call: CommandCall,
    lines: readonly string[],
    { rows, columns }: { rows: number; columns: number },
  ) {
    this.#call = call;
    // A line that wraps takes several rows.
    const width = columns || COLUMNS;
    this.#lines = lines.flatMap((line) => line.match(new RegExp(`.{1,${width}}`, "gu")) ?? [""]);
    this.#rows = Math.max(2, rows || ROWS) - 1;
  }

  async run(keys: Handle): Promise<void> {
    const { shell } = this.#call;
    const { system } = shell.process;
    system.callSync("terminalMode", keys.file.kernelFd(), "raw");
    try {
      for (;;) {
        await this.#draw();
        const chunk = await shell.untilAborted(keys.read());
        if (chunk.byteLength === 0) return;
        for (const key of decodeKeys(new TextDecoder().decode(chunk.slice())).keys) {
          const name = key.type === "text" ? key.text : key.type;
          if (/^(?:q|Q|interrupt|end_of_input)$/.test(name)) return;
          if (name === "/") await this.#find(keys);
          else this.#move(name);
        }
      }
    } finally {
      system.callSync("terminalMode", keys.file.kernelFd(), "cooked");
      await shell.print("\r\x1b[K");
    }
  }

  #move(name: string): void {
    const steps: Readonly<Record<string, number>> = {
      " ": this.#rows,
      f: this.#rows,
      b: -this.#rows,
      d: Math.floor(this.#rows / 2),
      u: -Math.floor(this.#rows / 2),
      j: 1,
      enter: 1,
      down: 1,
      k: -1,
      y: -1,
      up: -1,
      g: -Infinity,
      "<": -Infinity,
      G: Infinity,
      ">": Infinity,
      home: -Infinity,
      end: Infinity,
    };
    if (name === "n") return this.#next();
    const last = Math.max(0, this.#lines.length - this.#rows);
    this.#top = Math.max(0, Math.min(last, this.#top + (steps[name] ?? 0)));
  }

  #next(): void {
    const found = this.#lines.findIndex(
      (line, at) => at > this.#top && line.includes(this.#search),
    );
    if (this.#search !== "" && found !== -1) this.#top = found;
  }

  async #find(keys: Handle): Promise<void> {
    const { shell } = this.#call;
    shell.process.system.callSync("terminalMode", keys.file.kernelFd(), "cooked");
    await shell.print("\r\x1b[K/");
    const line = await shell.untilAborted(keys.readUntil());
    this.#search = new TextDecoder().decode(line.slice()).trim();
    shell.process.system.callSync("terminalMode", keys.file.kernelFd(), "raw");
    this.#next();
  }

  async #draw(): Promise<void> {
    const shown = this.#lines.slice(this.#top, this.#top + this.#rows);
    const isEnd = this.#top + this.#rows >= this.#lines.length;
    const mark = isEnd ? "\x1b[7m(END)\x1b[m" : ":";
    await this.#call.shell.print(`\x1b[H\x1b[2J${shown.join("\n")}\n${mark}`);
  }
}
