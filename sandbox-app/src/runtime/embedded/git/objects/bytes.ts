/** Bytes of a memory of their own, which may be decoded, hashed and compressed. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export function encode(text: string): Bytes {
  return encoder.encode(text);
}

/** What is no UTF-8 becomes U+FFFD; a byte order mark stays. */
export function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

export function concat(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Bytes that git looks at to tell text from binary (buffer_is_binary). */
const BINARY_LOOK_BYTES = 8000;

/** Git's rule: a NUL near the start. */
export function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, BINARY_LOOK_BYTES).includes(0);
}

/** Order of the UTF-8 bytes, which is the order of code points and not that of UTF-16. */
export function comparePaths(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) {
    const [a, b] = [one.charCodeAt(at), other.charCodeAt(at)];
    if (a === b) continue;
    const [isPairA, isPairB] = [isSurrogate(a), isSurrogate(b)];
    return isPairA === isPairB ? a - b : isPairA ? 1 : -1;
  }
  return one.length - other.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
