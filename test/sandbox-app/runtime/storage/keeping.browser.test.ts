import { afterEach, describe, expect, it } from "vitest";
import { type BootedRuntime, bootEmbedded } from "#sandbox/runtime/embedded/boot-embedded.ts";
import type { StorageState } from "#sandbox/runtime/embedded/storage/port/messages.ts";
import { finish } from "#test/contract/runtime-streams.ts";

const booted: BootedRuntime[] = [];
afterEach(async () => {
  for (const { runtime } of booted.splice(0)) await runtime.dispose();
});

async function boot(container: string): Promise<BootedRuntime & { stages: string[] }> {
  const stages: string[] = [];
  const result = await bootEmbedded({
    runtimeOrigin: location.origin,
    framePath: "/sandbox-app/runtime.html",
    timeoutMs: 20_000,
    container,
    onStage: (stage) => stages.push(stage),
  });
  booted.push(result);
  return { ...result, stages };
}

const fresh = () => `test-${crypto.randomUUID()}`;
const bytesOf = (text: string) => new TextEncoder().encode(text);

async function run({ runtime }: BootedRuntime, line: string): Promise<string> {
  const { stdout } = await finish(await runtime.spawn("bash", ["-c", line]));
  return stdout;
}

function until({ storage }: BootedRuntime, state: StorageState["state"]): Promise<StorageState> {
  return new Promise((resolve) => {
    storage.on((now) => {
      if (now.state === state) resolve(now);
    });
  });
}

describe("a container in this browser", () => {
  it("is found again with modes, links and times by the next page", async () => {
    const container = fresh();
    const first = await boot(container);
    expect(await first.storage.restored).toMatchObject({ files: 0, savedAt: 0, damage: null });
    await run(first, "mkdir -p a/empty; echo hi > a/x; chmod 755 a/x; ln -s x a/y");
    const { mtimeMs } = await first.runtime.files.stat(`${first.runtime.root}/a/x`);
    await first.storage.flush();
    await first.runtime.dispose();
    const second = await boot(container);
    expect(await second.storage.restored).toMatchObject({ files: 1, bytes: 3, damage: null });
    expect(second.stages).toContain("Restored 1 files");
    expect(await second.runtime.files.stat(`${second.runtime.root}/a/x`)).toMatchObject({
      mode: 0o755,
      mtimeMs,
    });
    expect(await run(second, "ls a; readlink a/y; cat a/y")).toBe("empty\nx\ny\nx\nhi\n");
  });

  it("saves by itself, soon after the last change", async () => {
    const container = fresh();
    const first = await boot(container);
    await first.runtime.files.write(`${first.runtime.root}/x`, bytesOf("1"));
    await until(first, "unsaved");
    await until(first, "saved");
    // Without a farewell, as a browser that is killed.
    booted.length = 0;
    document.querySelector("iframe[title='Disco runtime']")?.remove();
    const second = await boot(container);
    expect(await second.storage.restored).toMatchObject({ files: 1 });
  });

  it("goes to the second page, which finds what the first had just written", async () => {
    const container = fresh();
    const first = await boot(container);
    const ended = new Promise<string>((resolve) => {
      first.runtime.onError(({ message }) => resolve(message));
    });
    await first.runtime.files.write(`${first.runtime.root}/x`, bytesOf("late"));
    const second = await boot(container);
    expect(second.stages).toContain("Waiting for the other tab to save");
    expect(await second.runtime.files.read(`${second.runtime.root}/x`)).toEqual(bytesOf("late"));
    expect(await until(first, "moved")).toEqual({ state: "moved", isComplete: true });
    expect(await ended).toBe("Another tab runs this container now.");
  });

  it("is taken from a page that does not answer, which can never write again", async () => {
    const container = fresh();
    const name = `disco.container.${container}`;
    let stolen = false;
    const held = Promise.withResolvers<void>();
    void navigator.locks
      .request(name, async () => {
        held.resolve();
        await new Promise(() => {});
      })
      .catch(() => (stolen = true));
    await held.promise;
    const started = performance.now();
    const taker = await boot(container);
    expect(performance.now() - started).toBeGreaterThan(3_900);
    expect(stolen).toBe(true);
    expect(await taker.storage.restored).toMatchObject({ files: 0 });
  });

  it("starts anew after a reset", async () => {
    const container = fresh();
    const first = await boot(container);
    await run(first, "echo hi > x");
    await first.storage.flush();
    await first.storage.reset();
    const second = await boot(container);
    expect(await second.storage.restored).toMatchObject({ files: 0, savedAt: 0 });
  });

  it("leaves nothing behind when it is erased [GONE-3]", async () => {
    const container = fresh();
    const first = await boot(container);
    await run(first, "echo hi > x");
    await first.storage.flush();
    const ended = new Promise<string>((resolve) => {
      first.runtime.onError(({ message }) => resolve(message));
    });
    await first.storage.erase();
    expect(await ended).toBe("The container was deleted.");
    const databases = await indexedDB.databases();
    expect(databases.filter(({ name = "" }) => name.includes(container))).toEqual([]);
    const root = await navigator.storage.getDirectory();
    const containers = await root.getDirectoryHandle("disco-containers");
    await expect(containers.getDirectoryHandle(container)).rejects.toThrow(/not be found/);
  });

  it("leaves as a zip and comes back from it", async () => {
    const first = await boot(fresh());
    await run(first, "mkdir -p src/empty node_modules/m; echo 1 > src/run; chmod 700 src/run");
    await run(first, "ln -s run src/link; echo m > node_modules/m/i; seq 200000 > src/large");
    const small = await first.storage.export({ withModules: false, withGit: true });
    const second = await boot(fresh());
    expect(await second.storage.import(small)).toMatchObject({ files: 3 });
    expect(await run(second, "ls; ls src; cat src/link; tail -n 1 src/large")).toBe(
      "src\nempty\nlarge\nlink\nrun\n1\n200000\n",
    );
    const stat = await second.runtime.files.stat(`${second.runtime.root}/src/run`);
    expect(stat.mode).toBe(0o700);
  });
});
