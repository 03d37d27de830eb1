import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DiscoError } from "#protocol/errors.ts";
import { GitCalls } from "#test/support/git-calls.ts";
import { bootContainerGit, bootRealGit, gitRuntimes } from "#test/support/git-runtimes.ts";

/** Each test runs twice: what the container's git tells has to be what real git tells. */
describe.each(gitRuntimes)("git_commit over %s", (_name, boot) => {
  let git: GitCalls;

  beforeEach(async () => {
    git = new GitCalls(await boot());
    await git.git("init", "-q", "-b", "main");
  });
  afterEach(() => git.dispose());

  it("commits all that changed, what is new and what is gone with it", async () => {
    await git.write("a.txt", "1\n2\n");
    await git.write("ü/[b] c.txt", "x");
    const first = await git.call("git_commit", { message: "First\n\nWith a body." });
    expect(first).toEqual({
      commit: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
      branch: "main",
      files: ["a.txt", "ü/[b] c.txt"],
      stats: { files: 2, insertions: 3, deletions: 0 },
    });
    await git.remove("a.txt");
    await git.write("ü/[b] c.txt", "y");
    await git.write("new", "n\n");
    const second = await git.call("git_commit", { message: "Second" });
    expect(second.stats).toEqual({ files: 3, insertions: 2, deletions: 3 });
    expect(second.files).toEqual(["a.txt", "new", "ü/[b] c.txt"]);
    expect(await git.git("log", "--format=%B%an %cn")).toBe(
      "Second\nAda Author Carl Committer\nFirst\n\nWith a body.\nAda Author Carl Committer\n",
    );
    expect((await git.call("git_status", {})).total).toBe(0);
  });

  it("commits some files, and leaves what is staged of others staged", async () => {
    for (const path of ["a", "b", "d/[x]", "d/x", "gone"]) await git.write(path, "1\n");
    await git.call("git_commit", { message: "First" });
    await git.write("a", "2\n");
    await git.write("b", "2\n");
    await git.write("d/[x]", "2\n");
    await git.write("d/x", "2\n");
    await git.write("new", "2\n");
    await git.remove("gone");
    await git.git("add", "b");
    const files = ["a", "d/[x]", "new", "gone"];
    const done = await git.call("git_commit", { message: "Some", files });
    expect(done.files).toEqual(["a", "d/[x]", "gone", "new"]);
    expect(await git.call("git_status", {})).toMatchObject({
      staged: [{ path: "b", change: "modified" }],
      modified: [{ path: "d/x", change: "modified" }],
    });
    const rest = await git.call("git_commit", { message: "Staged", all: false });
    expect(rest.files).toEqual(["b"]);
  });

  it("says that there is nothing to commit", async () => {
    const nothing = { code: "nothing_to_commit" };
    const commit = (given = {}) => git.call("git_commit", { message: "None", ...given });
    await expect(commit()).rejects.toMatchObject(nothing);
    await git.write("a", "1\n");
    await expect(commit({ all: false })).rejects.toMatchObject(nothing);
    await git.call("git_commit", { message: "First" });
    await expect(commit()).rejects.toMatchObject(nothing);
    await expect(commit({ files: ["a"] })).rejects.toMatchObject(nothing);
    await git.write("a", "2\n");
    await expect(commit({ all: false })).rejects.toMatchObject(nothing);
  });

  it("takes an author, and a message that looks like an option", async () => {
    await git.write("-a", "1\n");
    const author = "Grace Häppy-O'Neil <grace@example.com>";
    await git.call("git_commit", { message: "--amend", author, files: ["-a"] });
    expect(await git.git("log", "--format=%an <%ae> %cn %s")).toBe(
      `${author} Carl Committer --amend\n`,
    );
  });

  it("commits where HEAD is on no branch, and in a repository below", async () => {
    await git.git("init", "-q", "-b", "trunk", "lib");
    await git.write("lib/src/a", "1\n");
    await git.call("git_commit", { message: "One", repository: "lib" });
    await git.git("-C", "lib", "checkout", "-q", "trunk~0");
    await git.write("lib/src/a", "2\n");
    const done = await git.call("git_commit", { message: "Two", repository: "lib/src" });
    expect(done).toMatchObject({ branch: null, files: ["lib/src/a"] });
    const outside = git.call("git_commit", { message: "X", repository: "lib", files: ["other"] });
    await expect(outside).rejects.toMatchObject({ code: "invalid_input" });
    const above = git.call("git_commit", { message: "X", files: ["../x"] });
    await expect(above).rejects.toMatchObject({ code: "path_outside_workspace" });
  });

  it("takes a link for itself, and what is behind a linked directory for what it is", async () => {
    await git.write("lib/a", "1\n");
    const { runtime } = git;
    for (const [target, name] of [
      ["lib/a", "link"],
      ["lib", "here"],
    ] as const) {
      const made = await runtime.spawn("bash", ["-c", `ln -s ${target} ${name}`]);
      await made.exit;
    }
    const done = await git.call("git_commit", { message: "One", files: ["link", "here/a"] });
    expect(done.files).toEqual(["lib/a", "link"]);
    expect((await git.git("ls-files", "-s", "link")).slice(0, 6)).toBe("120000");
    expect((await git.call("git_status", {})).untracked).toEqual(["here"]);
    const whole = await git.call("git_commit", { message: "Two", files: ["."] });
    expect(whole.files).toEqual(["here"]);
  });

  it("says which file git does not know", async () => {
    await git.write("a", "1\n");
    const missing = git.call("git_commit", { message: "X", files: ["a", "nowhere"] });
    await expect(missing).rejects.toMatchObject({
      code: "file_not_found",
      message: expect.stringContaining("'nowhere'") as string,
    });
    await git.write(".gitignore", "*.log\n");
    await git.write("x.log", "");
    const ignored = git.call("git_commit", { message: "X", files: ["x.log"] });
    await expect(ignored).rejects.toMatchObject({
      code: "git_refused",
      message: expect.stringContaining("ignored") as string,
    });
  });

  it("takes no marks of a conflict for its solution", async () => {
    await git.write("a", "base\n");
    await git.write("b", "base\n");
    await git.call("git_commit", { message: "Base" });
    await git.git("switch", "-qc", "topic");
    await git.write("a", "theirs\n");
    await git.write("b", "theirs\n");
    await git.call("git_commit", { message: "Theirs" });
    await git.git("switch", "-q", "main");
    await git.write("a", "ours\n");
    await git.write("b", "ours\n");
    await git.call("git_commit", { message: "Ours" });
    await expect(git.git("merge", "topic")).rejects.toThrow("CONFLICT");
    await git.write("b", "both\n");
    const merge = { message: "Merge" };
    await expect(git.call("git_commit", merge)).rejects.toMatchObject({
      code: "git_conflict",
      details: { paths: ["a"] },
    });
    const conflict = { code: "git_conflict" };
    await expect(git.call("git_commit", { ...merge, files: ["b"] })).rejects.toMatchObject(
      conflict,
    );
    await expect(git.call("git_commit", { ...merge, all: false })).rejects.toMatchObject(conflict);
    await git.write("a", "=======\nboth\n");
    const done = await git.call("git_commit", merge);
    expect(done.files).toEqual(["a", "b"]);
    expect((await git.git("log", "-1", "--format=%P")).trim().split(" ")).toHaveLength(2);
    expect(await git.call("git_status", {})).toMatchObject({ merging: false, total: 0 });
  });

  it("commits one call after the other", async () => {
    const names = Array.from({ length: 6 }, (_, at) => `f${at}`);
    for (const name of names) await git.write(name, name);
    const commits = names.map((name) => git.call("git_commit", { message: name, files: [name] }));
    await Promise.all(commits);
    const log = await git.git("log", "--format=%s");
    expect(log.trim().split("\n").toSorted()).toEqual(names);
    expect((await git.call("git_status", {})).total).toBe(0);
  });

  it("does nothing when it was cancelled before", async () => {
    await git.write("a", "");
    const abort = new AbortController();
    abort.abort(new DiscoError("cancelled", "Stop."));
    const cancelled = git.call("git_commit", { message: "X" }, abort.signal);
    await expect(cancelled).rejects.toMatchObject({ code: "cancelled" });
    expect((await git.call("git_status", {})).untracked).toEqual(["a"]);
  });

  it("says that it may have run when it is stopped in its middle", async () => {
    await git.write("a", "");
    const abort = new AbortController();
    const { runtime } = git;
    const spawn: typeof runtime.spawn = (command, args, options) => {
      if (args?.[0] === "commit") abort.abort(new DiscoError("cancelled", "Stop."));
      return runtime.spawn(command, args, options);
    };
    const stopped = new GitCalls(
      Object.assign(Object.create(runtime) as typeof runtime, { spawn }),
    );
    const cancelled = stopped.call("git_commit", { message: "X" }, abort.signal);
    await expect(cancelled).rejects.toMatchObject({ code: "outcome_unknown" });
  });
});

