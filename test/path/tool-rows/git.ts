import { expect, vi } from "vitest";
import { GIT_LOG_MAX } from "#protocol/limits.ts";
import type { Stage, ToolRows } from "./row.ts";

/** Nobody's host: what is said to be there is in the workspace, and git is told so. */
const HOST = "https://git.example/";

const identity = "git config user.name Ada && git config user.email ada@example.com";

async function run({ call }: Stage, command: string): Promise<string> {
  const ran = await call("run_command", { command });
  expect([ran["exit_code"], ran["stderr"]]).toEqual([0, expect.any(String)]);
  return String(ran["stdout"]);
}

/** A repository with one commit. */
async function repository(stage: Stage, directory: string): Promise<string> {
  const commit = "echo one > a.txt && git add -A && git commit -qm First";
  await run(
    stage,
    `git init -q -b main ${directory} && cd ${directory} && ${identity} && ${commit}`,
  );
  return directory;
}

/** The same, which follows a remote. */
async function clone(stage: Stage, directory: string): Promise<string> {
  await repository(stage, `${directory}-origin`);
  await run(
    stage,
    `git clone -q ${directory}-origin ${directory} && cd ${directory} && ${identity}`,
  );
  await run(stage, `git -C ${directory}-origin config receive.denyCurrentBranch ignore`);
  return directory;
}

const commitIn = (directory: string, text: string) =>
  `cd ${directory} && echo ${text} > a.txt && git commit -qam ${text}`;

/** The URL of a repository that is in the workspace. */
async function hosted(stage: Stage, directory: string): Promise<string> {
  const root = (await run(stage, "pwd")).trim();
  vi.stubEnv("GIT_CONFIG_COUNT", "1");
  vi.stubEnv("GIT_CONFIG_KEY_0", `url.file://${root}/.insteadOf`);
  vi.stubEnv("GIT_CONFIG_VALUE_0", HOST);
  return `${HOST}${directory}`;
}

export const gitRows: ToolRows<
  "git_status" | "git_clone" | "git_commit" | "git_pull" | "git_push"
> = {
  git_status: {
    happy: {
      args: async (stage) => {
        const path = await repository(stage, "looked-at");
        await stage.put(`${path}/a.txt`, "two\n");
        return { path, diff: true, log: 5 };
      },
      gives: {
        branch: "main",
        modified: [{ path: "looked-at/a.txt", change: "modified" }],
        diff: expect.stringContaining("-one\n+two\n") as string,
        log: [{ author: "Ada", subject: "First" }],
      },
    },
    edge: {
      "before the first commit": {
        args: async (stage) => {
          await run(stage, "git init -q -b main empty");
          return { path: "empty", diff: true, log: 5 };
        },
        gives: { branch: "main", commit: null, total: 0, diff: "", log: [] },
      },
    },
    bad: { args: { path: "." }, code: "not_a_repository" },
    tooLarge: { args: { log: GIT_LOG_MAX + 1 }, code: "invalid_input", says: "log" },
  },

  git_clone: {
    happy: {
      args: async (stage) => ({
        url: await hosted(stage, await repository(stage, "far")),
        directory: "near",
      }),
      gives: { status: "done", directory: "near", branch: "main", files: 1, process_id: null },
      after: async ({ textOf }) => expect(await textOf("near/a.txt")).toBe("one\n"),
    },
    edge: {
      "of nothing yet": {
        args: async (stage) => {
          await run(stage, "git init -q --bare -b main none.git");
          return { url: await hosted(stage, "none.git") };
        },
        gives: { directory: "none", commit: null, files: 0 },
      },
      "where something is": {
        args: async ({ put }) => {
          await put("near/mine.txt", "mine");
          return { url: `${HOST}far`, directory: "near" };
        },
        code: "already_exists",
        says: "near",
      },
    },
    bad: {
      args: async (stage) => ({ url: await hosted(stage, "nowhere.git") }),
      code: "repository_not_found",
      says: "nowhere.git",
    },
    tooLarge: {
      args: { url: `${HOST}${"x".repeat(1_000)}` },
      code: "invalid_input",
      says: "url",
    },
  },

  git_commit: {
    happy: {
      args: async (stage) => {
        const directory = await repository(stage, "work");
        await stage.put("work/b [1].txt", "b\n");
        return { repository: directory, message: "Add b\n\nWith a body." };
      },
      gives: {
        branch: "main",
        files: ["work/b [1].txt"],
        stats: { files: 1, insertions: 1, deletions: 0 },
      },
    },
    edge: {
      "of nothing": {
        args: async (stage) => ({ repository: await repository(stage, "same"), message: "Same" }),
        code: "nothing_to_commit",
      },
    },
    bad: {
      args: async (stage) => ({
        repository: await repository(stage, "named"),
        message: "Named",
        files: ["named/nowhere"],
      }),
      code: "file_not_found",
      says: "nowhere",
    },
    tooLarge: { args: { message: "x".repeat(1_000_000) }, code: "invalid_input", says: "message" },
  },

  git_pull: {
    happy: {
      args: async (stage) => {
        const directory = await clone(stage, "pulling");
        await run(stage, commitIn("pulling-origin", "two"));
        return { repository: directory };
      },
      gives: { status: "done", updated: true, files: 1, conflicts: [] },
      after: async ({ textOf }) => expect(await textOf("pulling/a.txt")).toBe("two\n"),
    },
    edge: {
      "of nothing new": {
        args: async (stage) => ({ repository: await clone(stage, "current") }),
        gives: { status: "done", updated: false, files: 0 },
      },
      "into a conflict": {
        args: async (stage) => {
          const directory = await clone(stage, "apart");
          await run(
            stage,
            `(${commitIn("apart-origin", "theirs")}) && ${commitIn("apart", "ours")}`,
          );
          return { repository: directory };
        },
        gives: { status: "conflicts", conflicts: ["apart/a.txt"] },
      },
    },
    bad: {
      args: async (stage) => ({ repository: await repository(stage, "alone"), remote: "nobody" }),
      code: "repository_not_found",
      says: "nobody",
    },
    tooLarge: { args: { branch: "x".repeat(1_000) }, code: "invalid_input", says: "branch" },
  },

  git_push: {
    happy: {
      args: async (stage) => {
        const directory = await clone(stage, "pushing");
        await run(stage, commitIn(directory, "two"));
        return { repository: directory };
      },
      gives: { status: "done", pushed: true, branch: "main" },
    },
    edge: {
      "of nothing new": {
        args: async (stage) => ({ repository: await clone(stage, "pushed") }),
        gives: { status: "done", pushed: false },
      },
      "beside what others have pushed": {
        args: async (stage) => {
          const directory = await clone(stage, "beside");
          await run(
            stage,
            `(${commitIn("beside-origin", "theirs")}) && ${commitIn("beside", "ours")}`,
          );
          return { repository: directory };
        },
        code: "git_rejected",
        says: "fetch first",
      },
    },
    bad: {
      args: async (stage) => ({ repository: await clone(stage, "lacks"), branch: "nowhere" }),
      code: "git_refused",
      says: "nowhere",
    },
    tooLarge: { args: { remote: "x".repeat(1_000) }, code: "invalid_input", says: "remote" },
  },
};
