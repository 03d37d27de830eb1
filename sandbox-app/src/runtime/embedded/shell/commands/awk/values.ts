/** Text that came from outside, and counts as a number where it looks like one. */
export class Input {
  readonly text: string;
  #number: number | null | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** Null when it does not look like a number. */
  get number(): number | null {
    this.#number ??= looksNumeric.test(this.text) ? Number(this.text) : null;
    return this.#number;
  }
}

const looksNumeric = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/;
const leadingNumber = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/;

export type Value = number | string | Input | typeof nothing;
export type AwkArray = Map<string, Value>;

/** A variable without a value: an empty string, and 0. */
export const nothing = Symbol("nothing");

export function numberOf(value: Value): number {
  if (typeof value === "number") return value;
  if (value === nothing) return 0;
  const text = value instanceof Input ? value.text : value;
  return Number(leadingNumber.exec(text)?.[0] ?? 0);
}

/** @param format of numbers that are no integers: CONVFMT or OFMT */
export function textOf(value: Value, format = "%.6g"): string {
  if (typeof value === "string") return value;
  if (value === nothing) return "";
  if (value instanceof Input) return value.text;
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return String(value === 0 ? 0 : value);
  return formatted(format, [value]);
}

export function isTrue(value: Value): boolean {
  if (typeof value === "number") return value !== 0;
  if (typeof value === "string") return value !== "";
  if (value === nothing) return false;
  return value.number === null ? value.text !== "" : value.number !== 0;
}

/** As numbers when both are or look like ones, else as text (POSIX.1-2017, awk, "Expressions"). */
export function compare(left: Value, right: Value): number {
  const [a, b] = [comparable(left), comparable(right)];
  if (a !== null && b !== null) return a - b;
  const [one, other] = [textOf(left), textOf(right)];
  return one < other ? -1 : one > other ? 1 : 0;
}

function comparable(value: Value): number | null {
  if (typeof value === "number") return value;
  if (value === nothing) return 0;
  return value instanceof Input ? value.number : null;
}

const directive = /%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?([a-zA-Z%])|%/g;

/** `printf` of awk. */
export function formatted(format: string, values: readonly Value[]): string {
  const rest = [...values];
  const next = (): Value => rest.shift() ?? nothing;
  return format.replaceAll(
    directive,
    (
      whole,
      flags: string | undefined,
      width: string | undefined,
      precision: string | undefined,
      letter: string | undefined,
    ) => {
      if (letter === "%") return "%";
      if (letter === undefined || flags === undefined) return whole;
      const size = width === "*" ? numberOf(next()) : Number(width ?? 0);
      const hasPrecision = whole.includes(".");
      const digits = precision === "*" ? numberOf(next()) : Number(precision ?? 0);
      const text = converted(letter, flags, hasPrecision ? digits : null, next());
      return text === null
        ? whole
        : padded(
            text,
            flags,
            size,
            /[diouxXeEfFgG]/.test(letter) && !(hasPrecision && /[dioux]/i.test(letter)),
          );
    },
  );
}

function padded(text: string, flags: string, size: number, isNumber: boolean): string {
  const width = Math.abs(size);
  if (flags.includes("-") || size < 0) return text.padEnd(width);
  if (!flags.includes("0") || !isNumber) return text.padStart(width);
  const sign = /^[-+ ]/.exec(text)?.[0] ?? "";
  return sign + text.slice(sign.length).padStart(width - sign.length, "0");
}

function converted(
  letter: string,
  flags: string,
  digits: number | null,
  value: Value,
): string | null {
  switch (letter) {
    case "c":
      if (typeof value === "number") return String.fromCodePoint(Math.max(0, Math.trunc(value)));
      return Array.from(textOf(value))[0] ?? "";
    case "s":
      return digits === null ? textOf(value) : Array.from(textOf(value)).slice(0, digits).join("");
    case "d":
    case "i":
      return signed(integer(Math.trunc(numberOf(value)), 10, digits), flags);
    case "o":
      return integer(Math.trunc(numberOf(value)), 8, digits);
    case "x":
      return (flags.includes("#") ? "0x" : "") + integer(Math.trunc(numberOf(value)), 16, digits);
    case "X":
      return integer(Math.trunc(numberOf(value)), 16, digits).toUpperCase();
    case "u":
      return integer(Math.abs(Math.trunc(numberOf(value))), 10, digits);
    case "e":
    case "E":
    case "f":
    case "F":
    case "g":
    case "G": {
      const text = floating(
        letter.toLowerCase(),
        digits ?? 6,
        numberOf(value),
        flags.includes("#"),
      );
      return signed(/[EG]/.test(letter) ? text.toUpperCase() : text, flags);
    }
    default:
      return null;
  }
}

function integer(value: number, radix: number, digits: number | null): string {
  if (!Number.isFinite(value))
    return String(value).replace("Infinity", "inf").replace("NaN", "nan");
  const text = BigInt(Math.abs(value))
    .toString(radix)
    .padStart(digits ?? 0, "0");
  return value < 0 ? `-${text}` : text;
}

function signed(text: string, flags: string): string {
  if (text.startsWith("-")) return text;
  if (flags.includes("+")) return `+${text}`;
  return flags.includes(" ") ? ` ${text}` : text;
}

function floating(letter: string, digits: number, value: number, keepsZeros: boolean): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
  const exponent = (text: string): string => text.replace(/e([-+])(\d)$/, "e$10$2");
  if (letter === "f") return value.toFixed(Math.min(digits, 100));
  if (letter === "e") return exponent(value.toExponential(Math.min(digits, 100)));
  const precision = Math.max(1, digits);
  const power = value === 0 ? 0 : Number(value.toExponential(precision - 1).split("e")[1]);
  const isShort = power >= -4 && power < precision;
  const text = isShort
    ? value.toFixed(Math.min(100, precision - 1 - power))
    : exponent(value.toExponential(precision - 1));
  if (keepsZeros || !text.includes(".")) return text;
  return text.replace(/\.?0+(?=e|$)/, "");
}
