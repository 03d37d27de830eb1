import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "#sandbox/runtime/runtime.ts";
import { finish } from "#test/contract/runtime-streams.ts";
import { bootInPage } from "#test/support/boot-in-page.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await bootInPage();
});
afterAll(() => runtime.dispose());

describe("background jobs in workers", () => {
  it("gives a list a process of its own with the state of its shell", async () => {
    const line =
      'f() { echo "$1 $x ${a[1]}"; }; x=kept; a=(1 two); { f from; x=lost; } & wait; echo $x $((BASHPID == $$))';
    const { stdout, code } = await finish(await runtime.spawn("bash", ["-c", line]));
    expect({ stdout, code }).toEqual({ stdout: "from kept two\nkept 1\n", code: 0 });
  });

  it("shows it among the processes, and ends it with what it started", async () => {
    const shell = await runtime.spawn("bash", [
      "-c",
      "(node -e 'setInterval(() => {}, 1000)'; echo never) & wait $!; echo $?",
    ]);
    const listPid = async (): Promise<number> => {
      const all = await runtime.processes();
      const program = all.find(({ argv }) => argv[0] === "node");
      const list = all.find(({ pid }) => pid === program?.parent);
      return list?.argv.join(" ").endsWith("echo never)") === true ? list.pid : 0;
    };
    await expect.poll(listPid, { timeout: 15_000 }).toBeGreaterThan(0);
    const pid = await listPid();
    const killer = await runtime.spawn("bash", ["-c", `kill -- -${pid}`]);
    expect(await finish(killer)).toMatchObject({ code: 0 });
    expect(await finish(shell)).toMatchObject({ stdout: "143\n" });
    expect((await runtime.processes()).filter(({ argv }) => argv[0] === "node")).toEqual([]);
  });

  it("ends what never lets an event in", async () => {
    const line = "{ while :; do :; done; } & sleep 0.2; kill -9 $!; wait $!; echo $?";
    expect(await finish(await runtime.spawn("bash", ["-c", line]))).toMatchObject({
      stdout: "137\n",
    });
  });
});
