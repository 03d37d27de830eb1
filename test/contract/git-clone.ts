import { describe, expect, it } from "vitest";
import { DiscoError } from "#protocol/errors.ts";
import { type GitRemotes, stageGit } from "#test/support/git-scene.ts";

/** What `git_clone` does, whichever git is behind it. */
export function gitCloneContract(start: () => Promise<GitRemotes>): void {
  const at = stageGit(start);

  describe("git_clone", () => {
    it("copies a repository into a directory of its name", async () => {
      await at.scene.seed("b.txt", "two\n", "Second");
      const done = await at.git.call("git_clone", { url: at.scene.url });
      expect(done).toEqual({
        status: "done",
        directory: at.scene.name.replace(".git", ""),
        branch: "main",
        commit: await at.scene.head(),
        files: 2,
        process_id: null,
      });
      expect(await at.git.read(`${done.directory}/a.txt`)).toBe("one\n");
      const { log, upstream } = await at.git.call("git_status", { path: done.directory, log: 9 });
      expect([log?.length, upstream]).toEqual([1, "origin/main"]);
    });

    it("brings a branch, a tag, and all of the history", async () => {
      await at.scene.seed("b.txt", "two\n", "Second");
      await at.server.git(at.scene.name, "tag", "v1", "main~1");
      expect(await at.scene.clone({ branch: "topic", directory: "lib/topic" })).toMatchObject({
        branch: "topic",
        directory: "lib/topic",
        files: 1,
      });
      expect(await at.scene.clone({ branch: "v1" })).toMatchObject({ branch: null, files: 1 });
      await at.scene.clone({ directory: "all", depth: 0 });
      const { log } = await at.git.call("git_status", { path: "all", log: 9 });
      expect(log?.map(({ subject }) => subject)).toEqual(["Second", "First"]);
    });

    it("fills the workspace itself when it is empty, and takes an empty repository", async () => {
      await at.server.create(`empty-${at.scene.name}`);
      await at.remotes.allow(`empty-${at.scene.name}`);
      const url = at.remotes.url(`empty-${at.scene.name}`);
      expect(await at.git.call("git_clone", { url, directory: "." })).toMatchObject({
        directory: ".",
        commit: null,
        files: 0,
      });
    });

    it("writes over nothing, and not outside of the workspace", async () => {
      await at.git.write("x/mine.txt", "mine");
      await expect(at.scene.clone()).rejects.toMatchObject({ code: "already_exists" });
      await expect(at.scene.clone({ directory: "x/mine.txt" })).rejects.toMatchObject({
        code: "already_exists",
      });
      const outside = at.scene.clone({ directory: "../x" });
      await expect(outside).rejects.toMatchObject({ code: "path_outside_workspace" });
      expect(await at.git.read("x/mine.txt")).toBe("mine");
      const nameless = at.git.call("git_clone", { url: `http://localhost:${at.server.port}` });
      await expect(nameless).rejects.toMatchObject({ code: "invalid_input" });
    });

    it("says why it could not, and leaves nothing behind", async () => {
      const left = async () => (await at.git.runtime.files.list(at.git.runtime.root)).length;
      await at.remotes.allow("no.git");
      const missing = at.git.call("git_clone", { url: at.remotes.url("no.git"), directory: "x" });
      await expect(missing).rejects.toMatchObject({
        code: "repository_not_found",
        message: expect.stringMatching(/^git clone: .*not found/s) as string,
      });
      await expect(at.scene.clone({ branch: "nowhere" })).rejects.toMatchObject({
        code: "git_refused",
        message: expect.stringContaining("nowhere") as string,
      });
      at.server.credential = "me:token";
      await expect(at.scene.clone()).rejects.toMatchObject({ code: "git_auth_required" });
      const nobody = at.git.call("git_clone", { url: await at.remotes.unreachable() });
      await expect(nobody).rejects.toMatchObject({ code: "network_unavailable" });
      expect(await left()).toBe(0);
    });

    it("stops when it is cancelled, and takes back what it has begun", async () => {
      const abort = new AbortController();
      at.server.intercept = (request) => {
        const isPack = request.url?.endsWith("/git-upload-pack") === true;
        if (isPack) abort.abort(new DiscoError("cancelled", "Stop."));
        return isPack;
      };
      const stopped = at.git.call("git_clone", { url: at.scene.url }, abort.signal);
      await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
      expect(at.git.commands.running()).toEqual([]);
      expect(await at.git.runtime.files.list(at.git.runtime.root)).toEqual([]);
    });

    it("is handed over when its call's time is over, and goes on [CALL-10]", async () => {
      const abort = new AbortController();
      at.server.intercept = (request) => {
        const isPack = request.url?.endsWith("/git-upload-pack") === true;
        if (isPack) abort.abort(new DiscoError("deadline_exceeded", "Late."));
        return false;
      };
      const handed = await at.git.call(
        "git_clone",
        { url: at.scene.url, directory: "x" },
        abort.signal,
      );
      expect(handed).toMatchObject({
        status: "running",
        directory: "x",
        commit: null,
        files: null,
      });
      const command = at.git.commands.get(handed.process_id ?? "it has none");
      await command.ended;
      expect(command.end).toEqual({ status: "exited", exit_code: 0 });
      expect(command.start.line).toContain("git clone");
      expect(await at.git.read("x/a.txt")).toBe("one\n");
    });
  });
}
