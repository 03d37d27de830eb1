import { writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { type GitRemotes, stageGit } from "#test/support/git-scene.ts";

/** What `git_pull` and `git_push` do, whichever git is behind them. */
export function gitExchangeContract(start: () => Promise<GitRemotes>): void {
  const at = stageGit(start);

  describe("git_pull", () => {
    beforeEach(() => at.scene.clone({ directory: ".", depth: 0 }));

    it("brings what is new, and says when nothing is", async () => {
      const { commit: before } = await at.git.call("git_status", {});
      expect(await at.git.call("git_pull", {})).toMatchObject({
        status: "done",
        updated: false,
        commit: before,
        files: 0,
      });
      await at.scene.seed("b.txt", "two\n", "Second");
      await at.scene.seed("a.txt", "one and a half\n", "Third");
      expect(await at.git.call("git_pull", {})).toEqual({
        status: "done",
        updated: true,
        commit: await at.scene.head(),
        files: 2,
        conflicts: [],
        process_id: null,
      });
      expect(await at.git.read("a.txt")).toBe("one and a half\n");
    });

    it("merges what has gone apart, and another branch", async () => {
      await at.git.write("mine.txt", "mine\n");
      await at.git.call("git_commit", { message: "Mine" });
      await at.scene.seed("b.txt", "two\n", "Second");
      expect(await at.git.call("git_pull", {})).toMatchObject({ updated: true, files: 1 });
      await at.scene.seed("t.txt", "t\n", "Topic", "topic");
      expect(await at.git.call("git_pull", { branch: "topic" })).toMatchObject({ updated: true });
      expect(await at.git.call("git_status", {})).toMatchObject({ ahead: 4, behind: 0, total: 0 });
    });

    it("leaves conflicts to be resolved and committed", async () => {
      await at.git.write("a.txt", "mine\n");
      await at.git.call("git_commit", { message: "Mine" });
      await at.scene.seed("a.txt", "theirs\n", "Theirs");
      const pulled = await at.git.call("git_pull", {});
      expect(pulled).toMatchObject({ status: "conflicts", updated: true, conflicts: ["a.txt"] });
      const again = at.git.call("git_pull", {});
      await expect(again).rejects.toMatchObject({ code: "git_conflict" });
      await expect(at.git.call("git_commit", { message: "Merge" })).rejects.toMatchObject({
        code: "git_conflict",
      });
      await at.git.write("a.txt", "both\n");
      await at.git.call("git_commit", { message: "Merge" });
      expect(await at.git.call("git_push", {})).toMatchObject({ pushed: true });
    });

    it("does not write over what is not committed", async () => {
      await at.scene.seed("a.txt", "theirs\n", "Theirs");
      await at.git.write("a.txt", "mine\n");
      await expect(at.git.call("git_pull", {})).rejects.toMatchObject({
        code: "git_conflict",
        message: expect.stringMatching(/^git pull: .*overwritten.*a\.txt/s) as string,
      });
      expect(await at.git.read("a.txt")).toBe("mine\n");
    });

    it("says which remote or branch there is not", async () => {
      const refused = { code: "git_refused" };
      await expect(at.git.call("git_pull", { branch: "nowhere" })).rejects.toMatchObject(refused);
      await expect(at.git.call("git_pull", { remote: "nobody" })).rejects.toMatchObject({
        code: "repository_not_found",
      });
      await at.git.git("switch", "-qc", "alone");
      await expect(at.git.call("git_pull", {})).rejects.toMatchObject(refused);
    });
  });

  describe("git_push", () => {
    beforeEach(() => at.scene.clone({ directory: ".", depth: 0 }));

    it("sends a branch, and says when the remote had it all", async () => {
      await at.git.write("b.txt", "two\n");
      const { commit } = await at.git.call("git_commit", { message: "Second" });
      const pushed = await at.git.call("git_push", {});
      expect(pushed).toEqual({
        status: "done",
        pushed: true,
        branch: "main",
        url: at.scene.url,
        process_id: null,
      });
      expect(await at.scene.head()).toBe(commit);
      expect(await at.git.call("git_push", {})).toMatchObject({ pushed: false });
    });

    it("sends a new branch, which then follows the remote's", async () => {
      await at.git.git("switch", "-qc", "feature/ü");
      await at.git.write("b.txt", "two\n");
      const { commit } = await at.git.call("git_commit", { message: "Second" });
      expect(await at.git.call("git_push", {})).toMatchObject({
        pushed: true,
        branch: "feature/ü",
      });
      expect(await at.scene.head("feature/ü")).toBe(commit);
      expect(await at.git.call("git_status", {})).toMatchObject({
        upstream: "origin/feature/ü",
        ahead: 0,
        behind: 0,
      });
    });

    it("overwrites nothing, unless it is told to", async () => {
      await at.scene.seed("b.txt", "theirs\n", "Theirs");
      await at.git.write("b.txt", "mine\n");
      const { commit } = await at.git.call("git_commit", { message: "Mine" });
      await expect(at.git.call("git_push", {})).rejects.toMatchObject({
        code: "git_rejected",
        message: expect.stringContaining("main [rejected] (fetch first)") as string,
      });
      expect(await at.git.call("git_push", { force: true })).toMatchObject({ pushed: true });
      expect(await at.scene.head()).toBe(commit);
    });

    it("says why the remote did not take it", async () => {
      const hook = `${at.server.directory}/${at.scene.name}/hooks/pre-receive`;
      await writeFile(hook, "#!/bin/sh\necho 'Not on a Friday.'\nexit 1\n", { mode: 0o755 });
      await at.git.write("b.txt", "two\n");
      await at.git.call("git_commit", { message: "Second" });
      await expect(at.git.call("git_push", {})).rejects.toMatchObject({
        code: "git_refused",
        message: expect.stringMatching(/pre-receive hook declined.*Not on a Friday\./s) as string,
      });
      at.server.credential = "me:token";
      await expect(at.git.call("git_push", {})).rejects.toMatchObject({
        code: "git_auth_required",
      });
    });

    it("needs a branch that there is", async () => {
      await expect(at.git.call("git_push", { branch: "nowhere" })).rejects.toMatchObject({
        code: "git_refused",
        message: expect.stringContaining("nowhere") as string,
      });
      await at.git.git("checkout", "-q", "main~0");
      await expect(at.git.call("git_push", {})).rejects.toMatchObject({
        code: "invalid_input",
        details: { issues: [{ argument: "branch" }] },
      });
    });
  });
}
