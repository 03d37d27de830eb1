import { describe, expect, it } from "vitest";
import {
  entryBlocks,
  readArchive,
  TarError,
} from "#sandbox/runtime/embedded/shell/commands/archive/tar-format.ts";

const SIZE_AT = 124;
const SUM_AT = 148;
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** An archive of one empty file whose header says another size. */
function archiveOfSize(size: string): Uint8Array {
  const [header = new Uint8Array()] = entryBlocks({
    name: "a",
    type: "file",
    mode: 0o644,
    mtimeMs: 0,
    link: "",
    owner: "user",
    content: new Uint8Array(),
  });
  header.fill(0, SIZE_AT, SIZE_AT + 12);
  header.set(encode(size), SIZE_AT);
  header.fill(0x20, SUM_AT, SUM_AT + 8);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.set(encode(`${sum.toString(8).padStart(6, "0")}\0`), SUM_AT);
  return header;
}

describe("an archive whose header says a size that is none", () => {
  it.each(["-1000", "-777", "9"])("is refused with the size %s, and ends", (size) => {
    expect(() => Array.from(readArchive(archiveOfSize(size)))).toThrow(TarError);
  });
});
