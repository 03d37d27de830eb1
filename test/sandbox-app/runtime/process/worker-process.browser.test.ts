import { afterEach, describe, expect, it } from "vitest";
import { EmbeddedRuntime } from "#sandbox/runtime/embedded/kernel/embedded-runtime.ts";
import { FileSystem } from "#sandbox/runtime/embedded/kernel/file-system.ts";
import { Kernel } from "#sandbox/runtime/embedded/kernel/kernel.ts";
import { layOut } from "#sandbox/runtime/embedded/kernel/layout.ts";
import { WorkerBody } from "#sandbox/runtime/embedded/kernel/process/worker-body.ts";
import { WorkerPool } from "#sandbox/runtime/embedded/kernel/process/worker-pool.ts";
import { shellPrograms } from "#sandbox/runtime/embedded/kernel/programs.ts";
import { startWatchdog } from "#sandbox/runtime/embedded/kernel/start-watchdog.ts";
import type { Process } from "#sandbox/runtime/runtime.ts";
import { finish, type Finished, readScreen } from "#test/contract/runtime-streams.ts";

const runtimes: EmbeddedRuntime[] = [];
const stops: (() => void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  await Promise.all(runtimes.splice(0).map((runtime) => runtime.dispose()));
});

/** A kernel in this page, whose processes are workers with `guest.worker.ts`. */
function boot(): { runtime: EmbeddedRuntime; kernel: Kernel } {
  const files = new FileSystem({ maxBytes: 1e8, now: Date.now });
  layOut(files, shellPrograms);
  const guest = (): Worker =>
    new Worker(new URL("./guest.worker.ts", import.meta.url), { type: "module" });
  const workers = new WorkerPool({ shell: guest, node: guest });
  const kernel: Kernel = new Kernel({
    files,
    now: Date.now,
    launch: (process, { kind }) => new WorkerBody(kernel, process, workers.take(kind)),
  });
  const runtime = new EmbeddedRuntime(kernel, workers);
  runtimes.push(runtime);
  stops.push(startWatchdog(kernel));
  return { runtime, kernel };
}

async function run(program: string, input?: string): Promise<Finished> {
  const process = await boot().runtime.spawn("bash", [program]);
  return finish(process, new TextEncoder().encode(input ?? ""));
}

async function waitFor(process: Process, text: string): Promise<void> {
  await readScreen(process).until(text);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("a process in a worker", () => {
  it("reads and writes synchronously, more than a pipe holds", async () => {
    const input = "0123456789".repeat(50_000);
    expect(await run("copy", input)).toEqual({ stdout: input, stderr: "", code: 0, signal: null });
  });

  it("gets results larger than its reply memory", async () => {
    expect(await run("large")).toMatchObject({ code: 0 });
  });

  it("gets the reply of each call after its stack was full in the midst of another", async () => {
    expect(await run("deep")).toMatchObject({ code: 0 });
  });

  it("gets errors with their code and path, both ways of calling", async () => {
    expect(await run("fail")).toMatchObject({
      stdout: "ENOENT /tmp/missing\nEBADF: bad file descriptor, read",
      code: 3,
    });
  });

  it("keeps its calls when it has spoilt its globals, and hears nothing of the kernel's", async () => {
    expect(await run("hostile")).toMatchObject({ stdout: "heard 0", code: 0 });
  });

  it("cannot harm the kernel with nonsense", async () => {
    expect(await run("nonsense")).toMatchObject({
      stdout: "EINVAL EINVAL EINVAL EINVAL ENOSYS EINVAL EINVAL EINVAL EBADF ESRCH",
      code: 0,
    });
    expect(await run("strange")).toMatchObject({ code: 1, signal: null });
  });

  it("starts a child synchronously, talks to it and waits for it", async () => {
    expect(await run("parent")).toMatchObject({ stdout: "through the child", code: 0 });
  });

  it("stands still while it is stopped, and goes on where it was", async () => {
    const { runtime, kernel } = boot();
    const process = await runtime.spawn("bash", ["tick"]);
    const [entry] = kernel.table.list();
    if (entry === undefined) throw new Error("no process");
    let ticks = 0;
    const counting = process.stdout.pipeTo(
      new WritableStream({ write: (bytes) => void (ticks += bytes.byteLength) }),
    );
    await expect.poll(() => ticks).toBeGreaterThan(3);
    kernel.signal(entry, "SIGSTOP");
    await pause(50);
    const before = ticks;
    await pause(100);
    expect(ticks).toBe(before);
    kernel.signal(entry, "SIGCONT");
    await expect.poll(() => ticks).toBeGreaterThan(before + 3);
    process.kill("SIGKILL");
    await counting;
  });

  it("is seen to be busy when it spins, and idle when it waits", async () => {
    const { runtime } = boot();
    const [spinning, waiting] = [
      await runtime.spawn("bash", ["spin"]),
      await runtime.spawn("bash", ["copy"]),
    ];
    await expect
      .poll(async () => (await runtime.processes()).map(({ load }) => load), { timeout: 10_000 })
      .toEqual([1, 0]);
    spinning.kill("SIGKILL");
    waiting.kill("SIGKILL");
  });

  it("dies at once when it is killed in a loop", async () => {
    const process = await boot().runtime.spawn("bash", ["spin"]);
    await waitFor(process, "spinning");
    process.kill("SIGKILL");
    expect(await process.exit).toEqual({ code: null, signal: "SIGKILL" });
  });

  it("may take SIGTERM as an event", async () => {
    const process = await boot().runtime.spawn("bash", ["polite"]);
    const screen = readScreen(process);
    await screen.until("ready");
    process.kill("SIGTERM");
    await screen.until("SIGTERM");
    expect(await process.exit).toEqual({ code: 5, signal: null });
  });

  it("is ended by SIGPIPE when nobody reads what it writes", async () => {
    const process = await boot().runtime.spawn("bash", ["yes"]);
    await process.stdout.cancel();
    expect(await process.exit).toEqual({ code: null, signal: "SIGPIPE" });
  });

  it("that dies of an error says so, and no other notices", async () => {
    const { runtime } = boot();
    const process = await runtime.spawn("bash", ["crash"]);
    expect(await finish(process)).toMatchObject({
      stderr: expect.stringContaining("bash: aborted: Uncaught Error: deliberate"),
      code: 134,
    });
    expect(await finish(await runtime.spawn("bash", ["large"]))).toMatchObject({ code: 0 });
  });

  it("dies of a rejection that nobody handles", async () => {
    expect(await run("reject")).toMatchObject({
      stderr: expect.stringContaining("aborted: Uncaught Error: unheard"),
      code: 134,
    });
  });
});
