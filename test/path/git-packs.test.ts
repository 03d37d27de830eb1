import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GitRig } from "#test/support/git-rig.ts";
import { ROOT, realGit } from "#test/support/git-pair.ts";

const FILES = 150;

let rig: GitRig;
let copies: string;
beforeAll(async () => {
  rig = await GitRig.start();
  copies = await mkdtemp(join(tmpdir(), "git-packs-"));
  const { server } = rig;
  await server.create("big.git");
  await server.git("", "clone", "-q", "big.git", "work");
  await write(1);
  await server.git("work", "push", "-q", "origin", "HEAD:main");
  await rig.allow("big.git", "push");
});
afterAll(async () => {
  await rm(copies, { recursive: true, force: true });
  await rig.close();
});

/** Files that resemble each other and their former selves, so that packs are made of deltas. */
async function write(version: number): Promise<void> {
  const { server } = rig;
  for (let file = 0; file < FILES; file += 1) {
    const directory = join(server.directory, "work", `d${file % 7}`);
    await mkdir(directory, { recursive: true });
    const lines = Array.from({ length: 300 }, (_none, at) =>
      at % 50 === version ? `changed in ${version} by ${file}` : `line ${at} of many, as in all`,
    );
    await writeFile(join(directory, `f${file}.txt`), lines.join("\n"));
  }
  await server.git("work", "add", ".");
  await server.git("work", "commit", "-qm", `Version ${version}`);
}

/** Our repository on the disk, as the real git reads it. */
async function fsck(name: string): Promise<string> {
  const copy = join(copies, name);
  const { files } = rig.kernel;
  const visit = async (path: string): Promise<void> => {
    await mkdir(join(copy, path), { recursive: true });
    for (const { name: entry, type } of files.list(`${ROOT}/${name}${path}`)) {
      if (type === "directory") await visit(`${path}/${entry}`);
      else await writeFile(join(copy, path, entry), files.read(`${ROOT}/${name}${path}/${entry}`));
    }
  };
  await visit("");
  const checked = await realGit(["fsck", "--full", "--strict"], copy, {});
  const status = await realGit(["status", "--porcelain"], copy, {});
  return checked.stdout + checked.stderr + status.stdout + status.stderr;
}

const packs = (name: string): string[] =>
  rig.kernel.files
    .list(`${ROOT}/${name}/.git/objects/pack`)
    .map(({ name: file }) => file.replace(/-.*\./, "."));

describe("packs", () => {
  it("are kept with an index that the real git finds no fault with", async () => {
    const cloned = await rig.ours(["clone", "--progress", rig.server.url("big.git"), "big"]);
    expect(cloned.code).toBe(0);
    expect(cloned.stderr).toMatch(/^Cloning into 'big'\.\.\.\n/);
    expect(cloned.stderr).toContain("remote: Enumerating objects: ");
    expect(cloned.stderr).toMatch(/Indexing objects: 100% \(\d+\/\d+\), done\.\n$/);
    expect(packs("big")).toEqual(["pack.idx", "pack.pack"]);
    expect((await rig.ours(["status", "--porcelain"], "big")).stdout).toBe("");
    expect(await fsck("big")).toBe("");
  });

  it("that are thin are completed with what is here", async () => {
    await write(2);
    await rig.server.git("work", "push", "-q", "origin", "HEAD:main");
    expect((await rig.ours(["pull", "-q"], "big")).code).toBe(0);
    expect(packs("big")).toEqual(["pack.idx", "pack.pack", "pack.idx", "pack.pack"]);
    expect(await fsck("big")).toBe("");
    const head = await rig.server.git("work", "rev-parse", "HEAD");
    expect((await rig.ours(["rev-parse", "HEAD"], "big")).stdout).toBe(head);
  });

  it("that are pushed hold what the remote lacks, and no more", async () => {
    rig.kernel.write(`${ROOT}/big/d1/new.txt`, "new\n");
    await rig.ours(["add", "."], "big");
    await rig.ours(["commit", "-qm", "One more"], "big");
    const count = async () =>
      Number(/^count: (\d+)/.exec(await rig.server.git("big.git", "count-objects", "-v"))?.[1]);
    const before = await count();
    const pushed = await rig.ours(["push", "--progress"], "big");
    expect(pushed.stderr).toContain("Writing objects: 100% (4/4), done.\n");
    // A commit, two trees and a file.
    expect((await count()) - before).toBe(4);
    expect(await rig.server.git("big.git", "fsck", "--strict", "--no-dangling")).toBe("");
    const head = (await rig.ours(["rev-parse", "HEAD"], "big")).stdout;
    expect(await rig.server.git("big.git", "rev-parse", "main")).toBe(head);
  });

  it("from a shallow clone can be pushed", async () => {
    await rig.ours(["clone", "-q", "--depth", "1", rig.server.url("big.git"), "shallow"]);
    rig.kernel.write(`${ROOT}/shallow/d2/shallow.txt`, "new\n");
    await rig.ours(["add", "."], "shallow");
    await rig.ours(["commit", "-qm", "From a shallow clone"], "shallow");
    expect(await rig.ours(["push", "-q"], "shallow")).toMatchObject({ code: 0, stderr: "" });
    expect(await rig.server.git("big.git", "fsck", "--strict", "--no-dangling")).toBe("");
    expect(await fsck("shallow")).toBe("");
  });
});
