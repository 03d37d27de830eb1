import { encodeText } from "../text/encoding.ts";

/** What `l` shows: escapes for all that is not printed. */
export function visible(text: string): string {
  const names: Readonly<Record<string, string>> = {
    "\n": "\\n",
    "\t": "\\t",
    "\\": "\\\\",
    "\r": "\\r",
  };
  return Array.from(encodeText(text), (byte) => {
    const char = String.fromCharCode(byte);
    if (names[char] !== undefined) return names[char];
    return byte < 32 || byte > 126 ? `\\${byte.toString(8).padStart(3, "0")}` : char;
  }).join("");
}
