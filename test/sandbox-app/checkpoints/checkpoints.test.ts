import fs from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Checkpoints } from "#sandbox/checkpoints/checkpoints.ts";
import { CHECKPOINTS_MAX } from "#sandbox/checkpoints/limits.ts";
import { FileError, type Runtime } from "#sandbox/runtime/runtime.ts";
import { bootNodeRuntime } from "#test/support/node-runtime.ts";

let runtime: Runtime;
let checkpoints: Checkpoints;
let nextId: number;

beforeEach(async () => {
  runtime = await bootNodeRuntime();
  checkpoints = open();
});
afterEach(() => runtime.dispose());

/** @param files those of the runtime, or what a test makes of them */
function open(maxBytes = 1e6, files = runtime.files): Checkpoints {
  nextId = 0;
  const newId = () => `c_${nextId++}`;
  const options = { runtime: { files, root: runtime.root }, now: () => 0, newId, maxBytes };
  return new Checkpoints(options);
}

const at = (name: string) => path.join(runtime.root, name);
const put = async (name: string, text: string) => {
  await fs.mkdir(path.dirname(at(name)), { recursive: true });
  await fs.writeFile(at(name), text);
};
const textOf = (name: string) => fs.readFile(at(name), "utf8");
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: NodeJS.ErrnoException) => error.code ?? String(error),
  );

async function call(work: () => Promise<unknown>): Promise<string> {
  const id = await checkpoints.begin({ operation: "run_command", client: "t", summary: "Ran" });
  await work();
  await checkpoints.end(id);
  return id;
}

async function restore(id: string, paths?: string[]) {
  let restored: Awaited<ReturnType<Checkpoints["restore"]>> | undefined;
  const undo = await call(async () => {
    restored = await checkpoints.restore(id, paths);
  });
  return { ...restored, undo };
}

describe("what git ignores", () => {
  beforeEach(async () => {
    await put(".gitignore", "dist/\n*.log\n");
    await put("dist/old.js", "old");
    await put("node_modules/x/index.js", "x");
    await put("a.txt", "a");
  });

  it("stays as it is, with node_modules and .git", async () => {
    const id = await call(async () => {
      await put("dist/old.js", "new");
      await put("dist/made.js", "made");
      await put("node_modules/x/index.js", "y");
      await put(".git/HEAD", "ref: refs/heads/main");
      await put("run.log", "log");
      await put("a.txt", "b");
    });
    const { restored, removed, skipped } = await restore(id);
    expect({ restored, removed, skipped }).toEqual({
      restored: ["a.txt"],
      removed: [],
      skipped: [],
    });
    expect(await textOf("dist/old.js")).toBe("new");
    expect(await textOf("node_modules/x/index.js")).toBe("y");
    expect((await fs.readdir(runtime.root)).toSorted()).toContain("run.log");
    expect(await textOf(".git/HEAD")).toContain("ref");
  });

  it("makes no checkpoint by itself", async () => {
    await call(() => put("dist/old.js", "new"));
    await call(() => fs.rm(at("dist"), { recursive: true }));
    expect((await checkpoints.list()).checkpoints).toEqual([]);
  });

  it("is named where it is gone and cannot come back", async () => {
    const id = await call(() =>
      fs.rm(runtime.root, { recursive: true }).then(() => fs.mkdir(runtime.root)),
    );
    const { restored, skipped } = await restore(id);
    expect(restored).toEqual([".gitignore", "a.txt"]);
    expect(skipped).toEqual(
      ["dist", "dist/old.js", "node_modules"].map((one) => ({ path: one, why: "ignored" })),
    );
  });

  it("is not removed because git looks at it by now", async () => {
    await put("secret.log", "keep me");
    const id = await call(() => put(".gitignore", ""));
    const { removed, skipped } = await restore(id);
    expect(removed).toEqual([]);
    expect(skipped).toContainEqual({ path: "secret.log", why: "ignored" });
    expect(await textOf("secret.log")).toBe("keep me");
    expect(await textOf("dist/old.js")).toBe("old");
  });

  it("comes back where it was kept before git began to ignore it, and the undo has what it became", async () => {
    const id = await call(() => put(".gitignore", "*.txt\n"));
    await put("a.txt", "changed while git ignored it");
    const { restored, undo } = await restore(id);
    expect(restored).toEqual([".gitignore", "a.txt"]);
    expect(await textOf("a.txt")).toBe("a");
    await restore(undo);
    expect(await textOf("a.txt")).toBe("changed while git ignored it");
    expect(await textOf(".gitignore")).toBe("*.txt\n");
  });
});

