/*
 * Text of files in UTF-8, with bytes that are none kept as lone surrogates (Python's
 * "surrogateescape"): what a filter does not touch comes out as it went in.
 */

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const ESCAPE = 0xdc00;
const escaped = /[\udc80-\udcff]/;

export function decodeText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes.slice());
  } catch {
    return decodePieces(bytes);
  }
}

function decodePieces(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.byteLength;) {
    const length = sequenceLength(bytes, at);
    text +=
      length === 0
        ? String.fromCharCode(ESCAPE + (bytes[at] ?? 0))
        : strict.decode(bytes.slice(at, at + length));
    at += Math.max(1, length);
  }
  return text;
}

/** Bytes of the character that starts here; 0 when none does (RFC 3629, section 4). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length === 0 || at + length > bytes.byteLength) return 0;
  try {
    strict.decode(bytes.slice(at, at + length));
    return length;
  } catch {
    return 0;
  }
}

export function encodeText(text: string): Uint8Array {
  if (!escaped.test(text)) return encoder.encode(text);
  const parts: number[] = [];
  for (const char of text) {
    const code = char.charCodeAt(0);
    if (char.length === 1 && code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff)
      parts.push(code - ESCAPE);
    else parts.push(...encoder.encode(char));
  }
  return Uint8Array.from(parts);
}
