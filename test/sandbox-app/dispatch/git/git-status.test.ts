import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GIT_DIFF_MAX_CHARS, GIT_LISTED_MAX } from "#protocol/limits.ts";
import { cleanStatus } from "#test/support/git-answers.ts";
import { GitCalls } from "#test/support/git-calls.ts";
import { gitRuntimes } from "#test/support/git-runtimes.ts";

/** Each test runs twice: what the container's git tells has to be what real git tells. */
describe.each(gitRuntimes)("git_status over %s", (_name, boot) => {
  let git: GitCalls;

  beforeEach(async () => {
    git = new GitCalls(await boot());
    await git.git("init", "-q", "-b", "main");
  });
  afterEach(() => git.dispose());

  it("tells of a repository without a commit", async () => {
    expect(await git.call("git_status", { diff: true, log: 5 })).toEqual({
      ...cleanStatus,
      diff: "",
      log: [],
    });
    await git.write("a.txt", "one\n");
    await git.git("add", "a.txt");
    const { staged, diff } = await git.call("git_status", { diff: true });
    expect(staged).toEqual([{ path: "a.txt", change: "added" }]);
    expect(diff).toContain("+one\n");
  });

  it("parts what is staged from what is not, whatever the names are", async () => {
    const odd = ["ü ber/näme 🎈.txt", "with space", "-dash", 'qu"ote', "tab\tnew\nline", "[x]*?"];
    for (const path of [...odd, "gone", "old name", "both"]) await git.write(path, `${path}\n`);
    await git.git("add", "-A");
    await git.git("commit", "-qm", "First");
    for (const path of odd) await git.write(path, "changed\n");
    await git.remove("gone");
    await git.git("mv", "old name", "new name");
    await git.write("both", "staged\n");
    await git.git("add", "both");
    await git.write("both", "not staged\n");
    await git.write("fresh/a", "");
    await git.write("fresh/b", "");
    const { staged, modified, untracked, total } = await git.call("git_status", {});
    expect(staged).toEqual([
      { path: "both", change: "modified" },
      { path: "new name", change: "renamed", from: "old name" },
    ]);
    const changed = odd.map((path) => ({ path, change: "modified" }));
    expect(modified).toHaveLength(odd.length + 2);
    expect(modified).toEqual(
      expect.arrayContaining([
        ...changed,
        { path: "gone", change: "deleted" },
        { path: "both", change: "modified" },
      ]),
    );
    expect(untracked).toEqual(["fresh/"]);
    expect(total).toBe(odd.length + 4);
  });

  it("names paths from the workspace's root, and looks at one alone", async () => {
    await git.git("init", "-q", "-b", "trunk", "lib");
    await git.write("lib/src/a.txt", "one\n");
    await git.write("lib/b.txt", "one\n");
    await git.git("-C", "lib", "add", "-A");
    await git.git("-C", "lib", "commit", "-qm", "One");
    await git.write("lib/src/a.txt", "two\n");
    await git.write("lib/b.txt", "two\n");
    const all = await git.call("git_status", { path: "lib" });
    expect([all.branch, all.modified.map(({ path }) => path)]).toEqual([
      "trunk",
      ["lib/b.txt", "lib/src/a.txt"],
    ]);
    const one = await git.call("git_status", { path: "lib/src/a.txt", diff: true, log: 1 });
    expect(one.modified).toEqual([{ path: "lib/src/a.txt", change: "modified" }]);
    expect(one.diff).toContain("-one\n+two\n");
    expect(one.diff).not.toContain("b.txt");
    expect(one.log).toMatchObject([{ author: "Ada Author", subject: "One" }]);
    expect(one.log?.[0]).toMatchObject({ commit: all.commit, date: "2023-11-14T23:43:20+01:30" });
    const empty = await git.call("git_status", { path: "lib/b.txt", log: 9 });
    expect(empty.log).toHaveLength(1);
  });

  it("tells of a HEAD on no branch, and of a merge that waits", async () => {
    await git.write("a.txt", "base\n");
    await git.git("add", "-A");
    await git.git("commit", "-qm", "Base");
    await git.git("switch", "-qc", "topic");
    await git.write("a.txt", "theirs\n");
    await git.git("commit", "-qam", "Theirs");
    await git.git("switch", "-q", "main");
    await git.write("a.txt", "ours\n");
    await git.git("commit", "-qam", "Ours");
    await git.git("branch", "-u", "topic");
    expect(await git.call("git_status", {})).toMatchObject({
      upstream: "topic",
      ahead: 1,
      behind: 1,
      merging: false,
    });
    await expect(git.git("merge", "topic")).rejects.toThrow("CONFLICT");
    expect(await git.call("git_status", {})).toMatchObject({
      merging: true,
      conflicted: ["a.txt"],
      modified: [],
      total: 1,
    });
    await git.git("merge", "--abort");
    await git.git("checkout", "-q", "topic~0");
    const { branch, commit, ahead } = await git.call("git_status", {});
    expect([branch, commit?.length, ahead]).toEqual([null, 40, null]);
  });

  it("lists so many files, and counts all", async () => {
    const count = GIT_LISTED_MAX + 20;
    for (let at = 0; at < count; at += 1) await git.write(`f${at}`, "");
    const { untracked, total } = await git.call("git_status", {});
    expect([untracked.length, total]).toEqual([GIT_LISTED_MAX, count]);
    const committed = await git.call("git_commit", { message: "All" });
    expect([committed.files.length, committed.stats.files]).toEqual([GIT_LISTED_MAX, count]);
  });

  it("cuts a long diff between lines, and says so", async () => {
    await git.write("a.txt", "");
    await git.git("add", "-A");
    await git.git("commit", "-qm", "First");
    await git.write("a.txt", "a line of some length\n".repeat(20_000));
    const { diff = "" } = await git.call("git_status", { diff: true });
    expect(diff.length).toBeLessThan(GIT_DIFF_MAX_CHARS + 200);
    expect(diff).toMatch(/\n\+a line of some length\n… the diff is longer; .* …\n$/);
  });

  it("sees each change, whether it asked before or not", async () => {
    const untracked = async () => (await git.call("git_status", {})).untracked;
    expect([await untracked(), await untracked()]).toEqual([[], []]);
    await git.write("a.txt", "");
    expect([await untracked(), await untracked()]).toEqual([["a.txt"], ["a.txt"]]);
    await git.git("add", "a.txt");
    expect(await untracked()).toEqual([]);
    await git.git("commit", "-qm", "First");
    expect((await git.call("git_status", {})).staged).toEqual([]);
  });

  it("writes nothing, also where git would keep what it has learned", async () => {
    await git.write("a.txt", "one\n");
    await git.call("git_commit", { message: "First" });
    const { files, root } = git.runtime;
    const index = () => files.read(`${root}/.git/index`);
    const before = await index();
    await git.write("a.txt", "one\n");
    expect(await git.call("git_status", { diff: true })).toMatchObject({ total: 0, diff: "" });
    expect(await index()).toEqual(before);
  });

  it("refuses where there is no repository, and names those that there are", async () => {
    await git.remove(".git");
    await git.git("init", "-q", "app");
    await git.write("plain/x", "");
    await expect(git.call("git_status", {})).rejects.toMatchObject({
      code: "not_a_repository",
      message: "The workspace is in no git repository. There is one in app.",
      details: { repositories: ["app"] },
    });
    const plain = git.call("git_status", { path: "plain/x" });
    await expect(plain).rejects.toMatchObject({ code: "not_a_repository" });
    const codes = { "..": "path_outside_workspace", "no/where": "file_not_found" };
    for (const [path, code] of Object.entries(codes)) {
      await expect(git.call("git_status", { path })).rejects.toMatchObject({ code });
    }
  });

  it("says what git says of a repository that is broken", async () => {
    await git.remove(".git/HEAD");
    await expect(git.call("git_status", {})).rejects.toMatchObject({ code: "not_a_repository" });
    await git.write(".git/HEAD", "ref: refs/heads/main\n");
    await git.write(".git/index", "nonsense, but long enough to be read");
    const broken = git.call("git_status", {});
    await expect(broken).rejects.toMatchObject({
      code: "git_refused",
      message: expect.stringMatching(/^git status: .*index/s) as string,
    });
  });

  it("ends when its call is cancelled", async () => {
    const abort = new AbortController();
    abort.abort(new Error("Stop."));
    await expect(git.call("git_status", {}, abort.signal)).rejects.toThrow("Stop.");
  });
});
