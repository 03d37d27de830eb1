import * as z from "zod";
import { checkpoint } from "../checkpoint.ts";
import { authorName, branchName, commitMessage, remoteName, repositoryUrl } from "../git-names.ts";
import {
  CALL_TIMEOUT_DEFAULT_MS,
  GIT_FILES_MAX,
  GIT_LISTED_MAX,
  GIT_LOG_MAX,
  PATH_MAX_CHARS,
  WAIT_MAX_S,
} from "../limits.ts";
import { defineOperation } from "../operation.ts";
import { processId, waitTimeoutMs } from "../process.ts";
import { withoutNul } from "../text.ts";
import { workspacePath } from "../workspace-path.ts";

/** What the remote operations may run into beside their own. */
const networkErrors = [
  "git_auth_required",
  "git_refused",
  "network_not_granted",
  "network_refused",
  "network_unavailable",
  "overloaded",
  "path_outside_workspace",
  "repository_not_found",
  "too_large",
] as const;

/** A path as callers give it; each tool costs every conversation, so its name says what it is. */
const namedPath = withoutNul(z.string().min(1).max(PATH_MAX_CHARS));

const repository = namedPath.default(".");
const remote = remoteName.default("origin");

const path = z.string().describe("Relative to the root of the workspace.");
const change = z
  .enum(["added", "modified", "deleted", "renamed", "type_changed"])
  .describe("What happened to it.");

const handle = processId
  .nullable()
  .describe("For wait_for and read_output while it is running; else null.");
const running = "`running`: it takes longer than a call and goes on as process_id.";

const commitId = z.string().describe("Name of the commit, 40 hex digits.");

export const gitStatus = defineOperation({
  name: "git_status",
  title: "Git status",
  description:
    "Returns a git repository's branch, how far it is ahead and behind of upstream, and its staged, " +
    "modified, untracked and conflicted files; with diff what changed since the last commit, with log " +
    "the last commits.",
  noun: "git",
  input: z.object({
    path: workspacePath.default(".").describe("The repository, or a path in it."),
    diff: z.boolean().default(false).describe("Adds the diff."),
    log: z.int().min(0).max(GIT_LOG_MAX).default(0).describe("Commits to list."),
  }),
  output: z.object({
    branch: z.string().nullable().describe("Null: HEAD is detached."),
    commit: commitId.nullable().describe("The last commit; null before the first."),
    upstream: z.string().nullable().describe("What the branch follows, as origin/main."),
    ahead: z.int().nullable().describe("Commits that upstream lacks; null: not known."),
    behind: z.int().nullable().describe("Commits that the branch lacks; null: not known."),
    merging: z.boolean().describe("A merge waits for its commit."),
    staged: z.array(z.object({ path, change, from: z.string().optional() })).max(GIT_LISTED_MAX),
    modified: z.array(z.object({ path, change })).max(GIT_LISTED_MAX).describe("Not staged."),
    untracked: z
      .array(path)
      .max(GIT_LISTED_MAX)
      .describe("A directory with nothing tracked in it ends with a slash."),
    conflicted: z.array(path).max(GIT_LISTED_MAX),
    total: z.int().nonnegative().describe("Paths with changes; the lists may hold fewer."),
    diff: z.string().optional().describe("A unified diff; a long one is cut, and says so."),
    log: z
      .array(
        z.object({
          commit: commitId,
          author: z.string(),
          date: z.string().describe("ISO 8601."),
          subject: z.string(),
        }),
      )
      .max(GIT_LOG_MAX)
      .optional()
      .describe("The latest first."),
  }),
  example: {},
  scope: "git:read",
  hints: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  approval: "never",
  runs: "tab",
  http: { method: "GET", path: "/git/{container}/status" },
  errors: ["file_not_found", "git_refused", "not_a_repository", "path_outside_workspace"],
  timeoutMs: CALL_TIMEOUT_DEFAULT_MS,
  summarize: (input) => `Read git's status${input.path === "." ? "" : ` of ${input.path}`}`,
});

export const gitClone = defineOperation({
  name: "git_clone",
  title: "Clone",
  description:
    "Copies a repository into a new directory of the workspace. Returns directory, branch, commit and " +
    "how many files; status running: it takes longer, and goes on as process_id.",
  noun: "git",
  input: z.object({
    url: repositoryUrl.describe("Its https:// URL."),
    directory: workspacePath.optional().describe("Default: the repository's name."),
    branch: branchName.optional().describe("Or a tag."),
    depth: z.int().min(0).default(1).describe("Commits of history; 0: all."),
  }),
  output: z.object({
    status: z.enum(["done", "running"]).describe(running),
    directory: path,
    branch: z.string().nullable(),
    commit: commitId.nullable().describe("Null: the repository is empty, or it is running."),
    files: z.int().nonnegative().nullable().describe("Files of the commit."),
    process_id: handle,
    checkpoint,
  }),
  example: { url: "https://github.com/octocat/Hello-World.git" },
  scope: "git:write",
  hints: { readOnly: false, destructive: false, idempotent: false, openWorld: true },
  approval: "policy",
  runs: "tab",
  http: { method: "POST", path: "/git/{container}/clone" },
  errors: ["already_exists", "storage_full", ...networkErrors],
  timeoutMs: waitTimeoutMs(WAIT_MAX_S),
  summarize: ({ url, directory }) =>
    `Cloned ${url}${directory === undefined ? "" : ` into ${directory}`}`,
});

