import * as z from "zod";
import { checkpointId } from "../checkpoint.ts";
import {
  CALL_TIMEOUT_DEFAULT_MS,
  CHECKPOINT_PATHS_MAX,
  CHECKPOINTS_LIST_DEFAULT,
  CHECKPOINTS_LIST_MAX,
  RESTORE_PATHS_MAX,
} from "../limits.ts";
import { defineOperation } from "../operation.ts";
import { workspacePath } from "../workspace-path.ts";

const id = checkpointId.describe(
  "Id from list_checkpoints, or from the call that is to be undone.",
);

export const listCheckpoints = defineOperation({
  name: "list_checkpoints",
  title: "List checkpoints",
  description:
    "Lists the states of the workspace before each call that changed something, the latest first. They " +
    "are in the memory of the user's page: a reload ends them. Returns for each its id for " +
    "restore_checkpoint, the call, and what has changed between it and the next one, whoever did it.",
  noun: "checkpoints",
  input: z.object({
    limit: z
      .int()
      .min(1)
      .max(CHECKPOINTS_LIST_MAX)
      .default(CHECKPOINTS_LIST_DEFAULT)
      .describe("Most checkpoints to return."),
    path: workspacePath.optional().describe("Only those with changes at or below this path."),
  }),
  output: z.object({
    checkpoints: z.array(
      z.object({
        id: checkpointId,
        time: z.string().describe("Date and time, ISO 8601 in UTC."),
        operation: z.string().describe("The call that came next."),
        client: z.string().describe("Who called."),
        summary: z.string().describe("What it did, in a sentence."),
        changes: z.int().nonnegative().describe("Files and directories that changed since."),
        paths: z
          .array(z.string())
          .max(CHECKPOINT_PATHS_MAX)
          .describe("The first of them, relative to the root of the workspace."),
      }),
    ),
    total: z.int().nonnegative().describe("Checkpoints found, before the limit."),
    kept_since: z.string().describe("Nothing older is known: the page was opened then. ISO 8601."),
    dropped: z.int().nonnegative().describe("Older ones that had to make room in memory."),
  }),
  example: { limit: 5 },
  scope: "files:read",
  hints: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  approval: "never",
  runs: "tab",
  http: { method: "GET", path: "/files/{container}/checkpoints" },
  errors: ["path_outside_workspace"],
  timeoutMs: CALL_TIMEOUT_DEFAULT_MS,
  summarize: () => "Listed the checkpoints",
});

const named = z.array(z.string()).max(RESTORE_PATHS_MAX);

export const restoreCheckpoint = defineOperation({
  name: "restore_checkpoint",
  title: "Restore a checkpoint",
  description:
    "Makes the workspace, or only `paths`, what it was at a checkpoint: changed and deleted files come " +
    "back, files made later go. Left alone: what .gitignore names, node_modules, .git, symbolic " +
    "links, files above 10 MiB; programs run on. Returns what was restored, removed and skipped, and " +
    "undo_id, a checkpoint that undoes this.",
  noun: "checkpoints",
  input: z.object({
    id,
    paths: z
      .array(workspacePath)
      .min(1)
      .max(RESTORE_PATHS_MAX)
      .optional()
      .describe("Only these, and what is below them. Default: the whole workspace."),
  }),
  output: z.object({
    restored: named.describe("As they were again, relative to the root; the first of them."),
    restored_total: z.int().nonnegative(),
    removed: named.describe("Made since, and gone now; the first of them."),
    removed_total: z.int().nonnegative(),
    skipped: z
      .array(
        z.object({
          path: z.string(),
          reason: z.enum([
            "ignored",
            "symlink",
            "too_large",
            "no_room",
            "unreadable",
            "in_the_way",
          ]),
        }),
      )
      .max(RESTORE_PATHS_MAX)
      .describe("Changed since, but not kept, or what is in the way of it is not; the first."),
    skipped_total: z.int().nonnegative(),
    undo_id: checkpointId.nullable().describe("Null: nothing had to change."),
  }),
  // Has the form of an id; nobody has it.
  example: { id: "c_0123456789ab" },
  scope: "files:write",
  hints: { readOnly: false, destructive: true, idempotent: true, openWorld: false },
  approval: "policy",
  runs: "tab",
  http: { method: "POST", path: "/files/{container}/restore" },
  errors: ["checkpoint_not_found", "path_outside_workspace", "storage_full"],
  timeoutMs: CALL_TIMEOUT_DEFAULT_MS,
  summarize: ({ id: checkpoint, paths }) =>
    `Restored ${paths === undefined ? "the workspace" : paths.join(", ")} to ${checkpoint}`,
});
