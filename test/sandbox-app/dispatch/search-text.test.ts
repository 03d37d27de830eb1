import { execFile } from "node:child_process";
import fs from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DiscoError } from "#protocol/errors.ts";
import { registry } from "#protocol/registry.ts";
import { searchHandlers } from "#sandbox/dispatch/handlers/search.ts";
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

async function put(files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(runtime.root, name);
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, content);
  }
}

async function search(input: z.input<typeof registry.search_text.input>) {
  const context = tabContext(runtime);
  const parsed = registry.search_text.input.parse(input);
  return registry.search_text.output.parse(await searchHandlers.search_text(parsed, context));
}
const shown = ({ matches }: Awaited<ReturnType<typeof search>>) =>
  matches.map(({ path: name, line, text, is_match: isMatch }) =>
    [name, line, text].join(isMatch ? ":" : "-"),
  );

describe("search_text", () => {
  beforeEach(() =>
    put({
      "a.txt": "one\ntwo\nthree\r\nfour\nfive\n",
      "src/b.ts": "const one = 1;\n",
      "src/deep/c.ts": "// ONE and one\n",
      "node_modules/p/d.ts": "one\n",
      "src/.gitignore": "*.log\n!keep.log\nout/\n",
      "src/x.log": "one\n",
      "src/keep.log": "one\n",
      "src/out/y.ts": "one\n",
      bin: new Uint8Array([0x6f, 0x6e, 0x65, 0]),
    }),
  );

  it("finds a literal text in what a person would search, sorted by path", async () => {
    const found = await search({ pattern: "one" });
    expect(shown(found)).toEqual([
      "a.txt:1:one",
      "src/b.ts:1:const one = 1;",
      "src/deep/c.ts:1:// ONE and one",
      "src/keep.log:1:one",
    ]);
    expect(found).toMatchObject({ total: 4, total_files: 4, truncated: false });
  });

  it("searches what is left out, when the path points there", async () => {
    expect(shown(await search({ pattern: "one", path: "node_modules" }))).toEqual([
      "node_modules/p/d.ts:1:one",
    ]);
    expect(shown(await search({ pattern: "one", path: "src/x.log" }))).toEqual(["src/x.log:1:one"]);
    expect(shown(await search({ pattern: "one", path: "src/out" }))).toEqual([
      "src/out/y.ts:1:one",
    ]);
  });

  it("takes regular expressions, and says what is wrong with one", async () => {
    expect(shown(await search({ pattern: "^(two|three)$", regex: true }))).toEqual([
      "a.txt:2:two",
      "a.txt:3:three",
    ]);
    const error: unknown = await search({ pattern: "(", regex: true }).catch(
      (failure: unknown) => failure,
    );
    expect(error).toBeInstanceOf(DiscoError);
    expect((error as DiscoError).message).toContain("`pattern` is not a regular expression");
  });

  it("ends on patterns that make others stand still", async () => {
    await put({ "long.txt": `${"a".repeat(50_000)}!\n` });
    expect(await search({ pattern: "(a+)+$", regex: true, path: "long.txt" })).toMatchObject({
      total: 0,
    });
  });

  it("shows lines around, each once", async () => {
    expect(shown(await search({ pattern: "t", path: "a.txt", context: 1 }))).toEqual([
      "a.txt-1-one",
      "a.txt:2:two",
      "a.txt:3:three",
      "a.txt-4-four",
    ]);
  });

  it("counts all, and returns no more than the limit", async () => {
    expect(await search({ pattern: "one", limit: 2 })).toMatchObject({ total: 4, truncated: true });
    const files = await search({ pattern: "one", mode: "files", limit: 1 });
    expect(files.files).toEqual([{ path: "a.txt", count: 1 }]);
    expect(files).toMatchObject({ matches: [], total_files: 4, truncated: true });
  });

  it("takes a glob, and its opposite", async () => {
    const names = async (glob: string) =>
      (await search({ pattern: "one", glob, mode: "files" })).files.map((file) => file.path);
    expect(await names("*.ts")).toEqual(["src/b.ts", "src/deep/c.ts"]);
    expect(await names("src/*.ts")).toEqual(["src/b.ts"]);
    expect(await names("!*.ts")).toEqual(["a.txt", "src/keep.log"]);
  });

  it("ignores case when told to, in literal text and in expressions", async () => {
    expect((await search({ pattern: "CONST ONE", ignore_case: true })).total).toBe(1);
    expect((await search({ pattern: "ONE +AND", ignore_case: true, regex: true })).total).toBe(1);
    expect((await search({ pattern: "a.b", ignore_case: true })).total).toBe(0);
  });
});

const run = promisify(execFile);

/** Lines of ripgrep: hidden files too, as here, but not git's. */
async function ripgrep(args: readonly string[]): Promise<string[]> {
  const fixed = ["--hidden", "--no-heading", "--line-number", "--no-require-git"];
  const skip = ["--glob", "!.git", "--glob", "!node_modules", "--no-ignore-global"];
  const options = [...fixed, ...skip, "--no-ignore-parent", "--color", "never"];
  const { stdout } = await run("rg", [...options, ...args, "."], { cwd: runtime.root }).catch(
    (error: unknown) => {
      // 1: nothing was found.
      if ((error as { code?: unknown }).code === 1) return { stdout: "" };
      throw error;
    },
  );
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => line.replace(/^\.\//, ""));
}

const hasRipgrep = await run("rg", ["--version"]).then(
  () => true,
  () => false,
);

describe.runIf(hasRipgrep || process.env["CI"])("as ripgrep does it", () => {
  const rule = fc.constantFrom(
    "*.log",
    "/out",
    "out/",
    "!keep.log",
    "a*",
    "**/deep",
    "src/*.ts",
    "# x",
  );
  const name = fc.constantFrom(
    "a.ts",
    "b.log",
    "keep.log",
    "src/a.ts",
    "src/out/c.ts",
    "src/deep/d.log",
    "out/e.ts",
    ".hidden/f.ts",
  );
  const line = fc.constantFrom("foo bar", "foobar", "  foo", "Bar.", "x(y)", "", "été", "f.o");
  const file = fc.tuple(name, fc.array(line, { maxLength: 5 }));
  const pattern = fc.constantFrom(
    "foo",
    "f.o",
    "^foo",
    "bar$",
    "[a-f]+o",
    "\\bfoo\\b",
    "x\\(",
    "é",
  );

  it("finds the same lines in the same files", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(file, { minLength: 1, maxLength: 8 }),
        fc.array(rule, { maxLength: 3 }),
        fc.array(rule, { maxLength: 2 }),
        pattern,
        fc.boolean(),
        fc.boolean(),
        async (files, rules, inner, wanted, regex, ignoreCase) => {
          for (const entry of await fs.readdir(runtime.root)) {
            await fs.rm(path.join(runtime.root, entry), { recursive: true });
          }
          await put(Object.fromEntries(files.map(([where, lines]) => [where, lines.join("\n")])));
          await put({ ".gitignore": rules.join("\n"), "src/.gitignore": inner.join("\n") });
          const found = await search({
            pattern: wanted,
            regex,
            ignore_case: ignoreCase,
            glob: "!.gitignore",
            limit: 1_000,
          });
          const flags = [...(regex ? [] : ["-F"]), ...(ignoreCase ? ["-i"] : [])];
          const real = await ripgrep([...flags, "--glob", "!.gitignore", "-e", wanted]);
          expect(shown(found).toSorted()).toEqual(real.toSorted());
        },
      ),
      { numRuns: 60 },
    );
  });
});
