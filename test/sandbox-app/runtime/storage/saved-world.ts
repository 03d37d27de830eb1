import { FileSystem } from "#sandbox/runtime/embedded/kernel/file-system.ts";
import type { Inode } from "#sandbox/runtime/embedded/kernel/inode.ts";
import { HOME, layOut, WORKSPACE } from "#sandbox/runtime/embedded/kernel/layout.ts";
import { ContainerLog } from "#sandbox/runtime/embedded/storage/saved/container-log.ts";
import type { Disk } from "#sandbox/runtime/embedded/storage/saved/disk.ts";
import { Collector } from "#sandbox/runtime/embedded/storage/saving/collector.ts";
import { plant } from "#sandbox/runtime/embedded/storage/saving/plant.ts";
import { Saver, type SaveState } from "#sandbox/runtime/embedded/storage/saving/saver.ts";
import { HandClock } from "#test/support/hand-clock.ts";

export const bytesOf = (text: string) => new TextEncoder().encode(text);

/** A container's file system that is saved on a disk, as the kernel does it. */
export async function openWorld(disk: Disk, maxBytes = 64 * 1024 * 1024) {
  const clock = new HandClock();
  const files = new FileSystem({ maxBytes, now: () => clock.now() });
  layOut(files, []);
  const { log, saved } = await ContainerLog.open(disk, () => clock.now());
  const planted = plant(files, saved.layers);
  const states: SaveState[] = [];
  const collector = new Collector(files, planted.known, () => saver.changed());
  const saver = new Saver({ log, collector, clock, tell: (state) => states.push(state) });
  return { clock, files, log, saved, planted, states, saver, collector };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** All below the home directory that must come back, byte by byte. */
export function pictureOf(files: FileSystem): string {
  const lines: string[] = [];
  const names = new Map<number, string>();
  const visit = (path: string, node: Inode): void => {
    const { type, mode, mtimeMs, birthtimeMs, ino } = node;
    const twin = type === "file" ? (names.get(ino) ?? path) : path;
    names.set(ino, twin);
    const about =
      node.type === "file"
        ? Buffer.from(node.buffer.subarray(0, node.size)).toString("base64")
        : node.type === "symlink"
          ? node.target
          : "";
    lines.push([path, type, mode, mtimeMs, birthtimeMs, twin, about].join("|"));
    if (node.type !== "directory") return;
    for (const [name, child] of [...node.entries].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      visit(`${path}/${name}`, child);
    }
  };
  const home = files.find(HOME);
  if (home.type !== "directory") throw new Error("no home");
  for (const [name, child] of [...home.entries].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    // Laid out at each boot, with that boot's birth time.
    if (child.ino < 65_536) Object.assign(child, { birthtimeMs: 0 });
    visit(`${HOME}/${name}`, child);
  }
  return lines.join("\n");
}

export { HOME, WORKSPACE };
