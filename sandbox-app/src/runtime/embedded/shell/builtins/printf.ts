import { evaluateIndex } from "../expand/arithmetic-text.ts";
import { decodeEscapes, STOP, toOutput } from "../expand/escapes.ts";
import { backslashed, singleQuoted } from "../expand/quote.ts";
import { writeElement } from "../state/element.ts";
import type { Builtin, BuiltinCall } from "./builtin.ts";
import { formatFloat } from "./format-float.ts";
import { formatTime } from "./format-time.ts";
import { fail } from "./builtin.ts";
import { writeOut } from "./echo.ts";
import { MISUSE } from "../run/outcome.ts";

export const printf: Builtin = async (call) => {
  const { shell } = call;
  const args = [...call.args];
  let target: string | null = null;
  if (args[0] === "-v") {
    target = args[1] ?? "";
    args.splice(0, 2);
  }
  if (args[0] === "--") args.shift();
  const format = args.shift();
  if (format === undefined) {
    await shell.complain("printf: usage: printf [-v var] format [arguments]\n");
    return MISUSE;
  }
  const run = new Formatting(args);
  const text = run.all(format);
  for (const error of run.errors) await fail(call, error);
  if (target === null) {
    const status = await writeOut(call, toOutput(text));
    return run.errors.length > 0 ? 1 : status;
  }
  return assignResult(call, target, text);
};

async function assignResult(call: BuiltinCall, target: string, text: string): Promise<number> {
  const match = /^([A-Za-z_]\w*)(?:\[(.+)\])?$/s.exec(target);
  if (match === null) return fail(call, `\`${target}': not a valid identifier`, MISUSE);
  writeElement(call.shell, match[1] ?? "", match[2] ?? null, text, evaluateIndex(call.shell));
  return 0;
}

