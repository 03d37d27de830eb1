import * as z from "zod";
import { checkpoint } from "../checkpoint.ts";
import {
  CALL_TIMEOUT_DEFAULT_MS,
  EDITS_MAX,
  FILE_MAX_BYTES,
  PATCH_FILES_MAX,
  PATCH_MAX_CHARS,
} from "../limits.ts";
import { defineOperation } from "../operation.ts";
import { contentHash, withoutNul } from "../text.ts";
import { diagnostics, diff } from "../text-change.ts";
import { workspacePath } from "../workspace-path.ts";

const dryRun = z.boolean().default(false).describe("Only tells what would change; writes nothing.");

export const editFile = defineOperation({
  name: "edit_file",
  title: "Edit a file",
  description:
    "Replaces text in a file. Each old_text must be there exactly once, unless replace_all; give it " +
    "enough lines around to be unique. Line ends, and space at line ends, may differ. Edits apply in " +
    "order, all or none. Returns the diff, syntax errors and the new hash; when old_text is not " +
    "found, the nearest lines and how they differ.",
  noun: "files",
  input: z.object({
    path: workspacePath,
    edits: z
      .array(
        z.object({
          old_text: z.string().min(1).max(FILE_MAX_BYTES).describe("Text that is there now."),
          new_text: z.string().max(FILE_MAX_BYTES).describe("Text to put in its place."),
          replace_all: z.boolean().default(false).describe("Every place, not the only one."),
        }),
      )
      .min(1)
      .max(EDITS_MAX),
    dry_run: dryRun,
    expected_hash: contentHash
      .optional()
      .describe("Hash that the file must have now, from read_file."),
  }),
  output: z.object({
    path: z.string().describe("Relative to the root of the workspace."),
    replacements: z.int().positive().describe("Places that were replaced."),
    fit: z
      .enum(["exact", "line_endings", "trailing_space"])
      .describe("What had to be overlooked to find old_text; `exact`: nothing."),
    diff,
    diagnostics,
    hash: contentHash,
    checkpoint,
  }),
  example: {
    path: "hello.txt",
    edits: [{ old_text: "Hello", new_text: "Good morning" }],
    dry_run: true,
  },
  scope: "files:write",
  hints: { readOnly: false, destructive: true, idempotent: false, openWorld: false },
  approval: "policy",
  runs: "tab",
  http: { method: "POST", path: "/files/{container}/edit", ifMatch: "expected_hash" },
  errors: [
    "file_not_found",
    "hash_mismatch",
    "is_directory",
    "no_change",
    "not_text",
    "path_outside_workspace",
    "storage_full",
    "text_not_found",
    "text_not_unique",
    "too_large",
  ],
  timeoutMs: CALL_TIMEOUT_DEFAULT_MS,
  summarize: (input) =>
    input.dry_run ? `Checked an edit of ${input.path}` : `Edited ${input.path}`,
});

export const applyPatch = defineOperation({
  name: "apply_patch",
  title: "Apply a patch",
  description:
    "Changes several files at once: a V4A patch (*** Begin Patch) or a unified diff, also fenced or in " +
    "a heredoc. Line numbers may be wrong; the lines decide, and must be unique. Adds, updates, " +
    "moves and deletes files, all or none. Returns each file's diff, and syntax errors.",
  noun: "files",
  input: z.object({
    patch: withoutNul(z.string().min(1).max(PATCH_MAX_CHARS)).describe(
      "The patch; its paths are relative to the root of the workspace.",
    ),
    dry_run: dryRun,
  }),
  output: z.object({
    files: z
      .array(
        z.object({
          path: z.string().describe("Relative to the root; where a moved file is now."),
          op: z.enum(["added", "updated", "deleted", "moved"]),
          from: z.string().nullable().describe("Where a moved file was."),
          diff,
          hash: contentHash.nullable().describe("SHA-256 of the new bytes; null: deleted."),
        }),
      )
      .max(PATCH_FILES_MAX),
    diagnostics,
    checkpoint,
  }),
  example: {
    patch: "*** Begin Patch\n*** Add File: patched.txt\n+Hello from a patch.\n*** End Patch",
    dry_run: true,
  },
  scope: "files:write",
  hints: { readOnly: false, destructive: true, idempotent: false, openWorld: false },
  approval: "policy",
  runs: "tab",
  http: { method: "POST", path: "/files/{container}/patch" },
  errors: [
    "already_exists",
    "file_not_found",
    "is_directory",
    "no_change",
    "not_a_directory",
    "not_text",
    "path_outside_workspace",
    "storage_full",
    "text_not_found",
    "text_not_unique",
    "too_large",
  ],
  timeoutMs: CALL_TIMEOUT_DEFAULT_MS,
  summarize: (input) => `${input.dry_run ? "Checked" : "Applied"} a patch`,
});
