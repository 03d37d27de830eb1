import { describe, expect, it } from "vitest";
import { findMissingOptionals, parseLockfile } from "#scripts/check/lockfile.ts";
import { readText } from "#test/support/repository.ts";

const lockfile = (packages: object) => parseLockfile(JSON.stringify({ packages }));

describe("findMissingOptionals", () => {
  it("finds nothing in the lock file of this repository", () => {
    expect(findMissingOptionals(parseLockfile(readText("package-lock.json")))).toEqual([]);
  });

  it("names a platform package that the registry lacked", () => {
    const packages = {
      "": { optionalDependencies: { tool: "1" } },
      "node_modules/tool": { optionalDependencies: { "tool-linux": "1.0.0", "tool-mac": "1.0.0" } },
      "node_modules/tool-linux": {},
    };
    expect(findMissingOptionals(lockfile(packages))).toEqual([
      { wantedBy: "node_modules/tool", name: "tool-mac", range: "1.0.0" },
    ]);
  });

  it("looks where Node looks: in the package, then in each folder above", () => {
    const wanting = { optionalDependencies: { b: "1" } };
    const nested = { "node_modules/x/node_modules/a": wanting };
    expect(findMissingOptionals(lockfile({ ...nested, "node_modules/b": {} }))).toEqual([]);
    expect(
      findMissingOptionals(lockfile({ ...nested, "node_modules/x/node_modules/b": {} })),
    ).toEqual([]);
    expect(
      findMissingOptionals(lockfile({ ...nested, "node_modules/y/node_modules/b": {} })),
    ).toHaveLength(1);
  });

  it("refuses what is no lock file", () => {
    expect(() => parseLockfile("{}")).toThrow(/packages/);
  });
});
