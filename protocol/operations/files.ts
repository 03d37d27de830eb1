import * as z from "zod";
import { checkpoint } from "../checkpoint.ts";
import {
  CALL_TIMEOUT_DEFAULT_MS,
  FILE_MAX_BYTES,
  LIST_DEFAULT,
  LIST_MAX,
  READ_LINES_DEFAULT,
  READ_LINES_MAX,
} from "../limits.ts";
import { defineOperation } from "../operation.ts";
import { contentHash } from "../text.ts";
import { workspacePath } from "../workspace-path.ts";

const encoding = z.enum(["utf8", "base64"]);

export const listFiles = defineOperation({
  name: "list_files",
  title: "List files",
  description:
    "Lists a directory of the workspace, sorted by path. `depth` goes into subdirectories. " +
    "node_modules and .git are named but not entered unless the path points into them. Returns " +
    "entries with path, type and size, the total, and whether the list was cut.",
  noun: "files",
  input: z.object({
    path: workspacePath
      .default(".")
      .describe("Directory to list. Default: the root of the workspace."),
    depth: z
      .int()
      .min(1)
      .max(20)
      .default(1)
      .describe("Levels to descend; 1 is the directory itself."),
    limit: z.int().min(1).max(LIST_MAX).default(LIST_DEFAULT).describe("Most entries to return."),
  }),
  output: z.object({
    path: z.string().describe("The directory, relative to the root."),
    entries: z.array(
      z.object({
        path: z.string().describe("Relative to the root of the workspace."),
        type: z.enum(["file", "directory", "symlink"]),
        size: z.int().nonnegative().describe("Bytes; 0 for directories."),
      }),
    ),
    total: z.int().nonnegative().describe("Entries found, before the limit."),
    truncated: z.boolean().describe("True when there are more entries than returned."),
  }),
  example: { path: "." },
  scope: "files:read",
  hints: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  approval: "never",
  runs: "tab",
  http: { method: "GET", path: "/files/{container}" },
  errors: ["file_not_found", "not_a_directory", "path_outside_workspace"],
  timeoutMs: CALL_TIMEOUT_DEFAULT_MS,
  summarize: (input) => `Listed ${input.path}`,
});

export const readFile = defineOperation({
  name: "read_file",
  title: "Read a file",
  description:
    "Reads a file of the workspace by lines. `offset` is the first line (1-based; negative counts " +
    "from the end), `limit` the number of lines; `next_offset` continues. Very long lines are cut " +
    "and marked. Binary files come whole as base64. Returns the text, its range, the total number " +
    "of lines and the file's hash.",
  noun: "files",
  input: z.object({
    path: workspacePath,
    offset: z
      .int()
      .min(-READ_LINES_MAX)
      .max(100_000_000)
      .default(1)
      .describe("First line, from 1; negative for the last lines."),
    limit: z
      .int()
      .min(1)
      .max(READ_LINES_MAX)
      .default(READ_LINES_DEFAULT)
      .describe("Lines to return."),
    encoding: encoding
      .optional()
      .describe(
        "`base64` returns the exact bytes of the whole file. Default: text where it is text.",
      ),
  }),
  output: z.object({
    path: z.string().describe("Relative to the root of the workspace."),
    text: z.string().describe("The lines, or the bytes as base64."),
    encoding,
    start: z.int().nonnegative().describe("First line returned; 0 when there is none."),
    end: z.int().nonnegative().describe("Last line returned; 0 when there is none."),
    total_lines: z.int().nonnegative().describe("Lines of the file; 0 for base64."),
    next_offset: z.int().nullable().describe("`offset` of the next part, or null at the end."),
    cut_lines: z.int().nonnegative().describe("Lines that were longer than the limit and cut."),
    bytes: z.int().nonnegative().describe("Size of the whole file."),
    hash: contentHash,
  }),
  example: { path: "hello.txt" },
  scope: "files:read",
  hints: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  approval: "never",
  runs: "tab",
  http: { method: "GET", path: "/files/{container}/content" },
  errors: ["file_not_found", "is_directory", "path_outside_workspace", "too_large"],
  timeoutMs: CALL_TIMEOUT_DEFAULT_MS,
  summarize: (input) => `Read ${input.path}`,
});

export const writeFile = defineOperation({
  name: "write_file",
  title: "Write a file",
  description:
    "Writes a file of the workspace and makes the directories above it. `mode`: overwrite (default), " +
    "create (fails when it exists) or append. `expected_hash` refuses the write when the file changed " +
    "since it was read. Returns the bytes written and the file's new hash.",
  noun: "files",
  input: z.object({
    path: workspacePath,
    content: z
      .string()
      .max(Math.ceil((FILE_MAX_BYTES * 4) / 3) + 4)
      .describe("The text, or the bytes as base64 when encoding says so."),
    encoding: encoding.default("utf8").describe("How `content` is to be understood."),
    mode: z.enum(["overwrite", "create", "append"]).default("overwrite"),
    expected_hash: contentHash
      .optional()
      .describe("Hash that the file must have now, from read_file."),
  }),
  output: z.object({
    path: z.string().describe("Relative to the root of the workspace."),
    bytes: z.int().nonnegative().describe("Size of the file now."),
    created: z.boolean().describe("True when the file did not exist before."),
    hash: contentHash,
    checkpoint,
  }),
  example: { path: "hello.txt", content: "Hello from Disco.\n" },
  scope: "files:write",
  // Not idempotent as a whole: `append` adds again each time.
  hints: { readOnly: false, destructive: true, idempotent: false, openWorld: false },
  approval: "policy",
  runs: "tab",
  http: { method: "PUT", path: "/files/{container}" },
  errors: [
    "already_exists",
    "file_not_found",
    "hash_mismatch",
    "is_directory",
    "not_a_directory",
    "path_outside_workspace",
    "storage_full",
    "too_large",
  ],
  timeoutMs: CALL_TIMEOUT_DEFAULT_MS,
  summarize: (input) => `${input.mode === "append" ? "Appended to" : "Wrote"} ${input.path}`,
});
