import { encode } from "../objects/bytes.ts";

const named: Readonly<Record<number, string>> = {
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
  34: '\\"',
  92: "\\\\",
};

/** A path as git shows it: in quotes with escapes when it holds odd bytes (`core.quotePath`). */
export function quotePath(path: string, beyondAscii: boolean, prefix = ""): string {
  let isOdd = false;
  let text = "";
  for (const byte of encode(path)) {
    const isHigh = byte >= 0x80;
    const isEscaped = byte < 0x20 || byte === 0x7f || byte in named || (isHigh && beyondAscii);
    if (isEscaped) isOdd = true;
    text += isEscaped
      ? (named[byte] ?? `\\${byte.toString(8).padStart(3, "0")}`)
      : String.fromCharCode(byte);
  }
  if (!isOdd) return `${prefix}${path}`;
  // With high bytes left as they are, the text is put together again from the characters.
  if (!beyondAscii) text = Array.from(path, (char) => escapeChar(char)).join("");
  return `"${prefix}${text}"`;
}

function escapeChar(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code in named) return named[code] ?? char;
  return code < 0x20 || code === 0x7f ? `\\${code.toString(8).padStart(3, "0")}` : char;
}
