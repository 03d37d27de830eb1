import * as z from "zod";
import { checkpoint } from "../checkpoint.ts";
import { CALL_TIMEOUT_DEFAULT_MS } from "../limits.ts";
import { defineOperation } from "../operation.ts";
import { workspacePath } from "../workspace-path.ts";

export const managePath = defineOperation({
  name: "manage_path",
  title: "Make, move, copy or delete",
  description:
    "Makes a directory (with those above it), moves, copies or deletes a file or directory. move and " +
    "copy need `to`, which must not exist; a directory is copied or deleted only with `recursive`. " +
    "A symbolic link is moved or deleted itself; a copy of it is a copy of its file. Returns the " +
    "paths, and how many files and directories were affected.",
  noun: "files",
  input: z.object({
    action: z.enum(["mkdir", "move", "copy", "delete"]),
    path: workspacePath,
    to: workspacePath.optional().describe("Where it goes, name included; for move and copy."),
    recursive: z.boolean().default(false).describe("A directory with all that is in it."),
  }),
  output: z.object({
    action: z.enum(["mkdir", "move", "copy", "delete"]),
    path: z.string().describe("Relative to the root of the workspace."),
    to: z.string().nullable().describe("Relative to the root; null for mkdir and delete."),
    affected: z
      .int()
      .nonnegative()
      .describe("Files and directories made, moved or deleted; 0: it was so already."),
    checkpoint,
  }),
  example: { action: "mkdir", path: "notes" },
  scope: "files:write",
  hints: { readOnly: false, destructive: true, idempotent: false, openWorld: false },
  approval: "policy",
  runs: "tab",
  http: { method: "POST", path: "/files/{container}/manage" },
  furtherRoutes: [
    {
      id: "delete_path",
      title: "Delete a file or directory",
      description:
        "Deletes a file, or with `recursive` a directory with all that is in it; restore_checkpoint " +
        "brings it back. Returns how many files and directories went.",
      method: "DELETE",
      path: "/files/{container}",
      fixed: { action: "delete" },
      omits: ["to"],
      example: { path: "notes/hello.txt" },
    },
  ],
  errors: [
    "already_exists",
    "file_not_found",
    "is_directory",
    "not_a_directory",
    "path_outside_workspace",
    "storage_full",
    "too_large",
  ],
  timeoutMs: CALL_TIMEOUT_DEFAULT_MS,
  summarize: ({ action, path, to = "" }) => {
    switch (action) {
      case "mkdir":
        return `Made ${path}`;
      case "delete":
        return `Deleted ${path}`;
      case "move":
        return `Moved ${path} to ${to}`;
      case "copy":
        return `Copied ${path} to ${to}`;
    }
  },
});
