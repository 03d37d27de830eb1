/** Characters turned into a string per step: more arguments than this overflow the stack. */
const STEP = 8_192;

/** just-bash's byte strings: each character is one byte. */
export function toByteString(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.byteLength; at += STEP) {
    text += String.fromCharCode(...bytes.subarray(at, at + STEP));
  }
  return text;
}

export function fromByteString(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** Content as just-bash gives it, as bytes: what it does not mark as binary is text in UTF-8. */
export function toBytes(content: string | Uint8Array, encoding?: string | null): Uint8Array {
  if (typeof content !== "string") return content;
  if (encoding === "binary" || encoding === "latin1") return fromByteString(content);
  return new TextEncoder().encode(content);
}
