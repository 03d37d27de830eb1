import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Runtime } from "#sandbox/runtime/runtime.ts";
import { GitCalls } from "#test/support/git-calls.ts";
import { bootContainerGit } from "#test/support/git-runtimes.ts";

let git: GitCalls;
/** How often git was asked for a status. */
let looks: number;
/** Ends before git may look. */
let gate: Promise<void>;

beforeEach(async () => {
  const runtime = await bootContainerGit();
  looks = 0;
  gate = Promise.resolve();
  const spawn: Runtime["spawn"] = async (command, args, options) => {
    if (args?.[0] === "status") {
      looks += 1;
      await gate;
    }
    return runtime.spawn(command, args, options);
  };
  git = new GitCalls(Object.assign(Object.create(runtime) as Runtime, { spawn }));
  await git.git("init", "-q", "-b", "main");
});
afterEach(() => git.dispose());

const status = (given = {}, signal?: AbortSignal) => git.call("git_status", given, signal);

describe("a status that is known", () => {
  it("is not asked for again until a file changes, wherever that is", async () => {
    await status();
    await Promise.all([status(), status({ log: 1 }), status({ diff: true })]);
    expect(looks).toBe(1);
    await git.write("a.txt", "");
    expect((await status()).untracked).toEqual(["a.txt"]);
    expect(looks).toBe(2);
    await git.write(".git/info/exclude", "a.txt\n");
    expect((await status()).untracked).toEqual([]);
    expect(looks).toBe(3);
  });

  it("is that of one path", async () => {
    await git.write("a/x", "");
    await git.write("b", "");
    expect((await status({ path: "a" })).untracked).toEqual(["a/"]);
    expect((await status()).untracked).toEqual(["a/", "b"]);
    expect(looks).toBe(2);
  });

  it("comes also when the first who asked waits no longer", async () => {
    const goOn = Promise.withResolvers<void>();
    gate = goOn.promise;
    const abort = new AbortController();
    const first = status({}, abort.signal);
    await expect.poll(() => looks).toBe(1);
    abort.abort(new Error("Late."));
    await expect(first).rejects.toThrow("Late.");
    const second = status();
    goOn.resolve();
    expect((await second).branch).toBe("main");
    expect(looks).toBe(1);
  });

  it("is not kept when git failed", async () => {
    const index = `${git.runtime.root}/.git/index`;
    await git.runtime.files.write(index, new TextEncoder().encode("nonsense that is no index"));
    await expect(status()).rejects.toMatchObject({ code: "git_refused" });
    await expect(status()).rejects.toMatchObject({ code: "git_refused" });
    expect(looks).toBe(2);
  });
});
