import { randomBytes } from "node:crypto";
import fs from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { FILE_MAX_BYTES } from "#protocol/limits.ts";
import type { Runtime } from "#sandbox/runtime/runtime.ts";
import { codeOf, FileCalls, hashOf } from "#test/support/file-calls.ts";

const calls = new FileCalls();

describe("write_file", () => {
  it("makes directories, and says what it did", async () => {
    const output = await calls.write({ path: "a/b/c.txt", content: "täxt" });
    expect(output).toEqual({
      path: "a/b/c.txt",
      bytes: 5,
      created: true,
      diff: "",
      diagnostics: [],
      hash: hashOf("täxt"),
    });
    expect(await fs.readFile(calls.inside("a/b/c.txt"), "utf8")).toBe("täxt");
    expect((await calls.write({ path: "a/b/c.txt", content: "" })).created).toBe(false);
    expect(await fs.readFile(calls.inside("a/b/c.txt"), "utf8")).toBe("");
  });

  it("shows what changed in a file that was there, and nothing of binary ones", async () => {
    await calls.write({ path: "a.txt", content: "one\ntwo\n" });
    const { diff } = await calls.write({ path: "a.txt", content: "one\nzwei\n" });
    expect(diff).toBe("--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+zwei\n");
    const more = await calls.write({ path: "a.txt", content: "drei\n", mode: "append" });
    expect(more.diff).toBe("--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,3 @@\n one\n zwei\n+drei\n");
    expect((await calls.write({ path: "a.txt", content: "one\nzwei\ndrei\n" })).diff).toBe("");
    const binary = { path: "a.txt", content: "AAE=", encoding: "base64" } as const;
    expect((await calls.write(binary)).diff).toBe("");
    expect((await calls.write({ path: "a.txt", content: "text" })).diff).toBe("");
  });

  it("warns of syntax errors, and writes all the same", async () => {
    const { diagnostics } = await calls.write({
      path: "a.ts",
      content: "const a = 1;\nconst b = (;\n",
    });
    expect(diagnostics).toMatchObject([{ path: "a.ts", line: 2 }]);
    expect(await fs.readFile(calls.inside("a.ts"), "utf8")).toContain("const b");
  });

  it("does not compare for long what is another text altogether", async () => {
    const lines = (letter: string) =>
      Array.from({ length: 50_000 }, (_, index) => `${letter}${index}\n`).join("");
    await calls.write({ path: "data", content: lines("a") });
    const { diff } = await calls.write({ path: "data", content: lines("b") });
    expect(diff).toBe("--- a/data\n+++ b/data\n… too many lines differ\n");
  });

  it("creates only what is not there", async () => {
    await calls.write({ path: "x", content: "1", mode: "create" });
    expect(await codeOf(calls.write({ path: "x", content: "2", mode: "create" }))).toBe(
      "already_exists",
    );
    expect(await fs.readFile(calls.inside("x"), "utf8")).toBe("1");
  });

  it("appends, and loses no part when many append at once", async () => {
    const parts = Array.from({ length: 40 }, (_, index) => `line ${index}\n`);
    await Promise.all(
      parts.map((content) => calls.write({ path: "log", content, mode: "append" })),
    );
    const written = (await fs.readFile(calls.inside("log"), "utf8")).split(/(?<=\n)/);
    expect(written.toSorted()).toEqual(parts.toSorted());
  });

  it("makes one directory for many who write into it at once", async () => {
    const names = Array.from({ length: 30 }, (_, index) => `new/deep/er/${index}.txt`);
    const codes = await Promise.all(
      names.map((name) => codeOf(calls.write({ path: name, content: "" }))),
    );
    expect(codes.filter((code) => code !== "Error: It did not fail.")).toEqual([]);
  });

  it("is not misled by a directory that appears between two looks", async () => {
    const { files } = calls.runtime;
    const target = calls.inside("late");
    const racing: Runtime = {
      ...calls.runtime,
      files: {
        ...files,
        realpath: async (looked) => {
          const real = files.realpath(looked);
          await real.catch(() => fs.mkdir(target, { recursive: true }));
          return real;
        },
      },
    };
    await calls.write({ path: "late/a.txt", content: "here" }, racing);
    expect(await fs.readFile(calls.inside("late/a.txt"), "utf8")).toBe("here");
  });

  it("lets one of two writers win who read the same version", async () => {
    await calls.write({ path: "x", content: "old" });
    const writes = ["one", "two"].map((content) =>
      codeOf(calls.write({ path: "x", content, expected_hash: hashOf("old") })),
    );
    const codes = await Promise.all(writes);
    expect(codes.filter((code) => code === "hash_mismatch")).toHaveLength(1);
  });

  it("refuses a write that expects a file that is not there", async () => {
    const expected_hash = hashOf("");
    expect(await codeOf(calls.write({ path: "x", content: "", expected_hash }))).toBe(
      "file_not_found",
    );
  });

  it("takes exact bytes as base64, and refuses what is none", async () => {
    const bytes = randomBytes(70_001);
    await calls.write({ path: "b", content: bytes.toString("base64"), encoding: "base64" });
    expect((await fs.readFile(calls.inside("b"))).equals(bytes)).toBe(true);
    for (const content of ["YQ", "YQ=", "Y===", "YQ==\n", "Y-_=", "=YQ=", "é==="]) {
      const code = await codeOf(calls.write({ path: "b", content, encoding: "base64" }));
      expect(code, content).toBe("invalid_input");
    }
  });

  it("refuses directories, files used as directories, half characters, too much", async () => {
    await fs.mkdir(calls.inside("dir"));
    await fs.writeFile(calls.inside("file"), new Uint8Array(FILE_MAX_BYTES));
    expect(await codeOf(calls.write({ path: "dir", content: "" }))).toBe("is_directory");
    expect(await codeOf(calls.write({ path: ".", content: "" }))).toBe("is_directory");
    expect(await codeOf(calls.write({ path: "file/x", content: "" }))).toBe("not_a_directory");
    expect(await codeOf(calls.write({ path: "new/", content: "" }))).toBe("invalid_input");
    expect(await codeOf(calls.write({ path: "x", content: "\uD800" }))).toBe("invalid_input");
    expect(await codeOf(calls.write({ path: "n".repeat(256), content: "" }))).toBe("invalid_input");
    const more = calls.write({ path: "file", content: "+", mode: "append" });
    expect(await codeOf(more)).toBe("too_large");
  });

  it("refuses to write through a link that leads out, also to a new file", async () => {
    await fs.symlink("/tmp", calls.inside("out"));
    const code = await codeOf(calls.write({ path: "out/disco-must-not-exist/x", content: "" }));
    expect(code).toBe("path_outside_workspace");
  });

  it("has no effect when it was cancelled before it began", async () => {
    calls.cancel();
    expect(await codeOf(calls.write({ path: "new/x", content: "1" }))).toBe("cancelled");
    expect(await fs.readdir(calls.runtime.root)).toEqual([]);
  });
});
