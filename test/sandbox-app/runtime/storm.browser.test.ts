import { afterEach, describe, expect, it } from "vitest";
import type { Runtime } from "#sandbox/runtime/runtime.ts";
import { finish, type Finished } from "#test/contract/runtime-streams.ts";
import { bootInPage } from "#test/support/boot-in-page.ts";

const booted: Runtime[] = [];
afterEach(async () => {
  for (const runtime of booted.splice(0)) await runtime.dispose();
});

async function boot(): Promise<Runtime> {
  const runtime = await bootInPage();
  booted.push(runtime);
  return runtime;
}

async function bash(runtime: Runtime, line: string): Promise<Finished> {
  return finish(await runtime.spawn("bash", ["-c", line]));
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const PATIENCE_MS = 120_000;

/** Programs that are in the midst of all kinds of calls. */
const lines = [
  "yes | cat > /dev/null",
  "while true; do cat /etc/passwd > /tmp/copy-$$; done",
  "sleep 60 | cat",
  "while true; do echo x | cat; done",
  "(sleep 60 & wait)",
];

describe("a storm of programs in real workers", () => {
  it("leaves nothing behind, whenever each is killed", { timeout: PATIENCE_MS }, async () => {
    const runtime = await boot();
    for (let round = 0; round < 12; round++) {
      const started = await Promise.all(lines.map((line) => runtime.spawn("bash", ["-c", line])));
      const ends = started.map((process) => finish(process));
      await pause((round * 37) % 200);
      for (const process of started) process.kill("SIGKILL");
      for (const end of await Promise.all(ends)) expect(end.signal).toBe("SIGKILL");
    }
    await expect.poll(() => runtime.processes(), { timeout: 10_000 }).toEqual([]);
    expect(await bash(runtime, "echo after | cat; yes | head -1; echo ${PIPESTATUS[@]}")).toEqual({
      stdout: "after\ny\n141 0\n",
      stderr: "",
      code: 0,
      signal: null,
    });
  });
});
