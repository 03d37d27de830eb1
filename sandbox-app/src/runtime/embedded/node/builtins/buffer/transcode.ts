import { Buffer } from "buffer/index.js";
import { invalidArgType, nodeError } from "../errors/node-error.ts";

const known = new Set([
  "utf8",
  "utf-8",
  "ucs2",
  "ucs-2",
  "utf16le",
  "utf-16le",
  "latin1",
  "binary",
  "ascii",
]);

/** `buffer.transcode`: between UTF-8, UTF-16LE, Latin-1 and ASCII; `?` where a character is missing. */
export function transcode(source: Uint8Array, from: string, to: string): Buffer {
  if (!(source instanceof Uint8Array)) {
    throw invalidArgType("source", "an instance of Buffer or Uint8Array", source);
  }
  const target = to.toLowerCase();
  if (!known.has(from.toLowerCase()) || !known.has(target)) {
    throw nodeError(
      "U_ILLEGAL_ARGUMENT_ERROR",
      "Unable to transcode Buffer [U_ILLEGAL_ARGUMENT_ERROR]",
    );
  }
  const text = Buffer.from(source).toString(from);
  const limit =
    target === "ascii" ? 0x7f : target === "latin1" || target === "binary" ? 0xff : null;
  if (limit === null) return Buffer.from(text, to);
  const fitting = Array.from(text, (each) => ((each.codePointAt(0) ?? 0) > limit ? "?" : each));
  return Buffer.from(fitting.join(""), "latin1");
}
