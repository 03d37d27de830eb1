import { describe, expect, it } from "vitest";
import { dueAt } from "#sandbox/runtime/embedded/storage/saving/saver.ts";
import { blankPlatters, MemoryDisk } from "./memory-disk.ts";
import { bytesOf, openWorld, pictureOf, type World, WORKSPACE } from "./saved-world.ts";

const write = ({ files }: World, name: string, text = "x") =>
  files.write(`${WORKSPACE}/${name}`, bytesOf(text));

describe("when changes are saved", () => {
  it("waits for quiet, but not for ever", () => {
    expect(dueAt(0, 0)).toBe(500);
    expect(dueAt(0, 4_000)).toBe(4_500);
    expect(dueAt(0, 4_900)).toBe(5_000);
  });

  it("saves 500 ms after the last change, and every 5 s under constant change", async () => {
    const platters = blankPlatters();
    const world = await openWorld(new MemoryDisk(platters));
    write(world, "a");
    world.clock.advance(499);
    await world.saver.settled();
    expect(platters.journal.size).toBe(0);
    world.clock.advance(1);
    await world.saver.settled();
    expect(platters.journal.size).toBe(1);
    for (let at = 0; at < 12_000; at += 100) {
      write(world, "b", String(at));
      world.clock.advance(100);
      await world.saver.settled();
    }
    expect(platters.journal.size).toBe(3);
    expect(world.states.map(({ state }) => state)).toEqual([
      "unsaved",
      "saved",
      "unsaved",
      "saved",
      "unsaved",
      "saved",
      "unsaved",
    ]);
  });

  it("keeps what comes while it saves for the next time", async () => {
    const platters = blankPlatters();
    const world = await openWorld(new MemoryDisk(platters));
    write(world, "a");
    const flushed = world.saver.flush();
    write(world, "b");
    // The tab that takes over has all that was there when it asked.
    expect(await flushed).toBe(true);
    expect(world.states.at(-1)).toEqual({ state: "unsaved" });
    world.clock.advance(500);
    await world.saver.settled();
    const again = await openWorld(new MemoryDisk(platters));
    expect(pictureOf(again.files)).toBe(pictureOf(world.files));
  });
});

describe("when the browser gives no more room", () => {
  it("goes on in memory, says so, and saves everything once there is room again", async () => {
    const platters = blankPlatters();
    const disk = new MemoryDisk(platters);
    const world = await openWorld(disk);
    write(world, "a", "saved");
    await world.saver.flush();
    disk.setFull(true);
    write(world, "a", "changed");
    write(world, "b");
    expect(await world.saver.flush()).toBe(false);
    expect(world.states.at(-1)).toEqual({ state: "full" });
    world.files.remove(`${WORKSPACE}/b`);
    write(world, "c");
    const full = await openWorld(new MemoryDisk(structuredClone(platters)));
    expect(Buffer.from(full.files.read(`${WORKSPACE}/a`)).toString()).toBe("saved");
    disk.setFull(false);
    world.clock.advance(15_000);
    await world.saver.settled();
    expect(world.states.at(-1)?.state).toBe("saved");
    const again = await openWorld(new MemoryDisk(platters));
    expect(pictureOf(again.files)).toBe(pictureOf(world.files));
  });
});

describe("two kernels on one container", () => {
  it("the one that was replaced never writes again", async () => {
    const platters = blankPlatters();
    const old = await openWorld(new MemoryDisk(platters));
    write(old, "a", "old");
    await old.saver.flush();
    const next = await openWorld(new MemoryDisk(platters));
    write(old, "a", "a ghost");
    await old.saver.flush();
    await old.saver.renew();
    expect(old.states.at(-1)).toEqual({ state: "fenced" });
    write(next, "b", "new");
    await next.saver.renew();
    write(old, "c", "a ghost");
    await old.saver.flush();
    const last = await openWorld(new MemoryDisk(platters));
    expect(pictureOf(last.files)).toBe(pictureOf(next.files));
    expect(last.saved.damage).toBeNull();
  });
});

describe("new bases", () => {
  it("come when half of a layer has changed, and the records before them go", async () => {
    const platters = blankPlatters();
    const world = await openWorld(new MemoryDisk(platters));
    const text = "x".repeat(3 * 1024 * 1024);
    for (let index = 0; index < 6; index += 1) {
      write(world, "large", text + index);
      await world.saver.flush();
    }
    const names = [...platters.files.keys()];
    expect(names.every((name) => name.endsWith(".base"))).toBe(true);
    expect(names).toHaveLength(2);
    expect(platters.journal.size).toBeLessThan(6);
    const again = await openWorld(new MemoryDisk(platters));
    expect(pictureOf(again.files)).toBe(pictureOf(world.files));
  });

  it("leave the modules alone while only files change", async () => {
    const platters = blankPlatters();
    const world = await openWorld(new MemoryDisk(platters));
    world.files.mkdirp(`${WORKSPACE}/node_modules/m`);
    write(world, "node_modules/m/index.js", "m".repeat(100_000));
    await world.saver.renew();
    for (let index = 0; index < 1_000; index += 1) {
      write(world, "a", String(index));
      await world.saver.flush();
    }
    const modules = [...platters.files.keys()].filter((name) => name.startsWith("modules"));
    expect(modules).toHaveLength(1);
    expect(platters.journal.size).toBeLessThanOrEqual(768);
    const again = await openWorld(new MemoryDisk(platters));
    expect(pictureOf(again.files)).toBe(pictureOf(world.files));
  });

  it("are refused by an older page than the one that wrote them", async () => {
    const platters = blankPlatters();
    const world = await openWorld(new MemoryDisk(platters));
    write(world, "a");
    await world.saver.renew();
    platters.manifest = { ...(platters.manifest as object), format: 2 };
    const before = structuredClone(platters.manifest);
    await expect(openWorld(new MemoryDisk(platters))).rejects.toThrow("A newer version of Disco");
    expect(platters.manifest).toEqual(before);
  });
});