describe("what cannot be kept", () => {
  it("is left alone and named: links, and what is too large or does not fit", async () => {
    await put("target", "t");
    await put("long.bin", "x".repeat(11 * 1024 * 1024));
    await put("wide.bin", "y".repeat(2_000_000));
    await fs.symlink("target", at("link"));
    const id = await call(async () => {
      for (const name of ["link", "long.bin", "wide.bin", "target"]) await fs.rm(at(name));
    });
    const { restored, skipped } = await restore(id);
    expect(restored).toEqual(["target"]);
    expect(skipped).toEqual([
      { path: "link", why: "symlink" },
      { path: "long.bin", why: "too_large" },
      { path: "wide.bin", why: "no_room" },
    ]);
  });

  it("is never written through: a link where a directory was", async () => {
    await put("d/a", "inside");
    const outside = await fs.mkdtemp(path.join(path.dirname(runtime.root), "outside-"));
    const id = await call(async () => {
      await fs.rm(at("d"), { recursive: true });
      await fs.symlink(outside, at("d"));
    });
    const { restored, skipped } = await restore(id);
    expect({ restored, skipped }).toEqual({
      restored: [],
      skipped: [
        { path: "d", why: "symlink" },
        { path: "d/a", why: "in_the_way" },
      ],
    });
    expect(await fs.readdir(outside)).toEqual([]);
    await fs.rmdir(outside);
  });

  it("keeps the directory that it is in, and what would be in that one's place", async () => {
    await put("d", "a file");
    const id = await call(async () => {
      await fs.rm(at("d"));
      await put("d/made.txt", "made");
      await put("d/node_modules/x", "x");
    });
    const { removed, skipped } = await restore(id);
    expect(removed).toEqual(["d/made.txt"]);
    expect(skipped).toEqual([{ path: "d", why: "in_the_way" }]);
    expect(await textOf("d/node_modules/x")).toBe("x");
  });

  it("makes the oldest checkpoints go, and says how many", async () => {
    checkpoints = open(100);
    await put("a", "0".repeat(40));
    const ids = [];
    for (const digit of ["1", "2", "3"]) ids.push(await call(() => put("a", digit.repeat(40))));
    const { checkpoints: left, dropped } = await checkpoints.list();
    expect(dropped).toBe(2);
    expect(left.map(({ id }) => id)).toEqual(ids.slice(2));
    await expect(restore(ids[0] ?? "")).rejects.toMatchObject({ code: "checkpoint_not_found" });
    await restore(ids[2] ?? "");
    expect(await textOf("a")).toBe("2".repeat(40));
  });

  it("are more checkpoints than anybody looks through", async () => {
    for (let count = 0; count <= CHECKPOINTS_MAX; count += 1) {
      await call(() => put("a", String(count)));
    }
    expect((await checkpoints.list()).checkpoints).toHaveLength(CHECKPOINTS_MAX);
    expect((await checkpoints.list()).dropped).toBe(1);
  });
});

it("brings back what has to go from memory while it is brought back", async () => {
  checkpoints = open(20);
  await put("a", "aaaa");
  await put("b", "bbbb");
  await put("c", "cccccccc");
  const id = await call(async () => {
    await fs.rm(at("a"));
    await fs.rm(at("c"));
    await put(".gitignore", "b");
  });
  await put("b", "BBBBBB");
  const { undo } = await restore(id, ["a", "b", ".gitignore"]);
  expect([await textOf("a"), await textOf("b")]).toEqual(["aaaa", "bbbb"]);
  const { checkpoints: left, dropped } = await checkpoints.list();
  expect([left.map((one) => one.id), dropped]).toEqual([[undo], 1]);
  await restore(undo);
  expect(await textOf("b")).toBe("BBBBBB");
});

describe("modes", () => {
  it("come back, also of what was deleted, and what nobody may write", async () => {
    await put("run.sh", "echo");
    await put("d/fixed", "fixed");
    await fs.chmod(at("run.sh"), 0o755);
    await fs.chmod(at("d/fixed"), 0o444);
    await fs.chmod(at("d"), 0o750);
    const id = await call(async () => {
      await fs.rm(at("run.sh"));
      await fs.chmod(at("d"), 0o755);
      await fs.rm(at("d/fixed"));
      await put("d/fixed", "other");
      await fs.chmod(at("d/fixed"), 0o400);
    });
    await restore(id);
    const modes = await Promise.all(["run.sh", "d", "d/fixed"].map((one) => fs.stat(at(one))));
    expect(modes.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(["755", "750", "444"]);
    expect(await textOf("d/fixed")).toBe("fixed");
  });
});

describe("what else happens meanwhile", () => {
  it("is held by the checkpoint before it, whoever did it", async () => {
    await put("a", "0");
    const id = await call(() => put("a", "1"));
    await put("b", "by hand");
    const later = await call(() => put("a", "2"));
    await restore(later);
    expect([await textOf("a"), await textOf("b")]).toEqual(["1", "by hand"]);
    await restore(id);
    expect(await textOf("a")).toBe("0");
    expect(await codeOf(textOf("b"))).toBe("ENOENT");
  });

  it("keeps a call's checkpoint where another call, begun later, holds its changes", async () => {
    const about = { operation: "run_command", client: "t", summary: "Ran" };
    await put("a", "0");
    const long = await checkpoints.begin(about);
    const short = await checkpoints.begin(about);
    await put("a", "1");
    expect(await checkpoints.end(short)).toBe(true);
    expect(await checkpoints.end(long)).toBe(true);
    await restore(long);
    expect(await textOf("a")).toBe("0");
  });

  it("waits with the next call while a restore writes", async () => {
    await put("a", "0");
    const id = await call(() => put("a", "1"));
    const restoring = checkpoints.restore(id, undefined);
    const other = call(async () => {
      expect(await textOf("a")).toBe("0");
      await put("a", "2");
    });
    await Promise.all([restoring, other]);
    expect(await textOf("a")).toBe("2");
  });
});

it("can take back a restore that failed in the middle", async () => {
  let isFull = false;
  checkpoints = open(1e6, {
    ...runtime.files,
    write: (file, content) =>
      isFull && file.endsWith("b")
        ? Promise.reject(new FileError("ENOSPC", file, "ENOSPC: no space left on device"))
        : runtime.files.write(file, content),
  });
  await put("a", "0");
  await put("b", "0");
  const id = await call(() => Promise.all([put("a", "1"), put("b", "1"), put("c", "1")]));
  isFull = true;
  const undo = await call(async () => {
    await expect(checkpoints.restore(id, undefined)).rejects.toMatchObject({ code: "ENOSPC" });
  });
  isFull = false;
  expect(await textOf("a")).toBe("0");
  await restore(undo);
  expect(await Promise.all(["a", "b", "c"].map(textOf))).toEqual(["1", "1", "1"]);
});