export const gitCommit = defineOperation({
  name: "git_commit",
  title: "Commit",
  description:
    "Commits all changes, new files too; or only `files`; or with all false what is staged. Returns " +
    "commit, branch, files and stats.",
  noun: "git",
  input: z.object({
    message: commitMessage,
    files: z.array(namedPath).min(1).max(GIT_FILES_MAX).optional(),
    all: z.boolean().default(true),
    author: authorName.optional().describe("`Name <email>`."),
    repository,
  }),
  output: z.object({
    commit: commitId,
    branch: z.string().nullable().describe("Null: HEAD is detached."),
    files: z.array(path).max(GIT_LISTED_MAX).describe("That it changed; the first of them."),
    stats: z.object({
      files: z.int().nonnegative(),
      insertions: z.int().nonnegative(),
      deletions: z.int().nonnegative(),
    }),
  }),
  example: { message: "Say hello" },
  scope: "git:write",
  hints: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
  approval: "policy",
  runs: "tab",
  http: { method: "POST", path: "/git/{container}/commit" },
  errors: [
    "file_not_found",
    "git_conflict",
    "git_refused",
    "not_a_repository",
    "nothing_to_commit",
    "path_outside_workspace",
  ],
  timeoutMs: waitTimeoutMs(WAIT_MAX_S),
  summarize: ({ message, files, all }) => {
    const subject = message.trim().split("\n", 1)[0] ?? "";
    if (files === undefined)
      return `Committed ${all ? "all changes" : "what is staged"}: ${subject}`;
    const what = files.length === 1 ? (files[0] ?? "") : `${files.length} files`;
    return `Committed ${what}: ${subject}`;
  },
});

export const gitPull = defineOperation({
  name: "git_pull",
  title: "Pull",
  description:
    "Fetches a branch and merges it. Conflicts stay as marks in the files of `conflicts`: edit them, " +
    "then git_commit. Returns whether it updated anything, commit, and how many files changed.",
  noun: "git",
  input: z.object({
    remote,
    branch: branchName.optional().describe("Default: the one that is followed."),
    repository,
  }),
  output: z.object({
    status: z.enum(["done", "conflicts", "running"]).describe(running),
    updated: z.boolean().describe("Files or history changed."),
    commit: commitId.nullable().describe("Where the branch is now."),
    files: z.int().nonnegative().describe("Files that the commits brought changes to."),
    conflicts: z.array(path).max(GIT_LISTED_MAX),
    process_id: handle,
    checkpoint,
  }),
  example: {},
  scope: "git:write",
  hints: { readOnly: false, destructive: true, idempotent: false, openWorld: true },
  approval: "policy",
  runs: "tab",
  http: { method: "POST", path: "/git/{container}/pull" },
  errors: ["git_conflict", "not_a_repository", "storage_full", ...networkErrors],
  timeoutMs: waitTimeoutMs(WAIT_MAX_S),
  summarize: ({ remote: from, branch }) =>
    `Pulled ${branch === undefined ? from : `${branch} from ${from}`}`,
});

export const gitPush = defineOperation({
  name: "git_push",
  title: "Push",
  description:
    "Sends a branch to its remote, where the user has allowed it in the sandbox page. Returns whether " +
    "it pushed anything, and the remote's url. After git_rejected, git_pull first.",
  noun: "git",
  input: z.object({
    remote,
    branch: branchName.optional().describe("Default: the current one."),
    force: z.boolean().default(false).describe("Overwrites commits of others."),
    repository,
  }),
  output: z.object({
    status: z.enum(["done", "running"]).describe(running),
    pushed: z.boolean().describe("False: the remote had it all, or it is running."),
    branch: z.string(),
    url: z.string().nullable().describe("Of the remote's repository."),
    process_id: handle,
  }),
  example: {},
  scope: "git:push",
  hints: { readOnly: false, destructive: true, idempotent: false, openWorld: true },
  // The person's yes is the push grant, which git's proxy asks for at each push: by page, not by call.
  approval: "policy",
  runs: "tab",
  http: { method: "POST", path: "/git/{container}/push" },
  errors: ["git_rejected", "not_a_repository", "push_not_granted", ...networkErrors],
  timeoutMs: waitTimeoutMs(WAIT_MAX_S),
  summarize: ({ remote: to, branch, force }) =>
    `Pushed ${branch === undefined ? "" : `${branch} `}to ${to}${force ? ", by force" : ""}`,
});
