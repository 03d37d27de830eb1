import { afterEach, describe, expect, it } from "vitest";
import type { CutEvent, RunningProcess, Runtime } from "#sandbox/runtime/runtime.ts";
import { finish } from "#test/contract/runtime-streams.ts";
import { bootInPage } from "#test/support/boot-in-page.ts";

const booted: Runtime[] = [];
afterEach(async () => {
  for (const runtime of booted.splice(0)) await runtime.dispose();
});

/** The container as the page has it: the frame measures, the kernel and its workers are real. */
async function boot(): Promise<Runtime> {
  const runtime = await bootInPage();
  booted.push(runtime);
  return runtime;
}

async function processOf(runtime: Runtime, id: string): Promise<RunningProcess | undefined> {
  return (await runtime.processes()).find(({ pid }) => String(pid) === id);
}

/** The browser answers within seconds, on a machine that is busy within a minute. */
const MEASURED = { timeout: 100_000, interval: 500 };
const PATIENCE_MS = 120_000;

/** Pieces of 4 MiB: above the limit, and well below what takes the whole tab along. */
const PIECES = 200;
const hoard = (piece: string): string =>
  `const held = []; setInterval(() => held.length < ${PIECES} && held.push(${piece}), 50)`;
const hogs = {
  arrays: hoard("new Array(524288).fill(1.5)"),
  Buffers: hoard("Buffer.alloc(4194304, 1)"),
};

describe("the memory of a program", () => {
  for (const [what, script] of Object.entries(hogs)) {
    it(
      `that hoards ${what} is the end of it, and of no other`,
      { timeout: PATIENCE_MS },
      async () => {
        const runtime = await boot();
        const cuts: CutEvent[] = [];
        runtime.onCut((event) => cuts.push(event));
        const other = await runtime.spawn("node", ["-e", "setInterval(() => {}, 100)"]);
        const hog = await runtime.spawn("node", ["-e", script]);
        const ended = await finish(hog);
        expect(ended).toMatchObject({ code: null, signal: "SIGKILL" });
        expect(ended.stderr).toMatch(
          /^node: ended by the watchdog: it used \d+ MiB of memory, and 512 MiB is the limit\n$/,
        );
        expect(cuts.map(({ pid, limit }) => `${pid} ${limit}`)).toEqual([`${hog.id} memory`]);
        const left = await processOf(runtime, other.id);
        expect(left?.state).toBe("running");
        other.kill("SIGKILL");
      },
    );
  }

  it("is told for each that runs", { timeout: PATIENCE_MS }, async () => {
    const runtime = await boot();
    const script = "globalThis.held = Buffer.alloc(100e6, 1); setInterval(() => {}, 100)";
    const large = await runtime.spawn("node", ["-e", script]);
    const small = await runtime.spawn("node", ["-e", "setInterval(() => {}, 100)"]);
    const memoryOf = async (id: string) => (await processOf(runtime, id))?.memory ?? 0;
    await expect.poll(() => memoryOf(large.id), MEASURED).toBeGreaterThan(100e6);
    await expect.poll(() => memoryOf(small.id), MEASURED).toBeGreaterThan(0);
    expect(await memoryOf(small.id)).toBeLessThan(90e6);
    large.kill("SIGKILL");
    small.kill("SIGKILL");
  });
});

describe("the load of a program", () => {
  it("is the share of time in which it is busy, however short its turns", async () => {
    const runtime = await boot();
    const turns = `
      const spin = () => {
        const end = performance.now() + 20;
        while (performance.now() < end);
        setTimeout(spin, 20);
      };
      spin();`;
    const half = await runtime.spawn("node", ["-e", turns]);
    const idle = await runtime.spawn("node", ["-e", "setInterval(() => {}, 1000)"]);
    const loadOf = async (id: string) => (await processOf(runtime, id))?.load ?? 0;
    await expect
      .poll(() => loadOf(half.id), { timeout: 15_000 })
      .toSatisfy((load: number) => load > 0.25 && load < 0.9);
    // A machine that is busy with other things answers late for both.
    await expect
      .poll(async () => (await loadOf(half.id)) - (await loadOf(idle.id)), { timeout: 15_000 })
      .toBeGreaterThan(0);
    half.kill("SIGKILL");
    idle.kill("SIGKILL");
  });
});
