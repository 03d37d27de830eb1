import fs from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DiscoError } from "#protocol/errors.ts";
import { registry } from "#protocol/registry.ts";
import { editHandlers } from "#sandbox/dispatch/handlers/edits.ts";
import { type Files, FileError, type Runtime } from "#sandbox/runtime/runtime.ts";
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
const textOf = (name: string) => fs.readFile(inside(name), "utf8");
const put = (name: string, text: string) => fs.writeFile(inside(name), text);
const context = (over: Partial<Runtime> = {}) => tabContext({ ...runtime, ...over });

async function edit(input: z.input<typeof registry.edit_file.input>) {
  const output = await editHandlers.edit_file(registry.edit_file.input.parse(input), context());
  return registry.edit_file.output.parse(output);
}
async function patch(
  lines: readonly string[],
  { dry_run = false, files }: { dry_run?: boolean; files?: Files } = {},
) {
  const input = registry.apply_patch.input.parse({ patch: lines.join("\n"), dry_run });
  const output = await editHandlers.apply_patch(input, context(files ? { files } : {}));
  return registry.apply_patch.output.parse(output);
}
async function failureOf(work: Promise<unknown>): Promise<DiscoError> {
  const error: unknown = await work.then(
    () => new Error("It did not fail."),
    (failure: unknown) => failure,
  );
  if (error instanceof DiscoError) return error;
  throw error;
}

describe("edit_file", () => {
  it("changes the one place, and answers with the diff and the new hash", async () => {
    await put("a.ts", "const a = 1;\nconst b = 2;\n");
    const done = await edit({ path: "a.ts", edits: [{ old_text: "b = 2", new_text: "b = 3" }] });
    expect(await textOf("a.ts")).toBe("const a = 1;\nconst b = 3;\n");
    expect(done).toMatchObject({ replacements: 1, fit: "exact", diagnostics: [] });
    expect(done.diff).toBe(
      "--- a/a.ts\n+++ b/a.ts\n@@ -1,2 +1,2 @@\n const a = 1;\n-const b = 2;\n+const b = 3;\n",
    );
    const again = [{ old_text: "b = 3", new_text: "b = 4" }];
    await edit({ path: "a.ts", edits: again, expected_hash: done.hash });
    const stale = edit({ path: "a.ts", edits: again, expected_hash: done.hash });
    expect((await failureOf(stale)).code).toBe("hash_mismatch");
  });

  it("keeps a byte order mark, and the mode of the file", async () => {
    await put("run.sh", "\uFEFFecho a\r\n");
    await fs.chmod(inside("run.sh"), 0o755);
    await edit({ path: "run.sh", edits: [{ old_text: "a", new_text: "b\n" }] });
    expect(await textOf("run.sh")).toBe("\uFEFFecho b\r\n\r\n");
    expect((await fs.stat(inside("run.sh"))).mode & 0o777).toBe(0o755);
  });

  it("writes nothing in a dry run", async () => {
    await put("a", "x\n");
    const done = await edit({
      path: "a",
      edits: [{ old_text: "x", new_text: "y" }],
      dry_run: true,
    });
    expect(done.diff).toContain("+y");
    expect(await textOf("a")).toBe("x\n");
  });

  it("warns of a syntax error that the file has now", async () => {
    await put("a.json", '{ "a": 1 }\n');
    const done = await edit({ path: "a.json", edits: [{ old_text: "1", new_text: "" }] });
    expect(done.diagnostics).toEqual([
      { path: "a.json", line: 1, column: 9, message: expect.stringContaining("Syntax error") },
    ]);
  });

  it("shows the nearest lines when the text is not there", async () => {
    await put("a.ts", "function f() {\n\treturn 1;\n}\n");
    const old_text = "function f() {\n  return 1;\n}";
    const error = await failureOf(edit({ path: "a.ts", edits: [{ old_text, new_text: "" }] }));
    expect(error.code).toBe("text_not_found");
    expect(error.message).toContain("lines 1-3");
    expect(error.message).toContain("[-··-]{+→+}return 1;");
    expect(error.details).toEqual({ path: "a.ts", edit: 0, line: 1 });
  });

  it("names the lines when the text is there more than once, and changes nothing", async () => {
    await put("a", "x\ny\nx\n");
    const edits = [
      { old_text: "y", new_text: "z" },
      { old_text: "x", new_text: "z" },
    ];
    const error = await failureOf(edit({ path: "a", edits }));
    expect(error.code).toBe("text_not_unique");
    expect(error.message).toContain("Edit 2 of 2");
    expect(error.details).toMatchObject({ count: 2, lines: [1, 3] });
    expect(await textOf("a")).toBe("x\ny\nx\n");
  });

  it.each([
    ["a directory", "dir", "is_directory"],
    ["bytes that are no text", "bin", "not_text"],
    ["nothing", "gone", "file_not_found"],
    ["something outside", "../x", "path_outside_workspace"],
  ])("refuses %s", async (_, name, code) => {
    await fs.mkdir(inside("dir"));
    await fs.writeFile(inside("bin"), new Uint8Array([0, 255, 1]));
    const edits = [{ old_text: "x", new_text: "y" }];
    expect((await failureOf(edit({ path: name, edits }))).code).toBe(code);
  });

  it("lets edits of one file at the same time wait for each other", async () => {
    await put("a", Array.from({ length: 20 }, (_, index) => `line <${index}>\n`).join(""));
    const all = Array.from({ length: 20 }, (_, index) =>
      edit({ path: "a", edits: [{ old_text: `<${index}>`, new_text: `[${index}]` }] }),
    );
    await Promise.all(all);
    expect(await textOf("a")).not.toContain("<");
  });
});

