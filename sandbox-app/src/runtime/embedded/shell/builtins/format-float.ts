interface FloatSpec {
  readonly flags: string;
  readonly precision: number | null;
  readonly letter: string;
}

const DEFAULT_PRECISION = 6;
/** More digits than JavaScript prints are zeros that C would print exactly; nobody asks for them. */
const PRECISION_MAX = 100;

/** `%e`, `%f`, `%g` of C (ISO C11, 7.21.6.1). */
export function formatFloat(value: number, { flags, precision, letter }: FloatSpec): string {
  const sign =
    value < 0 || Object.is(value, -0)
      ? "-"
      : flags.includes("+")
        ? "+"
        : flags.includes(" ")
          ? " "
          : "";
  const isUpper = letter === letter.toUpperCase();
  const size = Math.abs(value);
  let text: string;
  if (Number.isNaN(value)) text = "nan";
  else if (size === Infinity) text = "inf";
  else
    text = digits(
      size,
      letter.toLowerCase(),
      Math.min(precision ?? DEFAULT_PRECISION, PRECISION_MAX),
      flags.includes("#"),
    );
  return sign + (isUpper ? text.toUpperCase() : text);
}

function digits(size: number, letter: string, precision: number, keepsZeros: boolean): string {
  if (letter === "f") return fixed(size, precision);
  if (letter === "e") return exponential(size, precision);
  const significant = precision === 0 ? 1 : precision;
  const exponent = size === 0 ? 0 : Number(size.toExponential(significant - 1).split("e")[1]);
  const text =
    exponent < -4 || exponent >= significant
      ? exponential(size, significant - 1)
      : fixed(size, significant - 1 - exponent);
  if (keepsZeros) return text;
  return text.replace(/(\.\d*?)0+(?=e|$)/, "$1").replace(/\.(?=e|$)/, "");
}

/** `toFixed` goes over to exponents from 1e21 on. */
function fixed(size: number, precision: number): string {
  if (size < 1e21) return size.toFixed(precision);
  return BigInt(size).toString() + (precision > 0 ? `.${"0".repeat(precision)}` : "");
}

function exponential(size: number, precision: number): string {
  const [mantissa = "", exponent = "+0"] = size.toExponential(precision).split("e");
  return `${mantissa}e${exponent.charAt(0)}${exponent.slice(1).padStart(2, "0")}`;
}
