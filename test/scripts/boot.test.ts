import { execFile, spawnSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { top } from "#scripts/disco/top.ts";

/** Runs the boot script from another directory, as `npm --prefix` does. */
function boot(args: readonly string[]) {
  const file = path.join(top, "scripts/boot.mjs");
  return spawnSync(process.execPath, [file, ...args], { cwd: "/", encoding: "utf8" });
}

describe("scripts/boot.mjs", () => {
  it("names the jobs when it is asked for another", () => {
    const { status, stderr, stdout } = boot(["fly"]);
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/There is no job "fly"\. There are: start, demo, /);
  });

  it("installs once when two start at the same time in a fresh clone", async () => {
    const clone = await mkdtemp(path.join(tmpdir(), "disco-boot-"));
    const write = (name: string, value: unknown) =>
      writeFile(path.join(clone, name), JSON.stringify(value));
    const part = { name: "part", version: "1.0.0" };
    const packages = {
      "": { name: "clone", dependencies: { part: "file:part" } },
      "node_modules/part": { resolved: "part", link: true },
      part: { ...part },
    };
    try {
      await mkdir(path.join(clone, "scripts"));
      await mkdir(path.join(clone, "part"));
      await copyFile(path.join(top, "scripts/boot.mjs"), path.join(clone, "scripts/boot.mjs"));
      await write("part/package.json", part);
      await write("package.json", packages[""]);
      await write("package-lock.json", { name: "clone", lockfileVersion: 3, packages });
      const starts = [1, 2].map(
        () =>
          new Promise<string>((resolve) => {
            const args = [path.join(clone, "scripts/boot.mjs"), "format"];
            execFile(process.execPath, args, (_error, _stdout, stderr) => resolve(stderr));
          }),
      );
      const said = (await Promise.all(starts)).join("");
      expect(said.match(/installing the packages/g)).toHaveLength(1);
      expect(said).not.toContain("npm ci failed");
    } finally {
      await rm(clone, { recursive: true, force: true });
    }
  });

  it("runs a job with its arguments and ends with its exit code", () => {
    const good = boot(["format", "--version"]);
    expect(good.stdout).toMatch(/\d+\.\d+\.\d+/);
    expect(good.status).toBe(0);
    const bad = boot(["start", "--port", "nonsense"]);
    expect(bad.status).toBe(1);
    expect(bad.stdout).toBe("");
    expect(bad.stderr).toBe('disco: --port takes a number from 0 to 65535, not "nonsense".\n');
  });
});
