import { execFile } from "node:child_process";
import { lstat, mkdtemp, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { type Zippable, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { exportZip } from "#sandbox/runtime/embedded/storage/zip/export-zip.ts";
import { importZip } from "#sandbox/runtime/embedded/storage/zip/import-zip.ts";
import { blankPlatters, MemoryDisk } from "./memory-disk.ts";
import { bytesOf, openWorld, WORKSPACE } from "./saved-world.ts";

const run = promisify(execFile);
const LINK = (0o120777 * 0x10000) >>> 0;

async function emptyFiles() {
  const { files } = await openWorld(new MemoryDisk(blankPlatters()));
  return files;
}

async function exported(
  files: Awaited<ReturnType<typeof emptyFiles>>,
  withModules = false,
): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  await exportZip(files, { withModules, withGit: false }, async (bytes) => {
    chunks.push(bytes);
  });
  return new Blob(chunks);
}

const zipOf = (entries: Zippable) => new Blob([zipSync(entries)]);

async function sample() {
  const files = await emptyFiles();
  for (const name of ["src/empty", "node_modules/m", ".git"]) files.mkdirp(`${WORKSPACE}/${name}`);
  files.write(`${WORKSPACE}/src/run.sh`, bytesOf("echo ü\n"), 0o750);
  files.write(`${WORKSPACE}/src/large`, new Uint8Array(700_000).fill(120));
  files.write(`${WORKSPACE}/none`, new Uint8Array());
  files.symlink("src/run.sh", `${WORKSPACE}/link`);
  files.write(`${WORKSPACE}/node_modules/m/i`, bytesOf("m"));
  files.utimes(`${WORKSPACE}/src/run.sh`, Date.UTC(2020, 1, 3, 4, 5, 7));
  return files;
}

describe("export", () => {
  it("is a zip that unzip on Unix unpacks, with modes, links and times", async () => {
    const directory = await mkdtemp(path.join(tmpdir(), "disco-zip-"));
    const at = (name: string) => path.join(directory, name);
    try {
      const zip = await exported(await sample());
      await writeFile(at("w.zip"), Buffer.from(await zip.arrayBuffer()));
      await run("python3", ["-c", UNPACK, at("w.zip"), directory]);
      expect(await readFile(at("src/run.sh"), "utf8")).toBe("echo ü\n");
      expect((await lstat(at("src/run.sh"))).mode & 0o777).toBe(0o750);
      expect(await readlink(at("link"))).toBe("src/run.sh");
      expect((await lstat(at("src/empty"))).isDirectory()).toBe(true);
      await expect(lstat(at("node_modules"))).rejects.toThrow("ENOENT");
      await expect(lstat(at(".git"))).rejects.toThrow("ENOENT");
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("comes back by import as it was", async () => {
    const files = await emptyFiles();
    expect(await importZip(files, await exported(await sample(), true))).toEqual({
      files: 5,
      bytes: 700_000 + 8 + 1 + 10,
    });
    expect(files.stat(`${WORKSPACE}/src/run.sh`)).toMatchObject({
      mode: 0o750,
      mtimeMs: Date.UTC(2020, 1, 3, 4, 5, 7),
    });
    expect(files.readlink(`${WORKSPACE}/link`)).toBe("src/run.sh");
    const large = files.read(`${WORKSPACE}/src/large`);
    expect(Buffer.alloc(700_000, 120).equals(large)).toBe(true);
    expect(files.list(`${WORKSPACE}/src/empty`)).toEqual([]);
    expect(files.list(`${WORKSPACE}/node_modules/m`)).toHaveLength(1);
  });
});

/** As `unzip` does it: modes and links from the external attributes. */
const UNPACK = `
import os, stat, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
for info in archive.infolist():
    mode = info.external_attr >> 16
    target = os.path.join(sys.argv[2], info.filename)
    if stat.S_ISLNK(mode):
        os.symlink(archive.read(info).decode(), target)
    else:
        archive.extract(info, sys.argv[2])
        os.chmod(target, mode & 0o777)
`;

describe("import", () => {
  const one = bytesOf("1");
  const refusals: [string, Zippable, RegExp][] = [
    ["a path that climbs out", { "../x": one }, /refused: \.\.\/x/],
    ["a path that climbs out later", { "a/../../x": one }, /refused/],
    ["an absolute path", { "/etc/passwd": one }, /refused/],
    ["a path of Windows", { "a\\..\\x": one }, /refused/],
    ["a drive", { "C:/x": one }, /refused/],
    ["an absolute link", { l: [bytesOf("/etc"), { os: 3, attrs: LINK }] }, /leads out/],
    [
      "a link that climbs out",
      { "a/l": [bytesOf("../../x"), { os: 3, attrs: LINK }] },
      /leads out/,
    ],
    ["a link that climbs by another", { l: [bytesOf("m/../.."), { os: 3, attrs: LINK }] }, /leads/],
    [
      "a file through a link of the zip",
      { l: [bytesOf("."), { os: 3, attrs: LINK }], "l/x": one },
      /through a link/,
    ],
    ["a device", { d: [one, { os: 3, attrs: (0o020666 * 0x10000) >>> 0 }] }, /neither file nor/],
  ];
  it.each(refusals)("refuses %s, and writes nothing", async (_, entries, words) => {
    const files = await emptyFiles();
    await expect(importZip(files, zipOf({ "good.txt": one, ...entries }))).rejects.toThrow(words);
    expect(files.list(WORKSPACE)).toEqual([]);
  });

  it("refuses to write through a link that is in the workspace", async () => {
    const files = await emptyFiles();
    files.symlink("/tmp", `${WORKSPACE}/out`);
    await expect(importZip(files, zipOf({ "out/x": one }))).rejects.toThrow("no directory");
    expect(files.list("/tmp")).toEqual([]);
  });

  it("refuses what is no zip, cut short, changed, or larger than it says", async () => {
    const files = await emptyFiles();
    const zip = new Uint8Array(
      await zipOf({ x: [bytesOf("y".repeat(500)), { level: 0 }] }).arrayBuffer(),
    );
    const spoiled = (change: (bytes: Uint8Array, view: DataView) => Uint8Array | void) => {
      const bytes = zip.slice();
      return new Blob([
        (change(bytes, new DataView(bytes.buffer)) ?? bytes) as Uint8Array<ArrayBuffer>,
      ]);
    };
    const refused = (blob: Blob, words: string) =>
      expect(importZip(files, blob)).rejects.toThrow(words);
    await refused(new Blob(["no zip"]), "no zip");
    await refused(
      spoiled((bytes) => bytes.subarray(0, 300)),
      "no zip",
    );
    await refused(
      spoiled((bytes) => void (bytes[100] = 1)),
      "x is damaged",
    );
    const directory = zip.byteLength - 22 - 47;
    await refused(
      spoiled((_, view) => view.setUint32(directory + 24, 10, true)),
      "larger",
    );
    await refused(
      spoiled((_, view) => view.setUint32(directory + 24, 2 ** 31, true)),
      "more than",
    );
    await refused(
      spoiled((_, view) => view.setUint16(directory + 8, 1, true)),
      "encrypted",
    );
    await refused(
      spoiled((_, view) => view.setUint16(directory + 10, 12, true)),
      "not supported",
    );
  });

  it("replaces a file of the same name, and a link instead of what it points to", async () => {
    const files = await emptyFiles();
    files.write(`${WORKSPACE}/kept`, one);
    files.write("/tmp/victim", one);
    files.symlink("/tmp/victim", `${WORKSPACE}/x`);
    await importZip(files, zipOf({ x: bytesOf("new") }));
    expect(Buffer.from(files.read(`${WORKSPACE}/x`)).toString()).toBe("new");
    expect(files.read("/tmp/victim")).toEqual(one);
    expect(files.read(`${WORKSPACE}/kept`)).toEqual(one);
  });
});
