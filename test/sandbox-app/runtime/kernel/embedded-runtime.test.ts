import { describe, expect, it } from "vitest";
import { EmbeddedRuntime } from "#sandbox/runtime/embedded/kernel/embedded-runtime.ts";
import { OUTPUT_MAX_BYTES } from "#sandbox/runtime/embedded/kernel/limits.ts";
import { PIPE_BYTES } from "#sandbox/runtime/embedded/kernel/open/pipe.ts";
import type { ChildStream, System } from "#sandbox/runtime/embedded/kernel/system-calls.ts";
import type { CutEvent } from "#sandbox/runtime/runtime.ts";
import { bytesOf, finish, readScreen } from "#test/contract/runtime-streams.ts";
import { KernelInThread, type Main } from "#test/support/kernel-in-thread.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const forever: Main = () => new Promise(() => {});

function boot(mains: Readonly<Record<string, Main>>) {
  const box = new KernelInThread({
    shell: (system) => mains[system.start.argv[1] ?? ""]?.(system) ?? 127,
  });
  const runtime = new EmbeddedRuntime(box.kernel, { dispose: () => {} });
  return {
    box,
    runtime,
    spawn: (name: string, pty?: { columns: number; rows: number }) =>
      runtime.spawn("bash", [name], pty === undefined ? {} : { pty }),
  };
}

/** Starts a child that shares all streams. */
function child(system: System, name: string, changes: { newGroup?: boolean } = {}): number {
  const streams = [0, 1, 2].map((fd): ChildStream => ({ from: "parent", fd }));
  const { cwd, env } = system.start;
  return system.callSync("spawn", {
    file: "bash",
    argv: ["bash", name],
    cwd,
    env,
    streams,
    ...changes,
  }).pid;
}

describe("a call", () => {
  it("ends with its program; what that left in the background goes on unheard", async () => {
    const { box, spawn } = boot({
      call: async (system) => {
        child(system, "background");
        await system.call("write", 1, encode("done"), null);
        return 0;
      },
      background: async (system) => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        for (let written = 0; written < 3 * PIPE_BYTES; written += 1_000) {
          await system.call("write", 1, new Uint8Array(1_000), null);
        }
        await system.call("writeFile", "/tmp/finished", encode("yes"));
        return 0;
      },
    });
    expect(await finish(await spawn("call"))).toMatchObject({ stdout: "done", code: 0 });
    await expect.poll(() => box.files.typeAt("/tmp/finished")).toBe("file");
  });

  it("takes all it started along when it is killed", async () => {
    const { runtime, spawn } = boot({
      call: (system) => {
        child(system, "forever");
        child(system, "forever", { newGroup: true });
        return forever(system);
      },
      forever,
    });
    const process = await spawn("call");
    await expect.poll(async () => (await runtime.processes()).length).toBe(3);
    process.kill();
    expect(await process.exit).toEqual({ code: null, signal: "SIGTERM" });
    expect(await runtime.processes()).toEqual([]);
  });

  it("ends by force what does not heed the signal, but lets `nohup` be", async () => {
    const { runtime, spawn } = boot({
      call: (system) => {
        child(system, "deaf");
        child(system, "nohup");
        return forever(system);
      },
      deaf: (system) => {
        system.callSync("signalAction", "SIGHUP", "event");
        return forever(system);
      },
      nohup: (system) => {
        system.callSync("signalAction", "SIGHUP", "ignore");
        return forever(system);
      },
    });
    const process = await spawn("call", { columns: 80, rows: 24 });
    await expect.poll(async () => (await runtime.processes()).length).toBe(3);
    await process.stdin.getWriter().close();
    expect(await process.exit).toEqual({ code: null, signal: "SIGHUP" });
    await expect
      .poll(async () => (await runtime.processes()).map(({ argv }) => argv[1]), { timeout: 5_000 })
      .toEqual(["nohup"]);
    const [{ pid } = { pid: 0 }] = await runtime.processes();
    await runtime.signal(pid, "SIGKILL");
    await expect(runtime.signal(pid, "SIGKILL")).rejects.toMatchObject({ code: "ESRCH" });
  });

  it("can be killed when it has exited with output that nobody reads", async () => {
    const { spawn } = boot({
      call: (system) => {
        void system.call("write", 1, new Uint8Array(10 * PIPE_BYTES), null);
        return Promise.resolve().then(() => 0);
      },
    });
    const process = await spawn("call");
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.kill("SIGKILL");
    expect(await process.exit).toEqual({ code: null, signal: "SIGKILL" });
  });

  it("feels when nobody reads: its program waits", async () => {
    let written = 0;
    const { spawn } = boot({
      call: async (system) => {
        for (; written < 1_000_000; written += 10_000) {
          await system.call("write", 1, new Uint8Array(10_000), null);
        }
        return 0;
      },
    });
    const process = await spawn("call");
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(written).toBeLessThan(3 * PIPE_BYTES);
    expect((await bytesOf(process.stdout)).byteLength).toBe(1_000_000);
  });

  it("that writes without end is ended with all that it started, and says why", async () => {
    const { box, runtime, spawn } = boot({
      flood: async (system) => {
        child(system, "background");
        const bytes = new Uint8Array(4_194_304);
        for (;;) await system.call("write", 1, bytes, null);
      },
      background: forever,
    });
    const cuts: CutEvent[] = [];
    runtime.onCut((event) => cuts.push(event));
    const process = await spawn("flood");
    let bytes = 0;
    const count = new WritableStream<Uint8Array>({
      write: (chunk) => void (bytes += chunk.byteLength),
    });
    const [, errors, exit] = await Promise.all([
      process.stdout.pipeTo(count),
      bytesOf(process.stderr ?? new ReadableStream()),
      process.exit,
    ]);
    expect(exit).toEqual({ code: null, signal: "SIGKILL" });
    expect(bytes).toBeGreaterThan(OUTPUT_MAX_BYTES);
    expect(bytes).toBeLessThan(OUTPUT_MAX_BYTES + 3 * PIPE_BYTES);
    expect(decode(errors)).toBe(
      "bash: ended by the watchdog: it wrote more than 1024 MiB of output\n",
    );
    expect(cuts.map(({ limit }) => limit)).toEqual(["output"]);
    expect(box.kernel.table.size).toBe(0);
  });

  it("is told to everybody when the watchdog ends it", async () => {
    const { box, runtime, spawn } = boot({ call: forever });
    const cuts: CutEvent[] = [];
    runtime.onCut((event) => cuts.push(event));
    const process = await spawn("call");
    const [entry] = box.kernel.table.list();
    if (entry === undefined) throw new Error("no process");
    const event: CutEvent = {
      pid: entry.pid,
      argv: entry.argv,
      limit: "busy",
      message: "too long",
    };
    box.kernel.cut(entry, event);
    expect(await finish(process)).toMatchObject({
      stderr: "bash: ended by the watchdog: too long\n",
      signal: "SIGKILL",
    });
    expect(cuts).toEqual([event]);
  });
});

