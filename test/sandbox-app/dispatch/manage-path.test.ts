import fs from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DiscoError } from "#protocol/errors.ts";
import { registry } from "#protocol/registry.ts";
import { pathHandlers } from "#sandbox/dispatch/handlers/paths.ts";
import type { Runtime } from "#sandbox/runtime/runtime.ts";
import type * as z from "zod";
import { bootNodeRuntime } from "../../support/node-runtime.ts";
import { tabContext } from "../../support/tab-context.ts";

let runtime: Runtime;

beforeEach(async () => {
  runtime = await bootNodeRuntime();
});
afterEach(async () => {
  await runtime.dispose();
});

const inside = (name: string) => path.join(runtime.root, name);

async function manage(input: z.input<typeof registry.manage_path.input>) {
  const context = tabContext(runtime);
  const parsed = registry.manage_path.input.parse(input);
  return registry.manage_path.output.parse(await pathHandlers.manage_path(parsed, context));
}
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "none",
    (error: unknown) => (error instanceof DiscoError ? error.code : String(error)),
  );

describe("manage_path", () => {
  beforeEach(async () => {
    await fs.mkdir(inside("src/deep"), { recursive: true });
    await fs.writeFile(inside("src/a.txt"), "a");
    await fs.writeFile(inside("src/deep/b.txt"), "b");
  });

  it("makes a directory and those above it, and says when it is there", async () => {
    expect(await manage({ action: "mkdir", path: "x/y/z" })).toMatchObject({ affected: 1 });
    expect((await fs.stat(inside("x/y/z"))).isDirectory()).toBe(true);
    expect(await manage({ action: "mkdir", path: "x/y/z" })).toMatchObject({ affected: 0 });
    expect(await codeOf(manage({ action: "mkdir", path: "src/a.txt" }))).toBe("already_exists");
    expect(await codeOf(manage({ action: "mkdir", path: "src/a.txt/b" }))).toBe("not_a_directory");
  });

  it("moves, and makes the directories above the new place", async () => {
    const moved = await manage({ action: "move", path: "src", to: "lib/code" });
    expect(moved).toEqual({ action: "move", path: "src", to: "lib/code", affected: 4 });
    expect(await fs.readFile(inside("lib/code/deep/b.txt"), "utf8")).toBe("b");
    expect(await codeOf(fs.stat(inside("src")))).toContain("ENOENT");
  });

  it("copies a file, and a directory when it is told to", async () => {
    await manage({ action: "copy", path: "src/a.txt", to: "c.txt" });
    expect(await fs.readFile(inside("c.txt"), "utf8")).toBe("a");
    expect(await codeOf(manage({ action: "copy", path: "src", to: "d" }))).toBe("is_directory");
    const copied = await manage({ action: "copy", path: "src", to: "d", recursive: true });
    expect(copied.affected).toBe(4);
    expect(await fs.readFile(inside("d/deep/b.txt"), "utf8")).toBe("b");
    expect(await fs.readFile(inside("src/deep/b.txt"), "utf8")).toBe("b");
  });

  it("deletes a file and an empty directory; a full one when it is told to", async () => {
    await manage({ action: "delete", path: "src/deep/b.txt" });
    await manage({ action: "delete", path: "src/deep" });
    expect(await codeOf(manage({ action: "delete", path: "src" }))).toBe("is_directory");
    const deleted = await manage({ action: "delete", path: "src", recursive: true });
    expect(deleted.affected).toBe(2);
    expect(await fs.readdir(runtime.root)).toEqual([]);
  });

  it("never puts anything over something, or into itself", async () => {
    await fs.writeFile(inside("there"), "keep");
    const over = { path: "src/a.txt", to: "there" };
    for (const action of ["move", "copy"] as const) {
      expect(await codeOf(manage({ action, ...over }))).toBe("already_exists");
      const self = { path: "src", to: "src/deep/src", recursive: true };
      expect(await codeOf(manage({ action, ...self }))).toBe("invalid_input");
    }
    expect(await fs.readFile(inside("there"), "utf8")).toBe("keep");
  });

  it("takes a symbolic link itself, and copies the file that it leads to", async () => {
    await fs.symlink("src/a.txt", inside("link"));
    await fs.symlink("/etc", inside("outside"));
    await manage({ action: "copy", path: "link", to: "copy" });
    expect((await fs.lstat(inside("copy"))).isFile()).toBe(true);
    await manage({ action: "move", path: "link", to: "moved" });
    expect(await fs.readlink(inside("moved"))).toBe("src/a.txt");
    await manage({ action: "delete", path: "moved" });
    expect(await fs.readFile(inside("src/a.txt"), "utf8")).toBe("a");
    const copied = manage({ action: "copy", path: "outside", to: "etc", recursive: true });
    expect(await codeOf(copied)).toBe("path_outside_workspace");
    await manage({ action: "delete", path: "outside" });
    expect(await fs.readdir("/etc")).not.toEqual([]);
  });

  it("ends when a link leads back to where it is", async () => {
    await fs.symlink("..", inside("src/deep/up"));
    await manage({ action: "copy", path: "src", to: "d", recursive: true });
    expect((await fs.readdir(inside("d/deep"))).toSorted()).toEqual(["b.txt"]);
  });

  it("refuses what has no meaning", async () => {
    const cases = [
      [{ action: "delete", path: ".", recursive: true }, "invalid_input"],
      [{ action: "move", path: "src" }, "invalid_input"],
      [{ action: "delete", path: "src", to: "x" }, "invalid_input"],
      [{ action: "delete", path: "gone" }, "file_not_found"],
      [{ action: "move", path: "gone", to: "x" }, "file_not_found"],
      [{ action: "copy", path: "src/a.txt", to: "../x" }, "path_outside_workspace"],
      [{ action: "delete", path: "../x" }, "path_outside_workspace"],
    ] as const;
    for (const [input, code] of cases) expect(await codeOf(manage(input)), code).toBe(code);
  });
});