describe.each([
  ["the container's git", bootContainerGit],
  ["real git", bootRealGit],
])("git_commit of nobody over %s", (_name, boot) => {
  it("asks who commits, and then takes the author for it", async () => {
    const git = new GitCalls(await boot({ GIT_CONFIG_GLOBAL: "/nowhere", EMAIL: "" }));
    await git.git("init", "-q", "-b", "main");
    await git.git("config", "user.useConfigOnly", "true");
    await git.write("a", "");
    await expect(git.call("git_commit", { message: "X" })).rejects.toMatchObject({
      code: "invalid_input",
      details: { issues: [{ argument: "author" }] },
    });
    await git.call("git_commit", { message: "X", author: "Ada <ada@example.com>" });
    expect(await git.git("log", "--format=%an %ae %cn %ce")).toBe(
      "Ada ada@example.com Ada ada@example.com\n",
    );
    await git.dispose();
  });
});

describe("the same calls over both gits", () => {
  it("give the same answers, names of commits included", async () => {
    const told = await Promise.all(
      gitRuntimes.map(async ([, boot]) => {
        const git = new GitCalls(await boot());
        await git.git("init", "-q", "-b", "main");
        await git.write("a.txt", "1\n2\n3\n");
        await git.write("dir/b.txt", "b\n".repeat(30));
        const answers: unknown[] = [await git.call("git_commit", { message: "First" })];
        await git.git("mv", "dir/b.txt", "dir/c.txt");
        await git.write("a.txt", "1\nTwo\n3");
        answers.push(await git.call("git_status", { diff: true, log: 5 }));
        answers.push(await git.call("git_commit", { message: "Second", files: ["a.txt"] }));
        answers.push(await git.call("git_status", { diff: true, log: 5 }));
        answers.push(await git.call("git_commit", { message: "Third", all: false }));
        answers.push(await git.call("git_status", { path: "dir", log: 5 }));
        await git.dispose();
        return answers;
      }),
    );
    expect(told[0]).toEqual(told[1]);
    expect(told[0]).toHaveLength(6);
  });
});
