import { execFileSync } from "node:child_process";
import fs from "node:fs/promises";
import { beforeEach, describe, expect, it } from "vitest";
import type { OperationInput } from "#protocol/registry.ts";
import { codeOf, FileCalls } from "#test/support/file-calls.ts";

const calls = new FileCalls();

async function pathsOf(input: Partial<OperationInput<"list_files">>): Promise<string[]> {
  return (await calls.list(input)).entries.map((entry) => entry.path);
}

describe("list_files", () => {
  beforeEach(async () => {
    await fs.mkdir(calls.inside("src/deep/er"), { recursive: true });
    await fs.mkdir(calls.inside("node_modules/pkg"), { recursive: true });
    await fs.writeFile(calls.inside("src/app.ts"), "12345");
    await fs.writeFile(calls.inside("src/deep/er/x"), "");
    await fs.writeFile(calls.inside("node_modules/pkg/index.js"), "");
    await fs.writeFile(calls.inside("README.md"), "hi");
  });

  it("lists one level, sorted, with sizes", async () => {
    expect(await calls.list({})).toEqual({
      path: ".",
      entries: [
        { path: "README.md", type: "file", size: 2 },
        { path: "src", type: "directory", size: 0 },
      ],
      total: 2,
      hidden: 1,
      truncated: false,
    });
  });

  it("descends to the depth, and hides node_modules", async () => {
    expect(await pathsOf({ depth: 3 })).toEqual([
      "README.md",
      "src",
      "src/app.ts",
      "src/deep",
      "src/deep/er",
    ]);
  });

  it("hides what .gitignore names, the rules further down winning, and tells how much", async () => {
    await fs.writeFile(calls.inside(".gitignore"), "*.log\n/dist/\n!keep.log\n");
    await fs.writeFile(calls.inside("src/.gitignore"), "!near.log\n");
    await fs.mkdir(calls.inside("dist"));
    await fs.mkdir(calls.inside(".git"));
    for (const name of ["dist/a.js", "a.log", "keep.log", "src/near.log", "src/deep/far.log"]) {
      await fs.writeFile(calls.inside(name), "");
    }
    const { entries, hidden } = await calls.list({ depth: 20 });
    expect(entries.map(({ path: name }) => name)).toEqual([
      ".gitignore",
      "README.md",
      "keep.log",
      "src",
      "src/.gitignore",
      "src/app.ts",
      "src/deep",
      "src/deep/er",
      "src/deep/er/x",
      "src/near.log",
    ]);
    // .git, a.log, dist, node_modules and far.log: a directory counts once.
    expect(hidden).toBe(5);
    expect(await pathsOf({ path: "dist" })).toEqual(["dist/a.js"]);
  });

  it("hides what real git ignores, and nothing else", async () => {
    const root = calls.runtime.root;
    // Nobody's own rules count.
    const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
    const git = (...args: string[]) =>
      execFileSync("git", args, { cwd: root, env, encoding: "utf8" });
    git("init", "-q");
    const rules: [string, string][] = [
      [
        ".gitignore",
        "*.log\n!important.log\n/build\ntemp/\ndoc/**/*.txt\n\\#odd\n# none\n*.[oa]\n",
      ],
      ["src/.gitignore", "!keep.log\ngenerated/*\n!generated/kept.ts\n/local\n"],
      ["src/deep/.gitignore", "*\n!.gitignore\n!er/\n!er/x\n"],
    ];
    const names = ["a.log", "important.log", "#odd", "lib.o", "lib.c", "build", "temp", "kept.ts"];
    names.push("keep.log", "local", "x", "notes.txt", "täglich.log");
    for (const directory of ["", "src", "src/deep", "src/deep/er", "src/generated", "doc/a/b"]) {
      await fs.mkdir(calls.inside(directory), { recursive: true });
      for (const name of names) await fs.writeFile(calls.inside(`${directory}/${name}`), "");
    }
    await fs.mkdir(calls.inside("tests/temp"), { recursive: true });
    await fs.writeFile(calls.inside("tests/temp/inside"), "");
    for (const [file, text] of rules) await fs.writeFile(calls.inside(file), text);
    await fs.rm(calls.inside("node_modules"), { recursive: true });
    const seen = git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0");
    const { entries } = await calls.list({ depth: 20 });
    const shown = entries.flatMap(({ path, type }) => (type === "file" ? [path] : []));
    expect(shown.toSorted()).toEqual(seen.filter((path) => path !== "").toSorted());
    expect(shown.length).toBeGreaterThan(20);
  });

  it("shows everything when asked to", async () => {
    await fs.writeFile(calls.inside(".gitignore"), "*.md\n");
    const { entries, hidden } = await calls.list({ depth: 3, all: true });
    expect(entries.map(({ path: name }) => name)).toContain("node_modules/pkg/index.js");
    expect(entries.map(({ path: name }) => name)).toContain("README.md");
    expect(hidden).toBe(0);
  });

  it.each([
    ["*.ts", ["src/app.ts"]],
    ["src/**/x", ["src/deep/er/x"]],
    ["src", ["src/app.ts", "src/deep/er/x"]],
    ["!*.md", ["src/app.ts", "src/deep/er/x"]],
    ["*.none", []],
  ])("finds the files of the glob %s at any depth", async (glob, expected) => {
    expect(await pathsOf({ glob })).toEqual(expected);
  });

  it("takes a depth beside a glob", async () => {
    expect(await pathsOf({ glob: "*", depth: 1 })).toEqual(["README.md"]);
  });

  it("enters node_modules when the path points into it", async () => {
    const { entries } = await calls.list({ path: "node_modules", depth: 2 });
    expect(entries.map((entry) => entry.path)).toEqual([
      "node_modules/pkg",
      "node_modules/pkg/index.js",
    ]);
  });

  it("tells the total when it cuts the list", async () => {
    const result = await calls.list({ depth: 20, limit: 2 });
    expect(result).toMatchObject({ total: 6, truncated: true });
    expect(result.entries).toHaveLength(2);
  });

  it("shows a symbolic link as one and does not enter it", async () => {
    await fs.symlink(calls.inside("src"), calls.inside("link"));
    const { entries } = await calls.list({ depth: 5 });
    expect(entries.find((entry) => entry.path === "link")?.type).toBe("symlink");
    expect(entries.some((entry) => entry.path.startsWith("link/"))).toBe(false);
  });

  it("refuses a file, and what is not there", async () => {
    expect(await codeOf(calls.list({ path: "README.md" }))).toBe("not_a_directory");
    expect(await codeOf(calls.list({ path: "nowhere" }))).toBe("file_not_found");
  });
});