/** A tree as a map of paths: a text is a file, null a directory. */
type Model = Map<string, string | null>;

function apply(model: Model, action: string, from: string, to: string): boolean {
  const below = [...model].filter(([name]) => name === from || name.startsWith(`${from}/`));
  const parents = (name: string) =>
    name.split("/").flatMap((_, index, parts) => (index ? [parts.slice(0, index).join("/")] : []));
  const blocked = (name: string) => parents(name).some((up) => typeof model.get(up) === "string");
  const make = (name: string) =>
    parents(name).forEach((up) => model.set(up, model.get(up) ?? null));
  if (action === "mkdir") {
    if (typeof model.get(from) === "string" || blocked(from)) return false;
    make(from);
    model.set(from, null);
    return true;
  }
  if (below.length === 0) return false;
  if (action === "delete") {
    for (const [name] of below) model.delete(name);
    return true;
  }
  if (model.has(to) || blocked(to) || `${to}/`.startsWith(`${from}/`)) return false;
  make(to);
  for (const [name, content] of below) {
    if (action === "move") model.delete(name);
    model.set(to + name.slice(from.length), content);
  }
  return true;
}

describe("any sequence of operations", () => {
  const name = fc.constantFrom("a", "b", "a/c", "b/d", "a/c/e", "f.txt", "a/f.txt");
  const step = fc.tuple(fc.constantFrom("mkdir", "move", "copy", "delete"), name, name);

  it("leaves what a model of the file system has", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        for (const entry of await fs.readdir(runtime.root)) {
          await fs.rm(inside(entry), { recursive: true });
        }
        await fs.writeFile(inside("f.txt"), "f");
        const model: Model = new Map([["f.txt", "f"]]);
        for (const [action, from, to] of steps) {
          const isTwo = action === "move" || action === "copy";
          const input = { action, path: from, recursive: true, ...(isTwo ? { to } : {}) };
          const done = (await codeOf(manage(input))) === "none";
          expect([action, from, to, done]).toEqual([
            action,
            from,
            to,
            apply(model, action, from, to),
          ]);
        }
        const there = await fs.readdir(runtime.root, { recursive: true });
        expect(there.toSorted()).toEqual([...model.keys()].toSorted());
      }),
      { numRuns: 150 },
    );
  });
});
