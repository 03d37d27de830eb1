export type Token =
  | { readonly kind: "number"; readonly value: bigint; readonly at: number }
  | {
      readonly kind: "name";
      readonly name: string;
      readonly index: string | null;
      readonly at: number;
    }
  | { readonly kind: "operator"; readonly text: string; readonly at: number }
  | { readonly kind: "end"; readonly at: number };

/** An expression that is none; worded as bash words it. */
export class ArithmeticError extends Error {
  constructor(expression: string, reason: string, token?: string) {
    const shown = token === undefined ? "" : ` (error token is "${token}")`;
    super(`${expression.trimStart()}: ${reason}${shown}`);
  }
}

/** Longest first, so that `<<=` is not read as `<` (bash manual, "Shell Arithmetic"). */
const operators =
  "<<= >>= ** ++ -- << >> <= >= == != && || += -= *= /= %= &= ^= |= + - * / % < > ! ~ & | ^ ? : = , ( )".split(
    " ",
  );

const BASE_MAX = 64;

export function tokenize(expression: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(expression.charAt(at))) at++;
    if (at >= expression.length) break;
    const rest = expression.slice(at);
    const number = /^\d[\w@#]*/.exec(rest)?.[0];
    const name = /^[A-Za-z_]\w*/.exec(rest)?.[0];
    if (number !== undefined) {
      tokens.push({ kind: "number", value: parseNumber(expression, number), at });
      at += number.length;
    } else if (name !== undefined) {
      const end =
        expression.charAt(at + name.length) === "[" ? closing(expression, at + name.length) : -1;
      const index = end === -1 ? null : expression.slice(at + name.length + 1, end);
      tokens.push({ kind: "name", name, index, at });
      at = end === -1 ? at + name.length : end + 1;
    } else {
      const text = operators.find((operator) => rest.startsWith(operator));
      if (text === undefined) {
        throw new ArithmeticError(expression, "syntax error: invalid arithmetic operator", rest);
      }
      tokens.push({ kind: "operator", text, at });
      at += text.length;
    }
  }
  return [...tokens, { kind: "end", at }];
}

/** Offset of the bracket that closes the one at `open`. */
function closing(expression: string, open: number): number {
  let depth = 0;
  for (let at = open; at < expression.length; at++) {
    const char = expression.charAt(at);
    if (char === "[") depth++;
    else if (char === "]" && --depth === 0) return at;
  }
  throw new ArithmeticError(expression, "bad array subscript");
}

/** `12`, `012`, `0x1f`, `2#101`, `64#@_`. */
function parseNumber(expression: string, text: string): bigint {
  const based = /^(\d+)#(.*)$/.exec(text);
  if (based !== null) return inBase(expression, text, Number(based[1]), based[2] ?? "");
  if (/^0[xX]/.test(text)) return inBase(expression, text, 16, text.slice(2));
  if (/^0./.test(text)) return inBase(expression, text, 8, text.slice(1));
  return inBase(expression, text, 10, text);
}

function inBase(expression: string, text: string, base: number, digits: string): bigint {
  if (base < 2 || base > BASE_MAX)
    throw new ArithmeticError(expression, "invalid arithmetic base", text);
  let value = 0n;
  for (const digit of digits) {
    const worth = digitValue(digit, base);
    if (worth >= base) throw new ArithmeticError(expression, "value too great for base", text);
    value = value * BigInt(base) + BigInt(worth);
  }
  return BigInt.asIntN(64, value);
}

/** Digits are 0-9, a-z, A-Z, @, _; up to base 36 letters mean the same in either case. */
function digitValue(digit: string, base: number): number {
  if (/\d/.test(digit)) return Number(digit);
  if (/[a-z]/.test(digit)) return digit.charCodeAt(0) - 87;
  if (/[A-Z]/.test(digit)) return digit.charCodeAt(0) - (base <= 36 ? 55 : 29);
  return digit === "@" ? 62 : 63;
}
