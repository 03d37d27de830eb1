import { describe, expect, it } from "vitest";
import { blankPlatters, MemoryDisk } from "./memory-disk.ts";
import { bytesOf, HOME, openWorld, pictureOf, WORKSPACE } from "./saved-world.ts";

describe("a container that is opened again", () => {
  it("has all files, modes, times, links and empty directories, byte by byte", async () => {
    const platters = blankPlatters();
    const { files, saver, clock } = await openWorld(new MemoryDisk(platters));
    files.mkdirp(`${WORKSPACE}/src/empty`);
    clock.advance(1_234);
    files.write(`${WORKSPACE}/src/run.sh`, bytesOf("#!/bin/sh\n"), 0o755);
    files.write(
      `${WORKSPACE}/binary`,
      Uint8Array.from({ length: 256 }, (_, byte) => byte),
    );
    files.write(`${WORKSPACE}/none`, new Uint8Array());
    files.symlink("../gone", `${WORKSPACE}/src/dangling`);
    files.link(`${WORKSPACE}/binary`, `${HOME}/twin`);
    files.write(`${HOME}/.npmrc`, bytesOf("fund=false\n"));
    files.chmod(`${WORKSPACE}/src/empty`, 0o700);
    files.utimes(`${WORKSPACE}/src/run.sh`, 1_000.5);
    await saver.flush();

    const again = await openWorld(new MemoryDisk(platters));
    expect(pictureOf(again.files)).toBe(pictureOf(files));
    expect(again.saved.damage).toBeNull();
    expect(again.planted).toMatchObject({ files: 4 });
    again.files.append(`${HOME}/twin`, bytesOf("both"));
    expect(again.files.read(`${WORKSPACE}/binary`).byteLength).toBe(260);
  });

  it("keeps neither /tmp nor caches, but what is moved out of them", async () => {
    const platters = blankPlatters();
    const { files, saver } = await openWorld(new MemoryDisk(platters));
    files.mkdirp(`${HOME}/.cache/deep`);
    files.write(`${HOME}/.cache/deep/a`, bytesOf("cache"));
    files.mkdirp("/tmp/made");
    files.write("/tmp/made/b", bytesOf("kept"));
    await saver.flush();
    files.rename("/tmp/made", `${WORKSPACE}/made`);
    await saver.flush();
    const { files: again } = await openWorld(new MemoryDisk(platters));
    expect(Buffer.from(again.read(`${WORKSPACE}/made/b`)).toString()).toBe("kept");
    expect(() => again.stat("/tmp/made")).toThrow("ENOENT");
    expect(() => again.stat(`${HOME}/.cache`)).toThrow("ENOENT");
  });

  it("follows what is moved away and back, changed meanwhile, and a workspace made anew", async () => {
    const platters = blankPlatters();
    const { files, saver } = await openWorld(new MemoryDisk(platters));
    files.mkdirp(`${WORKSPACE}/d`);
    files.write(`${WORKSPACE}/d/a`, bytesOf("1"));
    await saver.flush();
    files.rename(`${WORKSPACE}/d`, "/tmp/d");
    await saver.renew();
    files.write("/tmp/d/a", bytesOf("2"));
    await saver.flush();
    files.remove(WORKSPACE, { recursive: true });
    files.mkdir(WORKSPACE);
    files.rename("/tmp/d", `${WORKSPACE}/e`);
    await saver.flush();
    const second = await openWorld(new MemoryDisk(platters));
    expect(pictureOf(second.files)).toBe(pictureOf(files));
    second.files.write(`${WORKSPACE}/e/a`, bytesOf("3"));
    await second.saver.flush();
    const { files: third } = await openWorld(new MemoryDisk(platters));
    expect(pictureOf(third)).toBe(pictureOf(second.files));
  });

  it("does not give a new file the number of a saved one", async () => {
    const platters = blankPlatters();
    const { files, saver } = await openWorld(new MemoryDisk(platters));
    files.write(`${WORKSPACE}/a`, bytesOf("a"));
    await saver.flush();
    files.rename(`${WORKSPACE}/a`, "/tmp/a");
    await saver.flush();
    const second = await openWorld(new MemoryDisk(platters));
    second.files.mkdirp(`${WORKSPACE}/node_modules`);
    second.files.write(`${WORKSPACE}/node_modules/b`, bytesOf("b"));
    await second.saver.flush();
    const { files: third } = await openWorld(new MemoryDisk(platters));
    expect(pictureOf(third)).toBe(pictureOf(second.files));
  });
});