describe("a terminal", () => {
  it("sends ctrl-C to the foreground and a new size to all", async () => {
    const { runtime, spawn } = boot({
      shell: async (system) => {
        system.callSync("signalAction", "SIGINT", "event");
        const job = child(system, "job", { newGroup: true });
        system.callSync("foregroundGroup", 0, job);
        const result = await system.call("wait", job);
        const { columns } = system.callSync("terminalSize", 0) ?? { columns: 0 };
        await system.call("write", 1, encode(`${result?.signal} ${columns}\n`), null);
        return 0;
      },
      job: async (system) => {
        const resized = new Promise<void>((resolve) => {
          system.onEvent((event) => event.type === "resize" && resolve());
        });
        await system.call("write", 1, encode("job\n"), null);
        await resized;
        await system.call("write", 1, encode("resized\n"), null);
        return forever(system);
      },
    });
    const process = await spawn("shell", { columns: 80, rows: 24 });
    const screen = readScreen(process);
    await screen.until("job\r\n");
    process.resize?.(132, 50);
    await screen.until("resized\r\n");
    await screen.type("\x03");
    await screen.until("^CSIGINT 132\r\n");
    expect(await process.exit).toEqual({ code: 0, signal: null });
    expect(await runtime.processes()).toEqual([]);
  });

  it("is read and written like files", async () => {
    const { spawn } = boot({
      shell: async (system) => {
        const line = decode(await system.call("read", 0, 100, null));
        await system.call("write", 1, encode(`[${line.trim()}]`), null);
        return 4;
      },
    });
    const process = await spawn("shell", { columns: 80, rows: 24 });
    await process.stdin.getWriter().write(encode("typed\r"));
    expect(decode(await bytesOf(process.stdout))).toBe("typed\r\n[typed]");
    expect(await process.exit).toEqual({ code: 4, signal: null });
  });
});
