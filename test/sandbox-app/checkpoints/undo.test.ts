import fs from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Checkpoints } from "#sandbox/checkpoints/checkpoints.ts";
import { CHECKPOINTS_MAX } from "#sandbox/checkpoints/limits.ts";
import { undoCall, type Undone } from "#sandbox/checkpoints/undo-call.ts";
import { FileError, type Runtime } from "#sandbox/runtime/runtime.ts";
import { bootNodeRuntime } from "#test/support/node-runtime.ts";
import { newCheckpoints } from "#test/support/tab-context.ts";

let runtime: Runtime;
let checkpoints: Checkpoints;

beforeEach(async () => {
  runtime = await bootNodeRuntime();
  checkpoints = newCheckpoints(runtime);
});
afterEach(() => runtime.dispose());

const at = (name: string) => path.join(runtime.root, name);
const textOf = (name: string) => fs.readFile(at(name), "utf8");

async function put(name: string, text: string): Promise<void> {
  await fs.mkdir(path.dirname(at(name)), { recursive: true });
  await fs.writeFile(at(name), text);
}

const begin = () => checkpoints.begin({ operation: "run_command", client: "t", summary: "Ran it" });

async function call(work: () => Promise<unknown>): Promise<string> {
  const id = await begin();
  await work();
  await checkpoints.end(id);
  return id;
}

const undo = (id: string, lost?: readonly string[]) =>
  undoCall(checkpoints, id, lost === undefined ? null : { lost });

function redoOf(undone: Undone): string {
  if (undone.state !== "done" || undone.redo === null) throw new Error(JSON.stringify(undone));
  return undone.redo;
}

/** Each file of the workspace and its text. */
async function everything(): Promise<Record<string, string>> {
  const names = await fs.readdir(runtime.root, { recursive: true, withFileTypes: true });
  const files = names
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(runtime.root, path.join(parentPath, name)));
  return Object.fromEntries(
    await Promise.all(files.toSorted().map(async (name) => [name, await textOf(name)] as const)),
  );
}

describe("taking a call back", () => {
  it("brings back what it changed and deleted, and removes what it made", async () => {
    await put("changed", "old");
    await put("gone/deep", "was here");
    const id = await call(async () => {
      await put("changed", "new");
      await fs.rm(at("gone"), { recursive: true });
      await put("made/file", "made");
    });
    expect(await undo(id)).toMatchObject({
      state: "done",
      restored: ["changed", "gone", "gone/deep"],
      removed: ["made", "made/file"],
      skipped: [],
    });
    expect(await everything()).toEqual({ changed: "old", "gone/deep": "was here" });
  });

  it("leaves what others have changed since, and needs no consent for that", async () => {
    await put("a", "1");
    const id = await call(() => put("a", "2"));
    await call(() => put("b", "by another call"));
    await put("c", "by the person");
    expect(await undo(id)).toMatchObject({ state: "done", restored: ["a"], removed: [] });
    expect(await everything()).toEqual({ a: "1", b: "by another call", c: "by the person" });
  });

  it("keeps a directory in which something was made later", async () => {
    const id = await call(() => put("src/made", "x"));
    await put("src/later", "y");
    const undone = await undo(id);
    expect(undone).toMatchObject({
      state: "done",
      removed: ["src/made"],
      skipped: [{ path: "src", why: "in_the_way" }],
    });
    expect(await everything()).toEqual({ "src/later": "y" });
  });

  it("is itself taken back, and so on", async () => {
    await put("a", "1");
    const id = await call(() => put("a", "2"));
    const redo = redoOf(await undo(id));
    expect(await textOf("a")).toBe("1");
    const again = redoOf(await undo(redo));
    expect(await textOf("a")).toBe("2");
    await undo(again);
    expect(await textOf("a")).toBe("1");
  });

  it("is listed for clients as the person's", async () => {
    const id = await call(() => put("a", "1"));
    const redo = redoOf(await undo(id));
    const { checkpoints: listed } = await checkpoints.list();
    expect(listed[0]).toMatchObject({
      id: redo,
      operation: "undo",
      client: "the person at the page",
    });
  });
});

