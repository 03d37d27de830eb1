import { spawnSync } from "node:child_process";
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
