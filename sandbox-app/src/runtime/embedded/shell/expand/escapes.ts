const simple: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

/** `echo -e` and `printf %b` want `\0nnn`, formats of printf and `$'…'` want `\nnn`. */
export type EscapeStyle = "echo" | "percent-b" | "format" | "ansi";

const octal: Readonly<Record<EscapeStyle, RegExp>> = {
  echo: /^\\0([0-7]{0,3})/,
  "percent-b": /^\\0?([0-7]{1,3})/,
  format: /^\\([0-7]{1,3})/,
  ansi: /^\\([0-7]{1,3})/,
};

/** Ends the output, as `\c` asks. */
export const STOP = "\uE000stop";

/**
 * Decodes backslash escapes. Bytes above 127 from `\x` and octal become characters of their own
 * value; `toOutput` turns them into bytes.
 */
export function decodeEscapes(text: string, style: EscapeStyle): string {
  let result = "";
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char !== "\\") {
      result += char;
      at++;
      continue;
    }
    const rest = text.slice(at);
    if (style !== "ansi" && rest.startsWith("\\c") && style !== "format") return result + STOP;
    const [length, decoded] = decodeOne(rest, style);
    result += decoded;
    at += length;
  }
  return result;
}

function decodeOne(rest: string, style: EscapeStyle): [number, string] {
  const bytes = octal[style].exec(rest);
  if (bytes !== null)
    return [bytes[0].length, byte(parseInt(bytes[1] === "" ? "0" : (bytes[1] ?? "0"), 8) & 255)];
  const hex = /^\\x([0-9A-Fa-f]{1,2})/.exec(rest);
  if (hex !== null) return [hex[0].length, byte(parseInt(hex[1] ?? "0", 16))];
  const unicode = /^\\(?:u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8}))/.exec(rest);
  if (unicode !== null) {
    const code = parseInt(unicode[1] ?? unicode[2] ?? "0", 16);
    return [unicode[0].length, String.fromCodePoint(Math.min(code, 0x10ffff))];
  }
  const char = rest.charAt(1);
  if ((style === "ansi" || style === "format") && /['"?]/.test(char)) return [2, char];
  const known = simple[char];
  return known === undefined ? [char === "" ? 1 : 2, `\\${char}`] : [2, known];
}

/** Bytes that are no text of their own stand in a private plane until they are written. */
const BYTE_BASE = 0xf0000;

function byte(value: number): string {
  return value < 128 ? String.fromCharCode(value) : String.fromCodePoint(BYTE_BASE + value);
}

/** Text as bytes, with the bytes that escapes asked for. */
export function toOutput(text: string): Uint8Array {
  if (!/[\u{f0080}-\u{f00ff}]/u.test(text)) return new TextEncoder().encode(text);
  const chunks = Array.from(text, (char) => {
    const code = char.codePointAt(0) ?? 0;
    const isByte = code >= BYTE_BASE + 128 && code <= BYTE_BASE + 255;
    return isByte ? [code - BYTE_BASE] : [...new TextEncoder().encode(char)];
  });
  return new Uint8Array(chunks.flat());
}