describe("where later changes would be lost", () => {
  it.each([
    ["another call", (name: string) => call(() => put(name, "3"))],
    ["the person", (name: string) => put(name, "3")],
  ])("by %s, it tells which, and does nothing", async (_who, change) => {
    await put("a", "1");
    const id = await call(async () => {
      await put("a", "2");
      await put("b", "2");
    });
    await change("a");
    const asked = await undo(id);
    expect(asked).toEqual({
      state: "asks",
      plan: { restored: ["a"], removed: ["b"], lost: ["a"], isShared: false, skipped: [] },
    });
    expect(await everything()).toEqual({ a: "3", b: "2" });
    expect(await undo(id, ["a"])).toMatchObject({ state: "done", restored: ["a"], removed: ["b"] });
    expect(await everything()).toEqual({ a: "1" });
  });

  it("asks anew when more would be lost by now than was agreed to", async () => {
    const id = await call(async () => {
      await put("a", "1");
      await put("b", "1");
    });
    await put("a", "2");
    expect(await undo(id)).toMatchObject({ state: "asks", plan: { lost: ["a"] } });
    await put("b", "2");
    expect(await undo(id, ["a"])).toMatchObject({ state: "asks", plan: { lost: ["a", "b"] } });
    expect(await everything()).toEqual({ a: "2", b: "2" });
  });

  it("asks when other calls ran meanwhile, whose changes nobody can tell apart", async () => {
    const first = await begin();
    await put("a", "by the first");
    const second = await begin();
    await put("b", "by one of them");
    await checkpoints.end(first);
    await checkpoints.end(second);
    for (const id of [first, second]) {
      expect(await undo(id)).toMatchObject({ state: "asks", plan: { isShared: true } });
    }
    expect(await undo(second, [])).toMatchObject({ state: "done", removed: ["b"] });
  });
});

describe("what cannot be taken back", () => {
  it("is a call whose checkpoint is not there any more, or never was", async () => {
    const id = await call(() => put("a", "1"));
    for (let count = 0; count < CHECKPOINTS_MAX; count += 1) {
      await call(() => put("b", String(count)));
    }
    expect(await undo(id)).toEqual({ state: "dropped" });
    expect(await undo("c_none")).toEqual({ state: "dropped" });
  }, 60_000);

  it("is told with what went wrong, and what was done is taken back with its own", async () => {
    await put("a", "1");
    await put("b", "1");
    const full = new FileError("ENOSPC", "b", "ENOSPC: no space left on device");
    let isFull = false;
    const files = {
      ...runtime.files,
      write: (name: string, content: Uint8Array) =>
        isFull && name.endsWith("/b") ? Promise.reject(full) : runtime.files.write(name, content),
    };
    checkpoints = newCheckpoints({ files, root: runtime.root });
    const id = await call(async () => {
      await put("a", "2");
      await put("b", "2");
    });
    isFull = true;
    const undone = await undo(id);
    expect(undone).toMatchObject({ state: "failed", message: "b does not fit any more." });
    expect(await everything()).toEqual({ a: "1", b: "2" });
    isFull = false;
    await undo(undone.state === "failed" ? (undone.redo ?? "") : "");
    expect(await everything()).toEqual({ a: "2", b: "2" });
  });
});

describe("whatever calls have done", () => {
  const name = fc.constantFrom("a", "b", "d/a", "d/b", "d/e/a");
  const change = fc.record({ name, text: fc.option(fc.constantFrom("1", "2", "3")) });
  const changes = fc.array(change, { minLength: 1, maxLength: 3 });

  it("an undo and its own undo leave every byte as it was", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(changes, { minLength: 1, maxLength: 5 }),
        fc.nat(),
        async (calls, which) => {
          await fs.rm(runtime.root, { recursive: true });
          await fs.mkdir(runtime.root);
          const ids: string[] = [];
          for (const made of calls) {
            ids.push(
              await call(async () => {
                for (const { name: file, text } of made) {
                  if (text === null) await fs.rm(at(file), { force: true });
                  else await put(file, text);
                }
              }),
            );
          }
          const before = await everything();
          const id = ids[which % ids.length] ?? "";
          const asked = await undo(id);
          const done = asked.state === "asks" ? await undo(id, asked.plan.lost) : asked;
          if (done.state !== "done" || done.redo === null) return;
          expect(await undo(done.redo)).toMatchObject({ state: "done" });
          expect(await everything()).toEqual(before);
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});
