import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { endLeftovers } from "#scripts/disco/leftovers.ts";
import { descendantsOf, expectGone } from "#test/support/disco-process.ts";

const forever = "setInterval(() => {}, 1000)";
const withChild = `require("child_process").spawn(process.execPath, ["-e", "${forever}"]);
  console.log("started"); ${forever}`;

function start(argument: string) {
  return spawn(process.execPath, ["-e", withChild, "--", argument], {
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
}

describe("endLeftovers", () => {
  it("ends the program with that argument and all it started, and no other", async () => {
    const argument = `--kept-in=/disco-test-${process.pid}`;
    const mine = start(argument);
    const other = start(`${argument}-2`);
    await Promise.all([once(mine.stdout, "data"), once(other.stdout, "data")]);
    const pids = [mine.pid ?? 0, ...(await descendantsOf(mine.pid ?? 0))];
    expect(pids).toHaveLength(2);
    try {
      await endLeftovers(argument);
      await expectGone(pids);
      expect(other.exitCode ?? other.signalCode).toBeNull();
    } finally {
      process.kill(-(other.pid ?? 0), "SIGKILL");
    }
  });

  it("has nothing to do when nobody is left", async () => {
    await expect(endLeftovers("--kept-in=/nowhere")).resolves.toBeUndefined();
  });
});
