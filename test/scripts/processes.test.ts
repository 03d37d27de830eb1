import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { Program } from "#scripts/disco/processes.ts";

function bash(line: string, signal = new AbortController().signal): Program {
  return new Program("/bin/bash", ["-c", line], { cwd: "/", env: process.env, signal });
}

const isRunning = async (pid: string) => {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat !== "" && !stat.includes(") Z ");
};

describe("Program", () => {
  it("keeps what the program printed, and tells how it ended", async () => {
    const program = bash("echo out; echo err >&2; exit 3");
    expect(await program.ended).toBe("exit code 3");
    expect(program.exitCode).toBe(3);
    expect(program.log().split("\n").toSorted()).toEqual(["err", "out"]);
  });

  it("tells when there is no such program", async () => {
    const signal = new AbortController().signal;
    const program = new Program("/no/such/program", [], { cwd: "/", env: {}, signal });
    expect(await program.ended).toMatch(/ENOENT/);
    await program.stop();
  });

  it("stops all that the program started, also what ignores SIGTERM", async () => {
    const program = bash("trap '' TERM; (trap '' TERM; sleep 60) & echo $!; wait");
    await expect.poll(() => program.log()).toMatch(/^\d+$/);
    const child = program.log();
    expect(await isRunning(child)).toBe(true);
    await program.stop();
    expect(await isRunning(child)).toBe(false);
  }, 15_000);

  it("stops when its signal fires", async () => {
    const controller = new AbortController();
    const program = bash("sleep 60", controller.signal);
    controller.abort();
    expect(await program.ended).toBe("SIGTERM");
  });
});
