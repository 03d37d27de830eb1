import { expect, it } from "vitest";
import { gitMain } from "#sandbox/runtime/embedded/git/main.ts";
import { encode } from "#sandbox/runtime/embedded/git/objects/bytes.ts";
import { formatCommit } from "#sandbox/runtime/embedded/git/objects/commit.ts";
import { formatTree, Mode } from "#sandbox/runtime/embedded/git/objects/tree.ts";
import { KernelInThread } from "#test/support/kernel-in-thread.ts";

const who = { name: "Eve", email: "eve@example.com", seconds: 1, zone: "+0000" };

/** A repository of somebody else's, whose commit holds one file at a path of their choice. */
async function hostile(
  parts: readonly string[],
  mode: number = Mode.file,
): Promise<[KernelInThread, string]> {
  const kernel = new KernelInThread({ node: (system) => gitMain(system) });
  const write = async (type: string, content: Uint8Array): Promise<string> => {
    const args = ["git", "hash-object", "-w", "-t", type, "--stdin"];
    return (await kernel.run(args, { input: content })).stdout.trim();
  };
  await kernel.run(["git", "init"]);
  let oid = await write("blob", encode("[alias]\n\tx = !evil\n"));
  for (const [at, name] of parts.toReversed().entries()) {
    oid = await write("tree", formatTree([{ name, mode: at === 0 ? mode : Mode.directory, oid }]));
  }
  const commit = { tree: oid, parents: [], author: who, committer: who, message: "x\n" };
  return [kernel, await write("commit", formatCommit(commit))];
}

it.each([
  [[".git", "config"]],
  [[".GIT", "config"]],
  [[".git ", "config"]],
  [["git~1", "config"]],
  [[".g\u200Cit", "config"]],
  [["..", "secret.txt"]],
  [["a", "..", "..", "secret.txt"]],
  [["../secret.txt"]],
  [["a", ".git", "config"]],
])("a tree with %j is not written to the disk", async (parts) => {
  const [kernel, commit] = await hostile(parts);
  const before = kernel.read("/home/user/workspace/.git/config");
  for (const args of [
    ["checkout", commit],
    ["reset", "--hard", commit],
    ["restore", "-s", commit, "."],
  ]) {
    const ran = await kernel.run(["git", ...args]);
    expect(ran.code, args.join(" ")).not.toBe(0);
    expect(kernel.read("/home/user/workspace/.git/config")).toBe(before);
    expect(kernel.files.list("/home/user").map(({ name }) => name)).toEqual(["workspace"]);
  }
});

it("a link above a file is replaced, and not followed", async () => {
  const [kernel, commit] = await hostile(["dir", "file"]);
  kernel.files.mkdirp("/home/user/outside");
  kernel.files.symlink("/home/user/outside", "/home/user/workspace/dir");
  await kernel.run(["git", "reset", "--hard", commit]);
  expect(kernel.files.list("/home/user/outside")).toEqual([]);
  expect(kernel.read("/home/user/workspace/dir/file")).toMatch(/alias/);
});

it("hooks, shell aliases, editors and filters of a repository are not run", async () => {
  const started: string[] = [];
  const spying = new KernelInThread({
    node: (system) => gitMain(system),
    shell: ({ start }) => {
      started.push(start.argv.join(" "));
      return 0;
    },
  });
  const git = async (...args: string[]): Promise<number | null> =>
    (await spying.run(["git", ...args], { env: { GIT_EDITOR: "touch x", GIT_PAGER: "touch x" } }))
      .code;
  await git("init");
  const identity = ["-c", "user.name=Eve", "-c", "user.email=eve@example.com"];
  for (const hook of ["pre-commit", "commit-msg", "post-commit", "post-checkout"]) {
    const path = `/home/user/workspace/.git/hooks/${hook}`;
    spying.write(path, "#!/bin/sh\ntouch /home/user/workspace/ran\n");
    spying.files.chmod(path, 0o755);
  }
  spying.write("/home/user/workspace/.gitattributes", "* filter=evil\n");
  await git("config", "filter.evil.clean", "touch ran");
  await git("config", "alias.evil", "!touch ran");
  await git("config", "core.fsmonitor", "touch ran");
  expect(await git("add", ".")).toBe(0);
  expect(await git(...identity, "commit", "-m", "x")).toBe(0);
  expect(await git(...identity, "commit", "--amend")).toBe(1);
  expect(await git("checkout", "-b", "other")).toBe(0);
  expect(await git("evil")).toBe(128);
  expect(started).toEqual([]);
});
