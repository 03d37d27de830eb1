import { execFile } from "node:child_process";
import { mkdtemp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { gunzip, gzip } from "#sandbox/runtime/embedded/npm/archive/gzip.ts";
import { readTar } from "#sandbox/runtime/embedded/npm/archive/tar-read.ts";
import { writeTar } from "#sandbox/runtime/embedded/npm/archive/tar-write.ts";
import { checkIntegrity, integrityOf } from "#sandbox/runtime/embedded/npm/registry/integrity.ts";

const run = promisify(execFile);
const bytes = (text: string) => new TextEncoder().encode(text);
const long = `${"directory/".repeat(14)}file-with-ü.js`;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "disco-tar-"));
});
afterEach(() => rm(directory, { recursive: true }));

describe("a tarball", () => {
  it.each(["ustar", "gnu", "pax"])("of tar --format=%s is read", async (format) => {
    const file = path.join(directory, "package", long);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, "content", { mode: 0o755 });
    await run("tar", [`--format=${format}`, "-czf", "a.tgz", "package"], { cwd: directory });
    const archive = await gunzip(new Uint8Array(await readFile(path.join(directory, "a.tgz"))));
    const [found] = readTar(archive);
    expect(found).toMatchObject({ path: long, mode: 0o755, content: bytes("content") });
  });

  it("of ours is read by tar", async () => {
    const files = [
      { path: "short.txt", mode: 0o644, content: bytes("one") },
      { path: long, mode: 0o755, content: bytes("x".repeat(600)) },
    ];
    await writeFile(path.join(directory, "a.tgz"), await gzip(writeTar(files)));
    await run("tar", ["-xzf", "a.tgz"], { cwd: directory });
    expect(await readFile(path.join(directory, "package", long), "utf8")).toBe("x".repeat(600));
    expect(readTar(writeTar(files))).toEqual(files);
  });

  it.each(["../../evil", "a/../../evil", "a/.."])("with the path %s is refused", (name) => {
    expect(() => readTar(writeTar([{ path: name, mode: 0o644, content: bytes("") }]))).toThrow(
      /path/,
    );
  });

  it.each(["-1000", "-777", "9", "0x10"])("with the size %s is refused, and ends", (size) => {
    const archive = writeTar([{ path: "a", mode: 0o644, content: bytes("x") }]);
    const header = archive.subarray(0, 512);
    header.fill(0, 124, 136);
    header.set(bytes(size), 124);
    header.fill(0x20, 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.set(bytes(`${sum.toString(8).padStart(6, "0")}\0`), 148);
    expect(() => readTar(archive)).toThrow(/damaged/);
  });

  it("that is damaged or cut off is refused", () => {
    const archive = writeTar([{ path: "a", mode: 0o644, content: bytes("x".repeat(600)) }]);
    const damaged = archive.slice();
    damaged[3] = 0x21;
    expect(() => readTar(damaged)).toThrow(/damaged/);
    expect(() => readTar(archive.slice(0, 1_024))).toThrow(/cut off/);
  });
});

describe("integrity", () => {
  it("takes what fits the strongest hash, and nothing else", async () => {
    const content = bytes("content");
    const good = await integrityOf(content);
    await checkIntegrity(content, good, "x");
    await checkIntegrity(content, `sha1-AAAA ${good}`, "x");
    await expect(checkIntegrity(bytes("other"), good, "x")).rejects.toMatchObject({
      code: "EINTEGRITY",
    });
    await expect(checkIntegrity(content, "md5-AAAA", "x")).rejects.toMatchObject({
      code: "EINTEGRITY",
    });
  });
});
