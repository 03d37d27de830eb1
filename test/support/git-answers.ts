import type { OperationOutput } from "#protocol/registry.ts";

/** The status of a repository in which nothing has changed. */
export const cleanStatus = {
  branch: "main",
  commit: null,
  upstream: null,
  ahead: null,
  behind: null,
  merging: false,
  staged: [],
  modified: [],
  untracked: [],
  conflicted: [],
  total: 0,
} satisfies OperationOutput<"git_status">;
