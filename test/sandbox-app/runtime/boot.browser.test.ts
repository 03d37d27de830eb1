import { afterEach, describe, expect, it } from "vitest";
import { bootEmbedded, type EmbeddedOptions } from "#sandbox/runtime/embedded/boot-embedded.ts";
import { connectRuntime } from "#sandbox/runtime/port/connect-runtime.ts";
import type { Runtime } from "#sandbox/runtime/runtime.ts";
import { finish } from "#test/contract/runtime-streams.ts";

const options: EmbeddedOptions = {
  runtimeOrigin: location.origin,
  framePath: "/sandbox-app/runtime.html",
  timeoutMs: 20_000,
};

const booted: Runtime[] = [];
afterEach(async () => {
  for (const runtime of booted.splice(0)) await runtime.dispose();
});

async function boot(changes: Partial<EmbeddedOptions> = {}) {
  const result = await bootEmbedded({ ...options, ...changes });
  booted.push(result.runtime);
  return result;
}

const frames = (): number => document.querySelectorAll("iframe[title='Disco runtime']").length;

describe("booting the embedded runtime", () => {
  it("tells its stages, and leaves no frame behind when it is disposed of", async () => {
    const stages: string[] = [];
    const { runtime } = await boot({ onStage: (stage) => stages.push(stage) });
    expect(stages).toEqual(["Loading the runtime", "Starting the kernel"]);
    expect(runtime.root).toBe("/home/user/workspace");
    expect(frames()).toBe(1);
    await runtime.dispose();
    expect(frames()).toBe(0);
  });

  it("tells every other client when it is disposed of", async () => {
    const { runtime, openPort } = await boot();
    const second = await connectRuntime(openPort());
    const told = new Promise<Error>((resolve) => second.onError(resolve));
    const sleeper = await second.spawn("sleep", ["60"]);
    await runtime.dispose();
    expect((await told).message).toBe("The runtime was disposed.");
    expect(await sleeper.exit).toEqual({ code: null, signal: "SIGKILL" });
    await expect(second.files.list("/")).rejects.toThrow("The runtime was disposed.");
  });

  it("gives up in time when nothing answers", async () => {
    const dead = bootEmbedded({ ...options, framePath: "/no-such-page", timeoutMs: 300 });
    await expect(dead).rejects.toThrow("The runtime did not start within 0.3 s.");
    expect(frames()).toBe(0);
  });

  it("gives up when the signal fires", async () => {
    const signal = AbortSignal.abort(new Error("not wanted any more"));
    await expect(bootEmbedded({ ...options, signal })).rejects.toThrow("not wanted any more");
    expect(frames()).toBe(0);
  });

  it("is refused by the frame when another page's origin is named", async () => {
    const frame = document.createElement("iframe");
    frame.src = `${options.framePath}?embedder=${encodeURIComponent("https://evil.example")}`;
    const heard: unknown[] = [];
    const listen = (event: MessageEvent): void => {
      if (event.source === frame.contentWindow) heard.push(event.data);
    };
    addEventListener("message", listen);
    document.body.append(frame);
    await new Promise((resolve) => frame.addEventListener("load", resolve));
    await new Promise((resolve) => setTimeout(resolve, 300));
    removeEventListener("message", listen);
    frame.remove();
    expect(heard).toEqual([]);
  });
});

describe("a runaway program", () => {
  it("does not keep the page, its files or a second client from answering", async () => {
    const { runtime, openPort } = await boot();
    const second = await connectRuntime(openPort());
    const runaway = await runtime.spawn("bash", ["-c", "while true; do :; done"]);
    const blind = await runtime.spawn("awk", ["BEGIN { while (1) x++ }"]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    let turns = 0;
    for (const start = performance.now(); performance.now() - start < 500; turns++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(turns).toBeGreaterThan(5);
    await second.files.write(`${second.root}/x`, new TextEncoder().encode("still here"));
    const cat = await second.spawn("cat", ["x"]);
    expect(await finish(cat)).toMatchObject({ stdout: "still here", code: 0 });
    runaway.kill();
    blind.kill("SIGKILL");
    expect(await Promise.all([runaway.exit, blind.exit])).toEqual([
      { code: null, signal: "SIGTERM" },
      { code: null, signal: "SIGKILL" },
    ]);
  });

  it("cannot start more processes than the tab can bear", async () => {
    const { runtime } = await boot();
    const started = await Promise.allSettled(
      Array.from({ length: 65 }, () => runtime.spawn("sleep", ["60"])),
    );
    const refused = started.filter((result) => result.status === "rejected");
    expect(refused.map(({ reason }) => String(reason))).toEqual([
      "FileError: EAGAIN: resource temporarily unavailable, spawn 'sleep'",
    ]);
  });
});
