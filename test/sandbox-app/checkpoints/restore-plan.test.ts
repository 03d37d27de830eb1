import { describe, expect, it } from "vitest";
import type { Entry, Standing } from "#sandbox/checkpoints/picture.ts";
import { isWithin, pathsOf, planRestore } from "#sandbox/checkpoints/restore-plan.ts";

const directory: Entry = { type: "directory", mode: 0o755 };
const file = (hash: string, mode = 0o644): Entry => ({ type: "file", hash, size: 1, mode });
const unkept: Entry = { type: "unkept", why: "no_room", is: "file", stamp: "1" };

const plan = (now: [string, Entry][], was: [string, Standing][], paths?: string[]) =>
  planRestore(new Map(now), new Map(was), (path) => isWithin(path, paths));

describe("the plan of a restore", () => {
  it("is empty where everything is as it was", () => {
    const same = plan([["a", file("1")]], [["a", file("1")]]);
    expect([pathsOf(same), same.skips]).toEqual([[], []]);
  });

  it("does what is above first when it makes, and last when it removes", () => {
    const made = plan(
      [],
      [
        ["a/b", directory],
        ["a", directory],
        ["a/b/c", file("1")],
      ],
    );
    expect(made.makeDirectories).toEqual(["a", "a/b"]);
    expect(made.writeFiles.map(({ path }) => path)).toEqual(["a/b/c"]);
    const now: [string, Entry][] = [
      ["a", directory],
      ["a/b", directory],
      ["a/c", file("1")],
    ];
    const gone = plan(
      now,
      now.map(([path]) => [path, undefined]),
    );
    expect(gone.removeFiles).toEqual(["a/c"]);
    expect(gone.removeDirectories).toEqual(["a/b", "a"]);
  });

  it("puts nothing below what stays in the way", () => {
    const was: [string, Standing][] = [
      ["a", directory],
      ["a/b", file("1")],
    ];
    expect(plan([["a", unkept]], was)).toMatchObject({
      writeFiles: [],
      skips: [
        { path: "a", why: "no_room" },
        { path: "a/b", why: "in_the_way" },
      ],
    });
    // The file that stands there goes only with the restore of its own path.
    const below = plan([["a", file("2")]], was, ["a/b"]);
    expect(below).toMatchObject({ writeFiles: [], skips: [{ path: "a/b", why: "in_the_way" }] });
    expect(plan([["a", file("2")]], was)).toMatchObject({ removeFiles: ["a"], skips: [] });
  });

  it("writes no content for another mode alone, and sets no mode that stays", () => {
    const mode = plan([["a", file("1", 0o755)]], [["a", file("1")]]);
    expect(mode).toMatchObject({ writeFiles: [], setModes: [{ path: "a", mode: 0o644 }] });
    const content = plan([["a", file("2")]], [["a", file("1")]]);
    expect(content).toMatchObject({ writeFiles: [{ path: "a" }], setModes: [] });
  });

  it("takes a path with what is below it, and no namesake", () => {
    const was: [string, Standing][] = [
      ["a", file("1")],
      ["ab", file("1")],
      ["d/x", file("1")],
    ];
    expect(pathsOf(plan([], was, ["a"]))).toEqual(["a"]);
    expect(pathsOf(plan([], was, ["d"]))).toEqual(["d/x"]);
    expect(pathsOf(plan([], was, ["."]))).toEqual(["a", "ab", "d/x"]);
  });
});