const directive =
  /%([-+ #0']*)(\*|\d+)?(?:\.(\*|-?\d+)?)?([hlLjzt]*)(?:\(([^)]*)\)(T)|([A-Za-z%]))|%/y;

interface Spec {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | null;
  readonly letter: string;
  readonly timeFormat: string;
}

/** One run of printf: the format is used again while arguments are left. */
class Formatting {
  readonly errors: string[] = [];
  readonly #args: string[];
  #isStopped = false;
  #used = 0;

  constructor(args: string[]) {
    this.#args = args;
  }

  all(format: string): string {
    let text = "";
    do {
      this.#used = 0;
      text += this.#once(format);
    } while (this.#args.length > 0 && this.#used > 0 && !this.#isStopped);
    return text;
  }

  #once(format: string): string {
    let text = "";
    let at = 0;
    while (at < format.length && !this.#isStopped) {
      const next = format.indexOf("%", at);
      const end = next === -1 ? format.length : next;
      text += this.#escaped(format.slice(at, end), "format");
      if (next === -1 || this.#isStopped) break;
      directive.lastIndex = next;
      const match = directive.exec(format);
      const letter = match?.[7] ?? match?.[6];
      if (match === null || letter === undefined) {
        this.errors.push(`\`${format.charAt(next + 1)}': invalid format character`);
        this.#isStopped = true;
        break;
      }
      at = next + match[0].length;
      if (letter === "%") text += "%";
      else text += this.#directive(match, letter);
    }
    return text;
  }

  #directive(match: RegExpExecArray, letter: string): string {
    const [, rawFlags = "", rawWidth, rawPrecision, , timeFormat = ""] = match;
    const starWidth =
      rawWidth === "*" ? Number(this.#integer(this.#next("0"))) : Number(rawWidth ?? 0);
    const hasPrecision =
      match[0].includes(".") && !(timeFormat.includes(".") && rawPrecision === undefined);
    const precision =
      rawPrecision === "*" ? Number(this.#integer(this.#next("0"))) : Number(rawPrecision ?? 0);
    const flags = starWidth < 0 ? `${rawFlags}-` : rawFlags;
    const spec = {
      flags,
      width: Math.abs(starWidth),
      precision: hasPrecision && precision >= 0 ? precision : null,
      letter,
      timeFormat,
    };
    return this.#value(spec);
  }

  #value(spec: Spec): string {
    switch (spec.letter) {
      case "s":
        return pad(cut(this.#next(""), spec), spec);
      case "b":
        return pad(cut(this.#escaped(this.#next(""), "percent-b"), spec), spec);
      case "q":
        return pad(backslashed(this.#next("")), spec);
      case "Q":
        return pad(singleQuoted(cut(this.#next(""), spec)), spec);
      case "c":
        return pad(Array.from(this.#next(""))[0] ?? "", spec);
      case "T":
        return pad(formatTime(spec.timeFormat, this.#time(this.#next("-1"))), spec);
      case "d":
      case "i":
      case "u":
      case "o":
      case "x":
      case "X":
        return formatInteger(this.#integer(this.#next("0")), spec);
      case "e":
      case "E":
      case "f":
      case "F":
      case "g":
      case "G":
      case "a":
        return zeroPadded(formatFloat(this.#float(this.#next("0")), spec), spec);
      default:
        this.errors.push(`\`${spec.letter}': invalid format character`);
        this.#isStopped = true;
        return "";
    }
  }

  #escaped(text: string, style: "format" | "percent-b"): string {
    const decoded = decodeEscapes(text, style);
    const stop = decoded.indexOf(STOP);
    if (stop === -1) return decoded;
    this.#isStopped = true;
    return decoded.slice(0, stop);
  }

  #next(missing: string): string {
    this.#used++;
    return this.#args.shift() ?? missing;
  }

  #time(text: string): Date {
    const seconds = Number(this.#integer(text));
    return seconds < 0 ? new Date() : new Date(seconds * 1000);
  }

  #integer(text: string): bigint {
    if (/^["']/.test(text)) return BigInt(text.codePointAt(1) ?? 0);
    const match = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)(.*)$/s.exec(text);
    if (match === null) {
      if (text !== "") this.errors.push(`${text}: invalid number`);
      return 0n;
    }
    const [, sign, digits = "0", rest] = match;
    if (rest !== "")
      this.errors.push(
        `${text}: invalid ${/^[89]/.test(rest ?? "") && digits.startsWith("0") ? "octal " : ""}number`,
      );
    const value = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
    return sign === "-" ? -value : value;
  }

  #float(text: string): number {
    if (/^["']/.test(text)) return text.codePointAt(1) ?? 0;
    if (/^\s*[+-]?(inf(inity)?)$/i.test(text))
      return text.trim().startsWith("-") ? -Infinity : Infinity;
    if (/^\s*[+-]?nan$/i.test(text)) return NaN;
    if (/^\s*[+-]?0x/i.test(text)) return Number(text);
    const match = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?/i.exec(text);
    if (match === null || match[0].length < text.length)
      this.errors.push(`${text}: invalid number`);
    return match === null ? 0 : Number(match[0]);
  }
}

function cut(text: string, { precision }: Spec): string {
  return precision === null ? text : Array.from(text).slice(0, precision).join("");
}

function pad(text: string, { flags, width }: Spec): string {
  // bash counts bytes here, as C's printf does.
  const missing = width - new TextEncoder().encode(text).byteLength;
  if (missing <= 0) return text;
  return flags.includes("-") ? text + " ".repeat(missing) : " ".repeat(missing) + text;
}

function zeroPadded(text: string, spec: Spec): string {
  const missing = spec.width - text.length;
  if (missing <= 0 || !spec.flags.includes("0") || spec.flags.includes("-") || !/\d/.test(text))
    return pad(text, spec);
  const [sign = ""] = /^[+\- ]?(?:0[xX])?/.exec(text) ?? [""];
  return sign + "0".repeat(missing) + text.slice(sign.length);
}

const radixes: Readonly<Record<string, number>> = { o: 8, x: 16, X: 16 };

function formatInteger(value: bigint, spec: Spec): string {
  const isSigned = spec.letter === "d" || spec.letter === "i";
  const worth = isSigned ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
  const digits = integerDigits(worth < 0n ? -worth : worth, spec);
  const sign = (isSigned ? signOf(worth, spec) : "") + radixMark(worth, spec);
  return spec.precision === null ? zeroPadded(sign + digits, spec) : pad(sign + digits, spec);
}

function integerDigits(size: bigint, { letter, precision, flags }: Spec): string {
  const plain = size.toString(radixes[letter] ?? 10);
  const cased = letter === "X" ? plain.toUpperCase() : plain;
  if (precision === 0 && size === 0n) return "";
  const digits = cased.padStart(precision ?? 0, "0");
  const needsZero = flags.includes("#") && letter === "o" && !digits.startsWith("0");
  return needsZero ? `0${digits}` : digits;
}

function signOf(value: bigint, { flags }: Spec): string {
  if (value < 0n) return "-";
  if (flags.includes("+")) return "+";
  return flags.includes(" ") ? " " : "";
}

function radixMark(value: bigint, { flags, letter }: Spec): string {
  const isHexadecimal = letter === "x" || letter === "X";
  return flags.includes("#") && isHexadecimal && value !== 0n ? `0${letter}` : "";
}
