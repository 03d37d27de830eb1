import { describe, expect, it } from "vitest";
import type { OperationOutput } from "#protocol/registry.ts";
import {
  clonedText,
  committedText,
  gitStatusText,
  pulledText,
  pushedText,
} from "#worker/mcp/git-text.ts";
import { cleanStatus } from "#test/support/git-answers.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";
const clean: OperationOutput<"git_status"> = { ...cleanStatus, commit };

describe("git_status as text", () => {
  it("says when nothing has changed", () => {
    expect(gitStatusText(clean)).toBe("On branch main at 0123456789.\nNothing has changed.");
  });

  it("lists each kind of change, then log and diff", () => {
    const text = gitStatusText({
      ...clean,
      upstream: "origin/main",
      ahead: 2,
      behind: 1,
      merging: true,
      staged: [{ path: "b", change: "renamed", from: "a" }],
      modified: [{ path: "c", change: "modified" }],
      untracked: ["d/"],
      conflicted: ["e"],
      total: 9,
      log: [{ commit, author: "Ada", date: "2026-01-02T03:04:05Z", subject: "Say hello" }],
      diff: "diff --git a/c b/c\n",
    });
    expect(text).toBe(
      [
        "On branch main at 0123456789; follows origin/main: 2 ahead, 1 behind. A merge waits for its commit.",
        "In conflict:",
        "  e",
        "Staged:",
        "  renamed a to b",
        "Not staged:",
        "  modified c",
        "Untracked:",
        "  d/",
        "9 paths have changed; not all are listed.",
        "Log:",
        "  0123456789  2026-01-02T03:04:05Z  Ada: Say hello",
        "",
        "diff --git a/c b/c",
        "",
      ].join("\n"),
    );
  });

  it("knows a repository without commits, and a HEAD on no branch", () => {
    const first = "On branch main, before its first commit.\nNothing has changed.";
    expect(gitStatusText({ ...clean, commit: null })).toBe(first);
    expect(gitStatusText({ ...clean, branch: null })).toMatch(
      /^HEAD is on no branch at 0123456789\./,
    );
  });
});

describe("what git did, as text", () => {
  const files = ["a", "b"];
  const stats = { files: 2, insertions: 3, deletions: 1 };

  it("tells of a commit, and that not all of its files are named", () => {
    expect(committedText({ commit, branch: "main", files, stats })).toBe(
      "Committed 0123456789 on main: 2 files, +3 -1 lines.\n  a\n  b",
    );
    const many = { ...stats, files: 300 };
    expect(committedText({ commit, branch: null, files, stats: many })).toMatch(
      /^Committed 0123456789 on no branch: 300 files, .*\n {2}…$/s,
    );
  });

  it("tells of a clone, and how it is undone", () => {
    const done = { status: "done", directory: "lib", branch: "main", process_id: null } as const;
    expect(clonedText({ ...done, commit, files: 1, checkpoint: "c_1" })).toBe(
      "Cloned into lib: 1 file of main at 0123456789.\nrestore_checkpoint c_1 brings the files back.",
    );
    expect(clonedText({ ...done, commit: null, files: 0 })).toBe(
      "Cloned into lib: an empty repository.",
    );
  });

  it("tells of a pull: nothing new, something, or conflicts", () => {
    const done = { status: "done", updated: false, commit, files: 0, conflicts: [] } as const;
    const pulled = { ...done, conflicts: [], process_id: null };
    expect(pulledText(pulled)).toBe("There was nothing new at 0123456789.");
    expect(pulledText({ ...pulled, updated: true, files: 3 })).toBe(
      "Pulled changes to 3 files; now at 0123456789.",
    );
    const conflicts = { ...pulled, status: "conflicts", updated: true, conflicts: ["a"] } as const;
    expect(pulledText({ ...conflicts, conflicts: ["a"], checkpoint: "c_1" })).toMatch(
      /conflicts\. .* git_commit:\n {2}a\nrestore_checkpoint c_1/,
    );
  });

  it("tells of a push", () => {
    const done = { status: "done", branch: "main", url: "https://h/x", process_id: null } as const;
    expect(pushedText({ ...done, pushed: true })).toBe("Pushed main to https://h/x.");
    expect(pushedText({ ...done, pushed: false })).toBe("https://h/x had all of main already.");
  });

  it("says of what takes longer how to go on", () => {
    const id = "p_0123456789ab";
    const next = new RegExp(`goes on as process ${id}: wait_for it, .* then git_status\\.$`);
    const running = { status: "running", process_id: id } as const;
    expect(
      clonedText({ ...running, directory: "lib", branch: null, commit: null, files: null }),
    ).toMatch(next);
    const pull = { ...running, updated: false, commit: null, files: 0, conflicts: [] };
    expect(pulledText(pull)).toMatch(next);
    expect(pushedText({ ...running, pushed: false, branch: "main", url: null })).toMatch(next);
  });
});
