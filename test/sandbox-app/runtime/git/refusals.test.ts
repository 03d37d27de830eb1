import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { gitMain } from "#sandbox/runtime/embedded/git/main.ts";
import { gitCommands, gitRefusals } from "#sandbox/runtime/embedded/git/commands/table.ts";
import { KernelInThread, type Ran } from "#test/support/kernel-in-thread.ts";

const identity = {
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
};

function git(kernel: KernelInThread, ...args: string[]): Promise<Ran> {
  return kernel.run(["git", ...args], { env: identity });
}

function container(): KernelInThread {
  return new KernelInThread({ node: (system) => gitMain(system) });
}

describe("what git refuses", () => {
  it.each(Object.entries(gitRefusals))("%s, with what serves instead", async (name, advice) => {
    const ran = await git(container(), name, "anything");
    expect(ran.code).toBe(128);
    expect(ran.stdout).toBe("");
    expect(ran.stderr).toBe(`fatal: git ${name} is not supported here: ${advice}\n`);
  });

  it("is in docs/git.md, and so is what works", async () => {
    const text = await readFile(new URL("../../../../docs/git.md", import.meta.url), "utf8");
    const rows = Object.entries(gitRefusals).map(([name, advice]) => [name, advice]);
    const written = [...text.matchAll(/^\| `git ([\w-]+)` +\| (.*?) +\|$/gm)].map(
      ([, name, advice]) => [name, advice],
    );
    expect(written).toEqual(rows);
    const list = /<!-- commands -->\n+([\s\S]*?)\n+<!-- end -->/.exec(text)?.[1] ?? "";
    const listed = [...list.matchAll(/`([\w-]+)`/g)].map(([, name]) => name);
    expect(listed).toEqual(Object.keys(gitCommands).toSorted());
  });

  it("an unknown command and an unknown option, with git's exit codes", async () => {
    const kernel = container();
    expect(await git(kernel, "nonsense")).toMatchObject({
      code: 1,
      stderr: "git: 'nonsense' is not a git command. See 'git --help'.\n",
    });
    expect(await git(kernel, "status", "--nonsense")).toMatchObject({
      code: 129,
      stderr: "error: unknown option `nonsense'\n",
    });
  });

  it("to work outside of a repository", async () => {
    expect(await git(container(), "status")).toMatchObject({
      code: 128,
      stderr: "fatal: not a git repository (or any of the parent directories): .git\n",
    });
  });

  it("a commit by nobody, in git's words", async () => {
    const kernel = container();
    await git(kernel, "init");
    const ran = await kernel.run(["git", "commit", "--allow-empty", "-m", "x"]);
    expect(ran.code).toBe(128);
    expect(ran.stderr).toMatch(/^Author identity unknown\n\n\*\*\* Please tell me who you are\./);
    expect(ran.stderr).toMatch(
      /fatal: unable to auto-detect email address \(got 'user@disco\.\(none\)'\)\n$/,
    );
  });

  it.each([
    ["log", "--graph"],
    ["add", "-p"],
    ["commit", "-S", "-m", "x"],
    ["clean"],
    ["merge", "one", "two"],
    ["stash", "push", "one"],
  ])("git %s %s, before anything is done", async (...args) => {
    const kernel = container();
    await git(kernel, "init");
    await git(kernel, "commit", "--allow-empty", "-m", "x");
    const ran = await git(kernel, ...args);
    expect(ran.code).toBe(128);
    expect(ran.stderr).toMatch(/^fatal: /);
  });

  it("branch and tag names that could be options or lead out of the repository", async () => {
    const kernel = container();
    await git(kernel, "init");
    await git(kernel, "commit", "--allow-empty", "-m", "x");
    for (const name of ["../../config", "a..b", ".hidden", "a.lock", "a b", "@"]) {
      expect((await git(kernel, "branch", "--", name)).code, name).toBe(128);
      expect((await git(kernel, "tag", "--", name)).code, name).toBe(128);
    }
  });

  it("paths out of the repository", async () => {
    const kernel = container();
    await git(kernel, "init");
    kernel.write("/home/user/secret.txt", "x");
    expect(await git(kernel, "add", "../secret.txt")).toMatchObject({
      code: 128,
      stderr:
        "fatal: ../secret.txt: '../secret.txt' is outside repository at '/home/user/workspace'\n",
    });
  });
});
