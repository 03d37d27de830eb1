import type { Handle } from "../redirect/descriptors.ts";
import { joinBytes } from "../redirect/open-file.ts";
import type { Shell } from "../state/shell.ts";
import {
  BadOption,
  type Builtin,
  type BuiltinCall,
  fail,
  identifier,
  type ParsedOptions,
  parseOptions,
  refuse,
} from "./builtin.ts";

const USAGE =
  "read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]";
/** Status when the time is over: as for a signal (bash manual, "read"). */
const TIMED_OUT = 142;

export const read: Builtin = async (call) => {
  const parsed = parseOptions(call.args, "ersa:d:i:n:N:p:t:u:");
  if (parsed instanceof BadOption) return refuse(call, parsed, USAGE);
  const { values, operands } = parsed;
  const { shell } = call;
  const bad = operands.find((name) => !identifier.test(name.replace(/\[.*\]$/s, "")));
  if (bad !== undefined) return fail(call, `\`${bad}': not a valid identifier`);
  const fd = Number(values.get("u") ?? "0");
  const handle = shell.descriptors.get(fd);
  if (handle === undefined) {
    return fail(call, `${fd}: invalid file descriptor: Bad file descriptor`);
  }
  const prompt = values.get("p");
  if (prompt !== undefined && terminalOf(shell, handle)) await shell.complain(prompt);
  const seconds = values.get("t");
  if (seconds !== undefined && !/^\d*\.?\d+$|^\d+\.$/.test(seconds)) {
    return fail(call, `${seconds}: invalid timeout specification`);
  }
  const input = new Input(handle, inputOptions(parsed));
  const outcome = await timedRead(input, seconds === undefined ? null : Number(seconds), shell);
  const isWhole = values.has("N");
  assignRead(call, outcome.chars, { array: values.get("a"), names: operands, isWhole });
  if (outcome.isLate) return TIMED_OUT;
  return outcome.isComplete ? 0 : 1;
};

function inputOptions({ letters, values }: ParsedOptions): InputOptions {
  const count = values.get("N") ?? values.get("n");
  return {
    isRaw: letters.has("r") || values.has("N"),
    count: count === undefined ? Number.POSITIVE_INFINITY : Number(count),
    delimiter: values.has("N") ? null : (values.get("d") ?? "\n").slice(0, 1),
  };
}

function terminalOf({ process: { system } }: Shell, { file }: Handle): boolean {
  if (!("isKernel" in file)) return false;
  try {
    return system.callSync("terminalSize", file.kernelFd()) !== null;
  } catch {
    return false;
  }
}

/** A character that was read; one after a backslash is never a separator. */
interface Char {
  readonly text: string;
  readonly quoted: boolean;
}

interface Outcome {
  readonly chars: readonly Char[];
  /** Whether the delimiter or the last character asked for came. */
  readonly isComplete: boolean;
  readonly isLate: boolean;
}

interface InputOptions {
  readonly isRaw: boolean;
  /** Characters at most; Infinity for as many as there are. */
  readonly count: number;
  /** Null to stop at the count only; empty for NUL. */
  readonly delimiter: string | null;
}

class Input {
  readonly #handle: Handle;
  readonly #options: InputOptions;
  readonly chars: Char[] = [];

  constructor(handle: Handle, options: InputOptions) {
    this.#handle = handle;
    this.#options = options;
  }

  /** @returns whether it ended as asked, and not with the file */
  async run(): Promise<boolean> {
    const { isRaw, count } = this.#options;
    const delimiter = this.#options.delimiter === "" ? "\0" : this.#options.delimiter;
    let isQuoted = false;
    while (this.chars.length < count) {
      const text = await this.#char();
      if (text === null) return false;
      if (isQuoted) {
        isQuoted = false;
        if (text !== "\n") this.chars.push({ text, quoted: true });
      } else if (text === delimiter) {
        return true;
      } else if (text === "\\" && !isRaw) {
        isQuoted = true;
      } else if (text !== "\0") {
        this.chars.push({ text, quoted: false });
      }
    }
    return true;
  }

  /** One character of UTF-8. */
  async #char(): Promise<string | null> {
    const first = await this.#handle.readSome(1);
    const [lead] = first;
    if (lead === undefined) return null;
    const more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
    const bytes = [first];
    for (let index = 0; index < more; index++) bytes.push(await this.#handle.readSome(1));
    return new TextDecoder().decode(joinBytes(bytes).slice());
  }
}

async function timedRead(input: Input, seconds: number | null, shell: Shell): Promise<Outcome> {
  const running = input.run().then((isComplete) => ({ isComplete, isLate: false }));
  if (seconds === null) return { chars: input.chars, ...(await shell.untilAborted(running)) };
  const late = Promise.withResolvers<{ isComplete: boolean; isLate: boolean }>();
  const timer = setTimeout(() => late.resolve({ isComplete: false, isLate: true }), seconds * 1000);
  try {
    return {
      chars: input.chars,
      ...(await shell.untilAborted(Promise.race([running, late.promise]))),
    };
  } finally {
    clearTimeout(timer);
  }
}

interface Targets {
  readonly array: string | undefined;
  readonly names: readonly string[];
  readonly isWhole: boolean;
}

function assignRead(
  { shell }: BuiltinCall,
  chars: readonly Char[],
  { array, names, isWhole }: Targets,
): void {
  const ifs = shell.variables.get("IFS") ?? " \t\n";
  const text = (part: readonly Char[]): string => part.map((char) => char.text).join("");
  if (array !== undefined) {
    const items = splitChars(chars, ifs, Number.POSITIVE_INFINITY).map(text);
    const variable = shell.variables.toChange(array);
    variable.content = {
      kind: "indexed",
      items: new Map(items.map((item, index) => [index, item])),
    };
    return;
  }
  if (names.length === 0) return shell.variables.set("REPLY", text(chars));
  const fields = isWhole ? [chars] : splitChars(chars, ifs, names.length);
  for (const [index, name] of names.entries()) shell.assignName(name, text(fields[index] ?? []));
}

/** Splits into at most so many fields; the last one takes the rest, blanks at its ends apart. */
function splitChars(chars: readonly Char[], ifs: string, most: number): (readonly Char[])[] {
  const isBlank = (char: Char | undefined): boolean =>
    char !== undefined && !char.quoted && /[ \t\n]/.test(char.text) && ifs.includes(char.text);
  const isSeparator = (char: Char | undefined): boolean =>
    char !== undefined && !char.quoted && ifs.includes(char.text);
  const fields: (readonly Char[])[] = [];
  let at = 0;
  while (isBlank(chars[at])) at++;
  while (at < chars.length) {
    let end = at;
    while (end < chars.length && !isSeparator(chars[end])) end++;
    let next = end;
    while (isBlank(chars[next])) next++;
    if (isSeparator(chars[next]) && !isBlank(chars[next])) next++;
    while (isBlank(chars[next])) next++;
    if (fields.length === most - 1 && next < chars.length) {
      return [...fields, withoutTrailing(chars.slice(at), isBlank)];
    }
    fields.push(chars.slice(at, end));
    at = next;
  }
  return fields;
}

function withoutTrailing(
  chars: readonly Char[],
  isBlank: (char: Char) => boolean,
): readonly Char[] {
  let end = chars.length;
  while (end > 0 && isBlank(chars[end - 1] ?? { text: "", quoted: true })) end--;
  return chars.slice(0, end);
}
