import { Handle } from "../../redirect/descriptors.ts";
import { errnoWords } from "../../redirect/error-words.ts";
import { Capture } from "../../redirect/open-file.ts";
import { open } from "../../redirect/redirect.ts";
import { ShellError } from "../../run/outcome.ts";
import { type Command, type CommandCall, complain } from "../command.ts";
import { type GnuOptions, gnuOptions } from "../gnu-options.ts";
import { openInput } from "../input-files.ts";
import { decodeText } from "../text/encoding.ts";
import { Output } from "../text/lines.ts";
import { baseName, named, statusOf } from "../text/walk.ts";
import { SedInput } from "./input.ts";
import { SedMachine } from "./machine.ts";
import { parseScript, type SedCommand, ScriptError } from "./script.ts";

/** An input file could not be read (sed(1), EXIT STATUS). */
const UNREADABLE = 2;
const BAD_INPUT = 4;

const USAGE =
  "Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n\nsee 'man sed' of GNU sed\n";

interface Job {
  readonly commands: readonly SedCommand[];
  readonly files: readonly string[];
  readonly isQuiet: boolean;
  /** Each file by itself: `-s`, `-i`. */
  readonly isSeparate: boolean;
  /** Suffix of the kept original; null: files are not changed. */
  readonly inPlace: string | null;
  readonly end: string;
}

/** `sed` (GNU): passes on each line before it waits for the next. */
export const sed: Command = async (call) => {
  const options = gnuOptions(call.args, {
    letters: "nrEsuzi::e:f:l:",
    long: {
      quiet: "n",
      silent: "n",
      expression: "e",
      file: "f",
      "in-place": "i",
      "regexp-extended": "E",
      separate: "s",
      unbuffered: "u",
      "null-data": "z",
      posix: "posix",
      sandbox: "sandbox",
      debug: "debug",
      "line-length": "l",
    },
  });
  if (options.unknown !== null) return complain(call, options.unknown);
  try {
    const job = await jobOf(call, options);
    if (job === null) {
      await call.shell.complain(USAGE);
      return 1;
    }
    return await new Sed(call, job).run();
  } catch (error) {
    if (error instanceof ScriptError || error instanceof ShellError)
      return complain(call, error.message);
    throw error;
  }
};

async function jobOf(
  { shell }: CommandCall,
  { given, order, operands }: GnuOptions,
): Promise<Job | null> {
  const pieces: string[] = [];
  for (const [key, value] of order) {
    if (key === "e") pieces.push(value);
    if (key !== "f") continue;
    const handle = open(shell, value === "-" ? "/dev/stdin" : value, "<").hold();
    const bytes = await handle.readAll().finally(() => handle.release());
    pieces.push(decodeText(bytes).replace(/^#n\n/, "").replace(/\n$/, ""));
  }
  const files = [...operands];
  if (pieces.length === 0) {
    const first = files.shift();
    if (first === undefined) return null;
    pieces.push(first);
  }
  const script = pieces.join("\n");
  const isExtended = given.has("E") || given.has("r");
  return {
    commands: parseScript(script, isExtended ? "extended" : "basic"),
    files: files.length === 0 ? ["-"] : files,
    isQuiet: given.has("n"),
    isSeparate: given.has("s") || given.has("i"),
    inPlace: given.get("i") ?? null,
    end: given.has("z") ? "\0" : "\n",
  };
}

class Sed {
  readonly #call: CommandCall;
  readonly #job: Job;
  readonly #written = new Map<string, Handle>();
  #status = 0;
  #line = 0;

  constructor(call: CommandCall, job: Job) {
    this.#call = call;
    this.#job = job;
  }

  async run(): Promise<number> {
    const { files, isSeparate, inPlace, commands } = this.#job;
    this.#openOutputs(commands);
    try {
      if (!isSeparate) await this.#over(files);
      else
        for (const file of files) {
          for (const command of commands) command.isInRange = false;
          const goesOn = await (inPlace === null
            ? this.#over([file])
            : this.#change(file, inPlace));
          if (inPlace !== null) this.#line = 0;
          if (!goesOn) break;
        }
      return this.#status;
    } finally {
      for (const handle of this.#written.values()) handle.release();
    }
  }

  #openOutputs(commands: readonly SedCommand[]): void {
    for (const { name, text, substitution } of commands) {
      const file = name === "w" ? text : (substitution?.file ?? null);
      if (file === null || this.#written.has(file) || file === "/dev/stdout") continue;
      this.#written.set(file, open(this.#call.shell, file, ">|").hold());
    }
  }

  /** @returns false when the script quit */
  async #over(files: readonly string[], shell = this.#call.shell): Promise<boolean> {
    const output = new Output(shell);
    const { commands, isQuiet, end } = this.#job;
    const input = new SedInput(
      shell,
      files.map((file) => () => this.#open(file)),
      end.charCodeAt(0),
    );
    input.onWait = () => output.flush();
    const options = { isQuiet, end, files: this.#written, line: this.#line };
    const machine = new SedMachine(shell, commands, input, output, options);
    try {
      const goesOn = await machine.run();
      this.#line = machine.line;
      this.#status = machine.status || this.#status;
      return goesOn;
    } finally {
      input.close();
      await output.flush();
    }
  }

  async #open(file: string): Promise<Handle | null> {
    const { shell } = this.#call;
    const isDirectory =
      file !== "-" && statusOf(shell, named(shell, file).path)?.type === "directory";
    if (isDirectory) {
      await complain(this.#call, `couldn't edit ${file}: not a regular file`);
      this.#status = BAD_INPUT;
      return null;
    }
    const handle = await openInput({ ...this.#call, name: "sed: can't read" }, file);
    if (handle === null) this.#status = UNREADABLE;
    return handle;
  }

  async #change(file: string, suffix: string): Promise<boolean> {
    const { shell } = this.#call;
    const { path } = named(shell, file);
    const { system } = shell.process;
    const status = statusOf(shell, path);
    if (status === null || status.type === "directory") {
      await this.#open(file);
      return true;
    }
    const capture = new Capture(system);
    const child = shell.subshell();
    child.descriptors.set(1, new Handle(capture));
    const goesOn = await this.#over([file], child).finally(() => child.descriptors.closeAll());
    const bytes = await capture.bytes();
    const original = await system.call("readFile", path);
    try {
      if (suffix !== "") await system.call("writeFile", backupPath(path, suffix), original);
      // What follows the line at which the script quit stays (GNU sed copies the rest).
      const rest = goesOn ? new Uint8Array() : restAfter(original, this.#line);
      await system.call("writeFile", path, joined(bytes, rest));
    } catch (error) {
      await complain(this.#call, `couldn't open file ${file}: ${errnoWords(error)}`);
      this.#status = BAD_INPUT;
    }
    return goesOn;
  }
}

function backupPath(path: string, suffix: string): string {
  const name = baseName(path);
  const directory = path.slice(0, path.length - name.length);
  return directory + (suffix.includes("*") ? suffix.replaceAll("*", name) : name + suffix);
}

function restAfter(bytes: Uint8Array, lines: number): Uint8Array {
  let at = 0;
  for (let line = 0; line < lines; line++) {
    const end = bytes.indexOf(10, at);
    if (end === -1) return new Uint8Array();
    at = end + 1;
  }
  return bytes.subarray(at);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.byteLength + second.byteLength);
  all.set(first);
  all.set(second, first.byteLength);
  return all;
}
