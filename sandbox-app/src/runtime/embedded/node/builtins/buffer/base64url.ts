export function isBase64Url(encoding: unknown): boolean {
  return typeof encoding === "string" && encoding.toLowerCase() === "base64url";
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const values = new Map<string, number>([
  ...Array.from(alphabet, (character, index) => [character, index] as const),
  ["-", 62],
  ["_", 63],
]);

/** Both alphabets of base64 (RFC 4648, sections 4 and 5), ending at the first `=`, as lenient as Node. */
export function base64UrlBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4) + 3);
  let length = 0;
  let bits = 0;
  let held = 0;
  for (const character of text) {
    if (character === "=") break;
    const value = values.get(character);
    if (value === undefined) continue;
    held = ((held << 6) | value) & 0xff_ff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[length++] = (held >> bits) & 0xff;
    }
  }
  return bytes.slice(0, length);
}
