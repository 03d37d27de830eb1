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
