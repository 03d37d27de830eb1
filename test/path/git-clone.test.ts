import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GitRig } from "#test/support/git-rig.ts";

let rig: GitRig;
beforeAll(async () => {
  rig = await GitRig.start();
  await rig.allowServer();
  const { server } = rig;
  await server.create("plain.git");
  await server.git("", "clone", "-q", "plain.git", "work");
  await writeFile(join(server.directory, "work/a.txt"), "one\n");
  await server.git("work", "add", ".");
  await server.git("work", "commit", "-qm", "First");
  await server.git("work", "push", "-q", "origin", "HEAD:main");
});
afterAll(() => rig.close());

describe("git clone", () => {
  it("works", async () => {
    const said = await rig.ours(["clone", rig.server.url("plain.git")]);
    console.log(said);
    expect(said.code).toBe(0);
    console.log(await rig.ours(["status"], "plain"), await rig.ours(["log"], "plain"));
  });
});
