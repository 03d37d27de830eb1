import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FileSystem } from "#sandbox/runtime/embedded/kernel/file-system.ts";
import { type Layer, layers } from "#sandbox/runtime/embedded/storage/saved/node.ts";
import { blankPlatters, MemoryDisk, type Platters, PowerCut } from "./memory-disk.ts";
import { HOME, openWorld, pictureOf, WORKSPACE } from "./saved-world.ts";

/** One thing that a program does, or a moment at which all is saved. */
const names = fc.constantFrom(
  "a",
  "b",
  "node_modules",
  "node_modules/x",
  "d",
  "d/a",
  "d/node_modules",
);
const place = fc
  .tuple(fc.constantFrom(WORKSPACE, WORKSPACE, WORKSPACE, HOME, "/tmp"), names)
  .map(([root, name]) => `${root}/${name}`);

type Step = (files: FileSystem) => void;
/** Save; and give one layer, or both, a new base. */
type Save = "flush" | "files" | "modules" | "renew";
const step: fc.Arbitrary<Step | Save> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(place, fc.uint8Array({ minLength: 5, maxLength: 60 })).map(
      ([path, bytes]): Step =>
        (files) =>
          files.write(path, bytes),
    ),
  },
  {
    weight: 2,
    arbitrary: place.map(
      (path): Step =>
        (files) =>
          files.append(path, Uint8Array.of(7, 7)),
    ),
  },
  {
    weight: 3,
    arbitrary: place.map(
      (path): Step =>
        (files) =>
          files.mkdirp(path),
    ),
  },
  {
    weight: 2,
    arbitrary: place.map(
      (path): Step =>
        (files) =>
          files.remove(path, { recursive: true }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(place, place).map(
      ([from, to]): Step =>
        (files) =>
          files.rename(from, to),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(place, place).map(
      ([from, to]): Step =>
        (files) =>
          files.link(from, to),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(place, place).map(
      ([from, to]): Step =>
        (files) =>
          files.symlink(from, to),
    ),
  },
  {
    weight: 1,
    arbitrary: place.map(
      (path): Step =>
        (files) =>
          files.chmod(path, 0o640),
    ),
  },
  { weight: 4, arbitrary: fc.constant("flush" as const) },
  { weight: 4, arbitrary: fc.constantFrom("files" as const, "modules" as const, "renew" as const) },
);
const layersOf: Record<Save, readonly Layer[]> = {
  flush: [],
  files: ["files"],
  modules: ["modules"],
  renew: layers,
};
const history = fc.array(step, { minLength: 5, maxLength: 60 });

/**
 * Lives through a history until its end or the power cut.
 *
 * @returns the states at the flushes; the last may or may not have reached the disk
 */
async function live(disk: MemoryDisk, steps: readonly (Step | Save)[]) {
  const pictures: string[] = [];
  try {
    const { files, saver, clock, states } = await openWorld(disk);
    pictures.push(pictureOf(files));
    for (const next of steps) {
      clock.advance(10);
      if (typeof next === "function") {
        try {
          next(files);
        } catch {
          // What POSIX refuses changes nothing.
        }
        continue;
      }
      pictures.push(pictureOf(files));
      await saver.flush(layersOf[next]);
      if (states.at(-1)?.state === "failing") throw new PowerCut();
    }
    return { pictures, wasCut: false };
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
    return { pictures, wasCut: true };
  }
}

const reopened = async (platters: Platters) => {
  const world = await openWorld(new MemoryDisk(platters));
  return { ...world, picture: pictureOf(world.files) };
};

describe("what is restored", () => {
  it("is what was last saved, whatever the history", async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const platters = blankPlatters();
        const { pictures } = await live(new MemoryDisk(platters), [...steps, "flush"]);
        const { picture, saved } = await reopened(platters);
        expect(picture).toBe(pictures.at(-1));
        expect(saved.damage).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it("is the last save or the one in progress, when the power goes at any step and byte", async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.nat(60), fc.nat(400), async (steps, cutAfter, torn) => {
        const platters = blankPlatters();
        const disk = new MemoryDisk(platters, cutAfter, torn);
        const { pictures } = await live(disk, [...steps, "flush"]);
        const { picture, saved } = await reopened(platters);
        expect(saved.damage).toBeNull();
        if (pictures.length > 0) expect(pictures.slice(-2)).toContain(picture);
        // Whoever opened it goes on, and finds that too.
        const second = await reopened(platters);
        expect(second.picture).toBe(picture);
      }),
      { numRuns: 400 },
    );
  });

  it("is a state of the past, never a mixture, when a stored file or record is damaged", async () => {
    const damage = fc.record({ which: fc.nat(), at: fc.nat(), cut: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(history, damage, async (steps, { which, at, cut }) => {
        const platters = blankPlatters();
        const { pictures } = await live(new MemoryDisk(platters), [...steps, "flush"]);
        const victims = [
          ...platters.files.values(),
          ...[...platters.journal.values()].map(({ bytes }) => bytes),
        ];
        const victim = victims[which % Math.max(1, victims.length)];
        if (victim === undefined) return;
        spoil(platters, victim, at, cut);
        const opened = await reopened(platters).catch((error: Error) => error);
        // Refused and left as it is, or a whole state.
        if (opened instanceof Error) {
          expect(opened.name).toBe("SavedDataError");
          return;
        }
        const isPast = (past: string) =>
          opened.saved.isWithoutModules ? isPart(opened.picture, past) : opened.picture === past;
        expect(pictures.some(isPast)).toBe(true);
        await opened.saver.renew();
        const healed = await reopened(platters);
        expect(healed.picture).toBe(opened.picture);
        expect(healed.saved.damage).toBeNull();
      }),
      { numRuns: 800 },
    );
  });
});

function spoil(
  platters: Platters,
  victim: Uint8Array<ArrayBuffer>,
  at: number,
  cut: boolean,
): void {
  const position = at % victim.byteLength;
  if (!cut) {
    victim[position] = (victim[position] ?? 0) ^ 0x40;
    return;
  }
  const left = victim.slice(0, position);
  for (const [name, bytes] of platters.files) if (bytes === victim) platters.files.set(name, left);
  for (const [seq, row] of platters.journal) {
    if (row.bytes === victim) platters.journal.set(seq, { ...row, bytes: left });
  }
}

/** Without node_modules, and what was once made there: all that is left is of one moment. */
function isPart(picture: string, past: string): boolean {
  const lines = new Set(past.split("\n"));
  return picture.split("\n").every((line) => lines.has(line));
}
