import { createHash, randomBytes } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DiscoError } from "#protocol/errors.ts";
import { FILE_MAX_BYTES, LINE_MAX_CHARS } from "#protocol/limits.ts";
import { type OperationInput, registry } from "#protocol/registry.ts";
import { fileHandlers } from "#sandbox/dispatch/handlers/files.ts";
import type { Runtime } from "#sandbox/runtime/runtime.ts";
import { bootNodeRuntime } from "../../support/node-runtime.ts";
import { tabContext } from "../../support/tab-context.ts";

let runtime: Runtime;
let abort: AbortController;

beforeEach(async () => {
  runtime = await bootNodeRuntime();
  abort = new AbortController();
});
afterEach(async () => {
  await runtime.dispose();
});

const context = () => tabContext(runtime, { signal: abort.signal });
const inside = (name: string) => path.join(runtime.root, name);

async function list(input: Partial<OperationInput<"list_files">>) {
  const output = await fileHandlers.list_files(registry.list_files.input.parse(input), context());
  return registry.list_files.output.parse(output);
}
async function read(input: Partial<OperationInput<"read_file">>) {
  const output = await fileHandlers.read_file(registry.read_file.input.parse(input), context());
  return registry.read_file.output.parse(output);
}
async function write(input: Partial<OperationInput<"write_file">>) {
  const output = await fileHandlers.write_file(registry.write_file.input.parse(input), context());
  return registry.write_file.output.parse(output);
}
async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error("It did not fail."),
    (failure: unknown) => failure,
  );
  return error instanceof DiscoError ? error.code : String(error);
}
const hashOf = (bytes: string | Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("list_files", () => {
  beforeEach(async () => {
    await fs.mkdir(inside("src/deep/er"), { recursive: true });
    await fs.mkdir(inside("node_modules/pkg"), { recursive: true });
    await fs.writeFile(inside("src/app.ts"), "12345");
    await fs.writeFile(inside("src/deep/er/x"), "");
    await fs.writeFile(inside("node_modules/pkg/index.js"), "");
    await fs.writeFile(inside("README.md"), "hi");
  });

  it("lists one level, sorted, with sizes", async () => {
    expect(await list({})).toEqual({
      path: ".",
      entries: [
        { path: "README.md", type: "file", size: 2 },
        { path: "node_modules", type: "directory", size: 0 },
        { path: "src", type: "directory", size: 0 },
      ],
      total: 3,
      truncated: false,
    });
  });

  it("descends to the depth, and names node_modules without entering it", async () => {
    const { entries } = await list({ depth: 3 });
    expect(entries.map((entry) => entry.path)).toEqual([
      "README.md",
      "node_modules",
      "src",
      "src/app.ts",
      "src/deep",
      "src/deep/er",
    ]);
  });

  it("enters node_modules when the path points into it", async () => {
    const { entries } = await list({ path: "node_modules", depth: 2 });
    expect(entries.map((entry) => entry.path)).toEqual([
      "node_modules/pkg",
      "node_modules/pkg/index.js",
    ]);
  });

  it("tells the total when it cuts the list", async () => {
    const result = await list({ depth: 20, limit: 2 });
    expect(result).toMatchObject({ total: 7, truncated: true });
    expect(result.entries).toHaveLength(2);
  });

  it("shows a symbolic link as one and does not enter it", async () => {
    await fs.symlink(inside("src"), inside("link"));
    const { entries } = await list({ depth: 5 });
    expect(entries.find((entry) => entry.path === "link")?.type).toBe("symlink");
    expect(entries.some((entry) => entry.path.startsWith("link/"))).toBe(false);
  });

  it("refuses a file, and what is not there", async () => {
    expect(await codeOf(list({ path: "README.md" }))).toBe("not_a_directory");
    expect(await codeOf(list({ path: "nowhere" }))).toBe("file_not_found");
  });
});

describe("read_file", () => {
  it("returns lines with their ends, range, size and hash", async () => {
    await fs.writeFile(inside("a.txt"), "one\r\ntwo\nthree");
    expect(await read({ path: "a.txt", limit: 2 })).toEqual({
      path: "a.txt",
      text: "one\r\ntwo\n",
      encoding: "utf8",
      start: 1,
      end: 2,
      total_lines: 3,
      next_offset: 3,
      cut_lines: 0,
      bytes: 14,
      hash: hashOf("one\r\ntwo\nthree"),
    });
  });

  it("takes an absolute path below the root", async () => {
    await fs.writeFile(inside("a.txt"), "x\n");
    expect((await read({ path: inside("./a.txt") })).path).toBe("a.txt");
  });

  it("keeps a byte order mark, and returns nothing of an empty file", async () => {
    await fs.writeFile(inside("bom"), "\u{FEFF}x");
    await fs.writeFile(inside("empty"), "");
    expect((await read({ path: "bom" })).text).toBe("\u{FEFF}x");
    expect(await read({ path: "empty" })).toMatchObject({ text: "", start: 0, total_lines: 0 });
  });

  it("cuts a long line and counts it", async () => {
    await fs.writeFile(inside("min.js"), `${"x".repeat(LINE_MAX_CHARS + 7)}\nend\n`);
    const { text, cut_lines } = await read({ path: "min.js" });
    expect(text).toBe(`${"x".repeat(LINE_MAX_CHARS)}… [7 more characters]\nend\n`);
    expect(cut_lines).toBe(1);
  });

  it("returns binary files whole, as base64, and text too when asked", async () => {
    const bytes = randomBytes(100_000);
    await fs.writeFile(inside("b.bin"), bytes);
    await fs.writeFile(inside("nul.txt"), "a\0b");
    await fs.writeFile(inside("t.txt"), "täxt");
    const binary = await read({ path: "b.bin" });
    expect(binary).toMatchObject({ encoding: "base64", total_lines: 0, next_offset: null });
    expect(Buffer.from(binary.text, "base64").equals(bytes)).toBe(true);
    expect((await read({ path: "nul.txt" })).encoding).toBe("base64");
    const asked = await read({ path: "t.txt", encoding: "base64" });
    expect(Buffer.from(asked.text, "base64").toString()).toBe("täxt");
  });

  it("refuses directories, missing files, files used as directories, and large ones", async () => {
    await fs.mkdir(inside("dir"));
    await fs.writeFile(inside("file"), "");
    await fs.writeFile(inside("large"), new Uint8Array(FILE_MAX_BYTES + 1));
    expect(await codeOf(read({ path: "dir" }))).toBe("is_directory");
    expect(await codeOf(read({ path: "nowhere" }))).toBe("file_not_found");
    await expect(read({ path: "no/./where" })).rejects.toThrow("no/where does not exist.");
    expect(await codeOf(read({ path: "file/x" }))).toBe("not_a_directory");
    expect(await codeOf(read({ path: "large" }))).toBe("too_large");
  });

  it("refuses every way out of the workspace", async () => {
    await fs.symlink("/etc", inside("etc"));
    await fs.symlink("/nowhere-at-all", inside("dangling"));
    await fs.mkdir(inside("dir"));
    const sibling = `${runtime.root}-evil`;
    await fs.mkdir(sibling);
    await fs.writeFile(path.join(sibling, "x"), "");
    try {
      const ways = ["../x", "dir/../../x", "/etc/passwd", `${sibling}/x`, "etc/passwd", "dangling"];
      for (const way of ways) {
        expect(await codeOf(read({ path: way })), way).toBe("path_outside_workspace");
      }
    } finally {
      await fs.rm(sibling, { recursive: true });
    }
  });

  it("follows a link that stays inside, and refuses one that goes round", async () => {
    await fs.writeFile(inside("real"), "here");
    await fs.symlink("real", inside("link"));
    await fs.symlink("loop", inside("loop"));
    expect((await read({ path: "link" })).text).toBe("here");
    expect(await codeOf(read({ path: "loop" }))).toBe("invalid_input");
  });
});

describe("write_file", () => {
  it("makes directories, and says what it did", async () => {
    const output = await write({ path: "a/b/c.txt", content: "täxt" });
    expect(output).toEqual({ path: "a/b/c.txt", bytes: 5, created: true, hash: hashOf("täxt") });
    expect(await fs.readFile(inside("a/b/c.txt"), "utf8")).toBe("täxt");
    expect((await write({ path: "a/b/c.txt", content: "" })).created).toBe(false);
    expect(await fs.readFile(inside("a/b/c.txt"), "utf8")).toBe("");
  });

  it("creates only what is not there", async () => {
    await write({ path: "x", content: "1", mode: "create" });
    expect(await codeOf(write({ path: "x", content: "2", mode: "create" }))).toBe("already_exists");
    expect(await fs.readFile(inside("x"), "utf8")).toBe("1");
  });

  it("appends, and loses no part when many append at once", async () => {
    const parts = Array.from({ length: 40 }, (_, index) => `line ${index}\n`);
    await Promise.all(parts.map((content) => write({ path: "log", content, mode: "append" })));
    const written = (await fs.readFile(inside("log"), "utf8")).split(/(?<=\n)/);
    expect(written.toSorted()).toEqual(parts.toSorted());
  });

  it("makes one directory for many who write into it at once", async () => {
    const names = Array.from({ length: 30 }, (_, index) => `new/deep/er/${index}.txt`);
    const codes = await Promise.all(
      names.map((name) => codeOf(write({ path: name, content: "" }))),
    );
    expect(codes.filter((code) => code !== "Error: It did not fail.")).toEqual([]);
  });

  it("is not misled by a directory that appears between two looks", async () => {
    const { files } = runtime;
    const target = inside("late");
    const racing: Runtime = {
      ...runtime,
      files: {
        ...files,
        realpath: async (looked) => {
          const real = files.realpath(looked);
          await real.catch(() => fs.mkdir(target, { recursive: true }));
          return real;
        },
      },
    };
    const input = registry.write_file.input.parse({ path: "late/a.txt", content: "here" });
    await fileHandlers.write_file(input, { ...context(), runtime: racing });
    expect(await fs.readFile(inside("late/a.txt"), "utf8")).toBe("here");
  });

  it("lets one of two writers win who read the same version", async () => {
    await write({ path: "x", content: "old" });
    const writes = ["one", "two"].map((content) =>
      codeOf(write({ path: "x", content, expected_hash: hashOf("old") })),
    );
    const codes = await Promise.all(writes);
    expect(codes.filter((code) => code === "hash_mismatch")).toHaveLength(1);
  });

  it("refuses a write that expects a file that is not there", async () => {
    const expected_hash = hashOf("");
    expect(await codeOf(write({ path: "x", content: "", expected_hash }))).toBe("file_not_found");
  });

  it("takes exact bytes as base64, and refuses what is none", async () => {
    const bytes = randomBytes(70_001);
    await write({ path: "b", content: bytes.toString("base64"), encoding: "base64" });
    expect((await fs.readFile(inside("b"))).equals(bytes)).toBe(true);
    for (const content of ["YQ", "YQ=", "Y===", "YQ==\n", "Y-_=", "=YQ=", "é==="]) {
      const code = await codeOf(write({ path: "b", content, encoding: "base64" }));
      expect(code, content).toBe("invalid_input");
    }
  });

  it("refuses directories, files used as directories, half characters, too much", async () => {
    await fs.mkdir(inside("dir"));
    await fs.writeFile(inside("file"), new Uint8Array(FILE_MAX_BYTES));
    expect(await codeOf(write({ path: "dir", content: "" }))).toBe("is_directory");
    expect(await codeOf(write({ path: ".", content: "" }))).toBe("is_directory");
    expect(await codeOf(write({ path: "file/x", content: "" }))).toBe("not_a_directory");
    expect(await codeOf(write({ path: "new/", content: "" }))).toBe("invalid_input");
    expect(await codeOf(write({ path: "x", content: "\uD800" }))).toBe("invalid_input");
    expect(await codeOf(write({ path: "n".repeat(256), content: "" }))).toBe("invalid_input");
    const more = write({ path: "file", content: "+", mode: "append" });
    expect(await codeOf(more)).toBe("too_large");
  });

  it("refuses to write through a link that leads out, also to a new file", async () => {
    await fs.symlink("/tmp", inside("out"));
    const code = await codeOf(write({ path: "out/disco-must-not-exist/x", content: "" }));
    expect(code).toBe("path_outside_workspace");
  });

  it("has no effect when it was cancelled before it began", async () => {
    abort.abort(new DiscoError("cancelled", "The call was cancelled."));
    expect(await codeOf(write({ path: "new/x", content: "1" }))).toBe("cancelled");
    expect(await fs.readdir(runtime.root)).toEqual([]);
  });
});
