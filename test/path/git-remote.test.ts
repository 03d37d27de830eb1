import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GitRemotePair } from "#test/support/git-remote-pair.ts";
import { GitRig } from "#test/support/git-rig.ts";
import { remoteScenarios } from "./git-remote-scenarios.ts";

let rig: GitRig;
beforeAll(async () => {
  rig = await GitRig.start();
  rig.server.roots = { direct: "ours", proxied: "theirs" };
});
afterAll(() => rig.close());

describe("git with a remote, as the real one", () => {
  it.each(Object.keys(remoteScenarios))("%s", async (name) => {
    const scenario = remoteScenarios[name] ?? [];
    const pair = await GitRemotePair.make(rig, name.replaceAll(/\W+/g, "-"));
    try {
      for (const step of scenario) {
        pair.tick();
        if (typeof step === "function") {
          await step(pair);
          continue;
        }
        const [command = "", cwd = "clone"] = step.split(" @ ");
        const { ours, theirs } = await pair.both(command, cwd === "." ? "" : cwd);
        expect(ours, step).toEqual(theirs);
      }
      const { ours, theirs } = await pair.states("clone");
      expect(ours).toEqual(theirs);
      const { server } = rig;
      expect(
        await server.git(
          `ours/${name.replaceAll(/\W+/g, "-")}.git`,
          "fsck",
          "--strict",
          "--no-dangling",
        ),
      ).toBe("");
    } finally {
      await pair.dispose();
    }
  });
});