describe("apply_patch", () => {
  const wrapped = (...lines: string[]) => ["*** Begin Patch", ...lines, "*** End Patch"];

  it("adds, updates, moves and deletes in one call", async () => {
    await put("a.txt", "one\ntwo\n");
    await put("b.txt", "bye\n");
    const done = await patch(
      wrapped(
        "*** Add File: new/c.txt",
        "+hello",
        "*** Update File: a.txt",
        "*** Move to: moved/a.txt",
        "@@",
        "-two",
        "+three",
        "*** Delete File: b.txt",
      ),
    );
    expect(done.files.map(({ path: name, op, from }) => [name, op, from])).toEqual([
      ["new/c.txt", "added", null],
      ["moved/a.txt", "moved", "a.txt"],
      ["b.txt", "deleted", null],
    ]);
    expect(await textOf("new/c.txt")).toBe("hello\n");
    expect(await textOf("moved/a.txt")).toBe("one\nthree\n");
    expect((await fs.readdir(runtime.root)).toSorted()).toEqual(["moved", "new"]);
  });

  it("changes nothing when one of its files cannot be changed", async () => {
    await put("a.txt", "one\n");
    const parts = ["*** Update File: a.txt", "@@", "-one", "+two"];
    const missing = wrapped(...parts, "*** Delete File: gone.txt");
    expect((await failureOf(patch(missing))).code).toBe("file_not_found");
    const twice = wrapped(...parts, "*** Add File: a.txt", "+x");
    expect((await failureOf(patch(twice))).code).toBe("already_exists");
    expect(await textOf("a.txt")).toBe("one\n");
  });

  it("puts everything back when a write fails in the middle", async () => {
    await put("a.txt", "one\n");
    const { files } = runtime;
    const full: Files = {
      ...files,
      write: (name, content) =>
        name.endsWith("c.txt")
          ? Promise.reject(new FileError("ENOSPC", name, "ENOSPC: no space left on device"))
          : files.write(name, content),
    };
    const parts = ["*** Update File: a.txt", "@@", "-one", "+two", "*** Add File: c.txt", "+c"];
    expect((await failureOf(patch(wrapped(...parts), { files: full }))).code).toBe("storage_full");
    expect(await fs.readdir(runtime.root)).toEqual(["a.txt"]);
    expect(await textOf("a.txt")).toBe("one\n");
  });

  it("applies parts for the same file one after the other", async () => {
    await put("a.txt", "one\n");
    const part = (from: string, to: string) => [
      "*** Update File: a.txt",
      "@@",
      `-${from}`,
      `+${to}`,
    ];
    const done = await patch(wrapped(...part("one", "two"), ...part("two", "three")));
    expect(done.files).toHaveLength(1);
    expect(await textOf("a.txt")).toBe("three\n");
  });

  it("says which line of the patch cannot be read, and which hunk does not fit", async () => {
    const unreadable = await failureOf(patch(wrapped("*** Rename File: a.txt")));
    expect(unreadable.code).toBe("invalid_input");
    expect(unreadable.message).toContain("line 2");
    await put("a.txt", "x\nx\n");
    const vague = patch(wrapped("*** Update File: a.txt", "@@", "-x", "+y"));
    expect((await failureOf(vague)).details).toEqual({ path: "a.txt", hunk: 0, lines: [1, 2] });
  });

  it("writes nothing in a dry run", async () => {
    const done = await patch(wrapped("*** Add File: a.txt", "+one"), { dry_run: true });
    expect(done.files[0]?.diff).toBe("--- /dev/null\n+++ b/a.txt\n@@ -0,0 +1,1 @@\n+one\n");
    expect(await fs.readdir(runtime.root)).toEqual([]);
  });
});
