import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DiscoError } from "#protocol/errors.ts";
import type { GitCalls } from "#test/support/git-calls.ts";
import { type GitRemotes, GitScene } from "#test/support/git-scene.ts";

/** What `git_clone` does, whichever git is behind it. */
export function gitCloneContract(start: () => Promise<GitRemotes>): void {
  let remotes: GitRemotes;
  let server: GitRemotes["server"];
  let scene: GitScene;
  let git: GitCalls;

  beforeAll(async () => {
    remotes = await start();
    ({ server } = remotes);
  });
  afterAll(() => remotes.close());
  beforeEach(async () => {
    scene = await GitScene.set(remotes);
    ({ git } = scene);
  });
  afterEach(() => scene.clear());

  describe("git_clone", () => {
    it("copies a repository into a directory of its name", async () => {
      await scene.seed("b.txt", "two\n", "Second");
      const done = await git.call("git_clone", { url: scene.url });
      expect(done).toEqual({
        status: "done",
        directory: scene.name.replace(".git", ""),
        branch: "main",
        commit: await scene.head(),
        files: 2,
        process_id: null,
      });
      expect(await git.read(`${done.directory}/a.txt`)).toBe("one\n");
      const { log, upstream } = await git.call("git_status", { path: done.directory, log: 9 });
      expect([log?.length, upstream]).toEqual([1, "origin/main"]);
    });

    it("brings a branch, a tag, and all of the history", async () => {
      await scene.seed("b.txt", "two\n", "Second");
      await server.git(scene.name, "tag", "v1", "main~1");
      expect(await scene.clone({ branch: "topic", directory: "lib/topic" })).toMatchObject({
        branch: "topic",
        directory: "lib/topic",
        files: 1,
      });
      expect(await scene.clone({ branch: "v1" })).toMatchObject({ branch: null, files: 1 });
      await scene.clone({ directory: "all", depth: 0 });
      const { log } = await git.call("git_status", { path: "all", log: 9 });
      expect(log?.map(({ subject }) => subject)).toEqual(["Second", "First"]);
    });

    it("fills the workspace itself when it is empty, and takes an empty repository", async () => {
      await server.create(`empty-${scene.name}`);
      await remotes.allow(`empty-${scene.name}`);
      const url = remotes.url(`empty-${scene.name}`);
      expect(await git.call("git_clone", { url, directory: "." })).toMatchObject({
        directory: ".",
        commit: null,
        files: 0,
      });
    });

    it("writes over nothing, and not outside of the workspace", async () => {
      await git.write("x/mine.txt", "mine");
      await expect(scene.clone()).rejects.toMatchObject({ code: "already_exists" });
      await expect(scene.clone({ directory: "x/mine.txt" })).rejects.toMatchObject({
        code: "already_exists",
      });
      const outside = scene.clone({ directory: "../x" });
      await expect(outside).rejects.toMatchObject({ code: "path_outside_workspace" });
      expect(await git.read("x/mine.txt")).toBe("mine");
      const nameless = git.call("git_clone", { url: `http://localhost:${server.port}` });
      await expect(nameless).rejects.toMatchObject({ code: "invalid_input" });
    });

    it("says why it could not, and leaves nothing behind", async () => {
      const left = async () => (await git.runtime.files.list(git.runtime.root)).length;
      await remotes.allow("no.git");
      const missing = git.call("git_clone", { url: remotes.url("no.git"), directory: "x" });
      await expect(missing).rejects.toMatchObject({
        code: "repository_not_found",
        message: expect.stringMatching(/^git clone: .*not found/s) as string,
      });
      await expect(scene.clone({ branch: "nowhere" })).rejects.toMatchObject({
        code: "git_refused",
        message: expect.stringContaining("nowhere") as string,
      });
      server.credential = "me:token";
      await expect(scene.clone()).rejects.toMatchObject({ code: "git_auth_required" });
      const nobody = git.call("git_clone", { url: await remotes.unreachable() });
      await expect(nobody).rejects.toMatchObject({ code: "network_unavailable" });
      expect(await left()).toBe(0);
    });

    it("stops when it is cancelled, and takes back what it has begun", async () => {
      const abort = new AbortController();
      server.intercept = (request) => {
        const isPack = request.url?.endsWith("/git-upload-pack") === true;
        if (isPack) abort.abort(new DiscoError("cancelled", "Stop."));
        return isPack;
      };
      const stopped = git.call("git_clone", { url: scene.url }, abort.signal);
      await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
      expect(git.commands.running()).toEqual([]);
      expect(await git.runtime.files.list(git.runtime.root)).toEqual([]);
    });

    it("is handed over when its call's time is over, and goes on [CALL-10]", async () => {
      const abort = new AbortController();
      server.intercept = (request) => {
        const isPack = request.url?.endsWith("/git-upload-pack") === true;
        if (isPack) abort.abort(new DiscoError("deadline_exceeded", "Late."));
        return false;
      };
      const handed = await git.call("git_clone", { url: scene.url, directory: "x" }, abort.signal);
      expect(handed).toMatchObject({
        status: "running",
        directory: "x",
        commit: null,
        files: null,
      });
      const command = git.commands.get(handed.process_id ?? "it has none");
      await command.ended;
      expect(command.end).toEqual({ status: "exited", exit_code: 0 });
      expect(command.start.line).toContain("git clone");
      expect(await git.read("x/a.txt")).toBe("one\n");
    });
  });
}
