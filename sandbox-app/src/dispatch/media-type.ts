/** First bytes that tell a format, as text of one character a byte, and its type (IANA media types). */
const signatures: readonly (readonly [begin: string, type: string])[] = [
  ["\x89PNG\r\n\x1A\n", "image/png"],
  ["\xFF\xD8\xFF", "image/jpeg"],
  ["GIF87a", "image/gif"],
  ["GIF89a", "image/gif"],
  ["%PDF-", "application/pdf"],
  ["PK\x03\x04", "application/zip"],
  ["\x1F\x8B", "application/gzip"],
  ["\0asm", "application/wasm"],
  ["wOFF", "font/woff"],
  ["wOF2", "font/woff2"],
  ["OggS", "audio/ogg"],
  ["SQLite format 3\0", "application/vnd.sqlite3"],
];

const LOOK_BYTES = 16;

/** Those that models are shown as images. */
const shown: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** What a binary file is, by its first bytes alone: its name may lie. */
export function binaryType(bytes: Uint8Array): string {
  const begin = String.fromCharCode(...bytes.subarray(0, LOOK_BYTES));
  if (begin.startsWith("RIFF") && begin.slice(8, 12) === "WEBP") return "image/webp";
  if (begin.slice(4, 8) === "ftyp") return "video/mp4";
  const known = signatures.find(([signature]) => begin.startsWith(signature));
  return known?.[1] ?? "application/octet-stream";
}

/** What a text is, by its file's name. An SVG image is told as one, and read as text. */
export function textType(path: string): string {
  return /\.svg$/i.test(path) ? "image/svg+xml" : "text/plain";
}

export function isShownImage(type: string): boolean {
  return shown.has(type);
}
