import { randomBytes } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import {
  FILE_MAX_BYTES,
  IMAGES_MAX_BYTES,
  LINE_MAX_CHARS,
  READ_MAX_CHARS,
} from "#protocol/limits.ts";
import { codeOf, FileCalls, hashOf } from "#test/support/file-calls.ts";

const calls = new FileCalls();

describe("read_file", () => {
  it("returns lines with their ends, range, size and hash", async () => {
    await fs.writeFile(calls.inside("a.txt"), "one\r\ntwo\nthree");
    expect(await calls.read({ path: "a.txt", limit: 2 })).toEqual({
      path: "a.txt",
      text: "one\r\ntwo\n",
      encoding: "utf8",
      media_type: "text/plain",
      image: null,
      start: 1,
      end: 2,
      total_lines: 3,
      next_offset: 3,
      cut_lines: 0,
      bytes: 14,
      hash: hashOf("one\r\ntwo\nthree"),
    });
  });

  it("takes an absolute path below the root", async () => {
    await fs.writeFile(calls.inside("a.txt"), "x\n");
    expect((await calls.read({ path: calls.inside("./a.txt") })).path).toBe("a.txt");
  });

  it("keeps a byte order mark, and returns nothing of an empty file", async () => {
    await fs.writeFile(calls.inside("bom"), "\u{FEFF}x");
    await fs.writeFile(calls.inside("empty"), "");
    expect((await calls.read({ path: "bom" })).text).toBe("\u{FEFF}x");
    expect(await calls.read({ path: "empty" })).toMatchObject({
      text: "",
      start: 0,
      total_lines: 0,
    });
  });

  it("cuts a long line and counts it", async () => {
    await fs.writeFile(calls.inside("min.js"), `${"x".repeat(LINE_MAX_CHARS + 7)}\nend\n`);
    const { text, cut_lines } = await calls.read({ path: "min.js" });
    expect(text).toBe(`${"x".repeat(LINE_MAX_CHARS)}… [7 more characters]\nend\n`);
    expect(cut_lines).toBe(1);
  });

  it("tells of a binary file what it is, and returns its bytes only when asked", async () => {
    const bytes = Buffer.concat([Buffer.from("\0asm"), randomBytes(100_000)]);
    await fs.writeFile(calls.inside("b.bin"), bytes);
    await fs.writeFile(calls.inside("nul.txt"), "a\0b");
    await fs.writeFile(calls.inside("t.txt"), "täxt");
    const told = { text: "", total_lines: 0, next_offset: null, image: null };
    expect(await calls.read({ path: "b.bin" })).toMatchObject({
      ...told,
      encoding: "none",
      media_type: "application/wasm",
      bytes: bytes.length,
      hash: hashOf(bytes),
    });
    const unknown = { ...told, encoding: "none", media_type: "application/octet-stream" };
    expect(await calls.read({ path: "nul.txt" })).toMatchObject(unknown);
    const binary = await calls.read({ path: "b.bin", encoding: "base64" });
    expect(binary).toMatchObject({ encoding: "base64", total_lines: 0 });
    expect(Buffer.from(binary.text ?? "", "base64").equals(bytes)).toBe(true);
    const asked = await calls.read({ path: "t.txt", encoding: "base64" });
    expect(Buffer.from(asked.text ?? "", "base64").toString()).toBe("täxt");
  });

  it.each([
    ["image/png", "\x89PNG\r\n\x1A\n\0\0\0\rIHDR"],
    ["image/jpeg", "\xFF\xD8\xFF\xE0\0\x10JFIF"],
    ["image/gif", "GIF89a\x01\0\x01\0"],
    ["image/webp", "RIFF\x24\0\0\0WEBPVP8 "],
  ])("gives an image whole, whatever its name says: %s", async (type, begin) => {
    const bytes = Buffer.from(begin, "latin1");
    await fs.writeFile(calls.inside("picture.txt"), bytes);
    const { image, media_type, encoding, text } = await calls.read({ path: "picture.txt" });
    expect([media_type, encoding, text]).toEqual([type, "none", ""]);
    expect(Buffer.from(image ?? "", "base64").equals(bytes)).toBe(true);
    expect((await calls.read({ path: "picture.txt", encoding: "base64" })).image).toBeNull();
  });

  it("gives no image above the limit, and SVG as text", async () => {
    const png = Buffer.from("\x89PNG\r\n\x1A\n\0", "latin1");
    await fs.writeFile(calls.inside("most.png"), Buffer.concat([png], IMAGES_MAX_BYTES));
    await fs.writeFile(calls.inside("more.png"), Buffer.concat([png], IMAGES_MAX_BYTES + 1));
    await fs.writeFile(calls.inside("a.svg"), "<svg/>");
    expect((await calls.read({ path: "most.png" })).image).not.toBeNull();
    expect(await calls.read({ path: "more.png" })).toMatchObject({ image: null, encoding: "none" });
    expect(await calls.read({ path: "a.svg" })).toMatchObject({
      encoding: "utf8",
      text: "<svg/>",
      media_type: "image/svg+xml",
    });
  });

  it("reads several files, each for itself", async () => {
    await fs.mkdir(calls.inside("dir"));
    await fs.writeFile(calls.inside("a.txt"), "1\n2\n3\n");
    await fs.writeFile(calls.inside("b.txt"), "one");
    const paths = ["a.txt", "none", "dir", "../x", "b.txt"];
    const { files = [], path: single } = await calls.read({ paths, offset: -2 });
    expect(single).toBeUndefined();
    expect(files.map((file) => [file.path, file.text ?? file.error])).toEqual([
      ["a.txt", "2\n3\n"],
      ["none", "file_not_found: none does not exist."],
      ["dir", "is_directory: dir is a directory."],
      ["../x", "path_outside_workspace: ../x is not in the workspace."],
      ["b.txt", "one"],
    ]);
    expect(files[4]?.hash).toBe(hashOf("one"));
  });

  it("shares the room of one answer: what short files leave goes to those after them", async () => {
    const long = "0123456789\n".repeat(5_000);
    await fs.writeFile(calls.inside("short"), "s\n");
    await fs.writeFile(calls.inside("long"), long);
    const { files = [] } = await calls.read({ paths: ["short", "long", "long"], limit: 10_000 });
    const chars = files.map(({ text = "" }) => text.length);
    expect(chars[0]).toBe(2);
    expect(chars[1]).toBeGreaterThan(READ_MAX_CHARS / 3);
    expect(chars.reduce((sum, one) => sum + one)).toBeLessThanOrEqual(READ_MAX_CHARS);
    expect(files[1]?.next_offset).toBe((files[1]?.end ?? 0) + 1);
  });

  it("bounds the images, and the bytes as base64, of one answer", async () => {
    const png = Buffer.from("\x89PNG\r\n\x1A\n\0", "latin1");
    await fs.writeFile(calls.inside("half.png"), Buffer.concat([png], IMAGES_MAX_BYTES / 2 + 1));
    const images = await calls.read({ paths: ["half.png", "half.png"] });
    expect(images.files?.map(({ image }) => image !== null)).toEqual([true, false]);
    await fs.writeFile(calls.inside("half.bin"), new Uint8Array(FILE_MAX_BYTES / 2 + 1));
    const whole = await calls.read({ paths: ["half.bin", "half.bin"], encoding: "base64" });
    expect(whole.files?.map(({ error = "" }) => error.split(":")[0])).toEqual(["", "too_large"]);
  });

  it("ends as a whole when it is cancelled", async () => {
    await fs.writeFile(calls.inside("a"), "");
    calls.cancel();
    expect(await codeOf(calls.read({ paths: ["a", "a"] }))).toBe("cancelled");
  });

  it("refuses directories, missing files, files used as directories, and large ones", async () => {
    await fs.mkdir(calls.inside("dir"));
    await fs.writeFile(calls.inside("file"), "");
    await fs.writeFile(calls.inside("large"), new Uint8Array(FILE_MAX_BYTES + 1));
    expect(await codeOf(calls.read({ path: "dir" }))).toBe("is_directory");
    expect(await codeOf(calls.read({ path: "nowhere" }))).toBe("file_not_found");
    await expect(calls.read({ path: "no/./where" })).rejects.toThrow("no/where does not exist.");
    expect(await codeOf(calls.read({ path: "file/x" }))).toBe("not_a_directory");
    expect(await codeOf(calls.read({ path: "large" }))).toBe("too_large");
  });

  it("refuses every way out of the workspace", async () => {
    await fs.symlink("/etc", calls.inside("etc"));
    await fs.symlink("/nowhere-at-all", calls.inside("dangling"));
    await fs.mkdir(calls.inside("dir"));
    const sibling = `${calls.runtime.root}-evil`;
    await fs.mkdir(sibling);
    await fs.writeFile(path.join(sibling, "x"), "");
    try {
      const ways = ["../x", "dir/../../x", "/etc/passwd", `${sibling}/x`, "etc/passwd", "dangling"];
      for (const way of ways) {
        expect(await codeOf(calls.read({ path: way })), way).toBe("path_outside_workspace");
      }
    } finally {
      await fs.rm(sibling, { recursive: true });
    }
  });

  it("follows a link that stays inside, and refuses one that goes round", async () => {
    await fs.writeFile(calls.inside("real"), "here");
    await fs.symlink("real", calls.inside("link"));
    await fs.symlink("loop", calls.inside("loop"));
    expect((await calls.read({ path: "link" })).text).toBe("here");
    expect(await codeOf(calls.read({ path: "loop" }))).toBe("invalid_input");
  });
});
