import * as z from "zod";
import { checkpoint } from "../checkpoint.ts";
import {
  CALL_TIMEOUT_DEFAULT_MS,
  FILE_MAX_BYTES,
  LIST_DEFAULT,
  LIST_DEPTH_MAX,
  LIST_MAX,
  READ_FILES_MAX,
  READ_LINES_DEFAULT,
  READ_LINES_MAX,
} from "../limits.ts";
import { defineOperation } from "../operation.ts";
import { contentHash, globPattern } from "../text.ts";
import { diagnostics, diff } from "../text-change.ts";
import { workspacePath } from "../workspace-path.ts";

const encoding = z.enum(["utf8", "base64"]);

const pathOfFile = z.string().describe("Relative to the root of the workspace.");

/** What `read_file` tells of one file. */
const FilePart = z.object({
  path: pathOfFile,
  text: z.string().describe("The lines; the bytes when base64 was asked for; else empty."),
  encoding: z
    .enum(["utf8", "base64", "none"])
    .describe("Of `text`. `none`: the file is no text, and its bytes are not in `text`."),
  media_type: z
    .string()
    .describe("What the file's bytes are, as image/png; application/octet-stream: not known."),
  image: z
    .string()
    .nullable()
    .describe("A PNG, JPEG, GIF or WebP image as base64; null when it is none, or too large."),
  start: z.int().nonnegative().describe("First line returned; 0 when there is none."),
  end: z.int().nonnegative().describe("Last line returned; 0 when there is none."),
  total_lines: z.int().nonnegative().describe("Lines of the file; 0 when it is no text."),
  next_offset: z.int().nullable().describe("`offset` of the next part, or null at the end."),
  cut_lines: z.int().nonnegative().describe("Lines that were longer than the limit and cut."),
  bytes: z.int().nonnegative().describe("Size of the whole file."),
  hash: contentHash,
});
export type FilePart = z.infer<typeof FilePart>;

export const listFiles = defineOperation({
  name: "list_files",
  title: "List files",
  description:
    "Lists a directory, sorted by path. Leaves out .git, node_modules and what .gitignore names, unless " +
    "`all` is set or `path` points there. Returns entries with path, type and size, how many there " +
    "are, how many were hidden, and whether the list was cut.",
  noun: "files",
  input: z.object({
    path: workspacePath.default(".").describe("Directory to list."),
    glob: globPattern.optional(),
    depth: z
      .int()
      .min(1)
      .max(LIST_DEPTH_MAX)
      .optional()
      .describe("Levels to descend. Default: 1; with glob, all."),
    all: z.boolean().default(false).describe("Hides nothing."),
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
    hidden: z
      .int()
      .nonnegative()
      .describe("Left out as ignored; a directory counts once. `all` shows them."),
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
    "Reads a file by lines, or several files at once with `paths`, which share the space of one answer. " +
    "A negative `offset` reads the end; `next_offset` continues. Very long lines are cut and marked. " +
    "Images come as images, other binary files only as type and size unless base64 is asked for. " +
    "Returns the text, its range, total_lines and hash; with `paths`, `files` with each one's.",
  noun: "files",
  input: z
    .object({
      path: workspacePath.optional(),
      paths: z
        .array(workspacePath)
        .min(1)
        .max(READ_FILES_MAX)
        .optional()
        .describe("Instead of path. One that fails does not stop the others."),
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
        .describe("Lines to return, of each file."),
      encoding: encoding
        .optional()
        .describe("`base64`: the whole file's exact bytes. Default: text where it is text."),
    })
    .refine(({ path, paths }) => (path === undefined) !== (paths === undefined), {
      path: ["path"],
      message: "or `paths` is wanted, one of them and not both",
    }),
  output: z.object({
    ...FilePart.partial().shape,
    files: z
      .array(
        z.object({
          ...FilePart.partial().shape,
          path: pathOfFile,
          error: z
            .string()
            .optional()
            .describe("Why it could not be read: its code, and a sentence."),
        }),
      )
      .optional()
      .describe("What was read of each of `paths`, in their order; then nothing else is told."),
  }),
  example: { path: "hello.txt" },
  scope: "files:read",
  hints: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  approval: "never",
  runs: "tab",
  http: { method: "GET", path: "/files/{container}/content" },
  errors: ["file_not_found", "is_directory", "path_outside_workspace", "too_large"],
  timeoutMs: CALL_TIMEOUT_DEFAULT_MS,
  summarize: ({ path, paths = [] }) => {
    const [first = "", ...others] = path === undefined ? paths : [path];
    return others.length === 0 ? `Read ${first}` : `Read ${first} and ${others.length} more`;
  },
});

export const writeFile = defineOperation({
  name: "write_file",
  title: "Write a file",
  description:
    "Writes a file of the workspace and makes the directories above it. `mode`: overwrite (default), " +
    "create (fails when it exists) or append. `expected_hash` refuses the write when the file changed " +
    "since it was read. Returns the diff of a file that was there before, syntax errors, bytes and the " +
    "new hash.",
  noun: "files",
  input: z.object({
    path: workspacePath,
    content: z
      .string()
      .max(Math.ceil((FILE_MAX_BYTES * 4) / 3) + 4)
      .describe("Text, or base64 when encoding says so."),
    encoding: encoding.default("utf8").describe("Of `content`."),
    mode: z.enum(["overwrite", "create", "append"]).default("overwrite"),
    expected_hash: contentHash
      .optional()
      .describe("Hash that the file must have now, from read_file."),
  }),
  output: z.object({
    path: z.string().describe("Relative to the root of the workspace."),
    bytes: z.int().nonnegative().describe("Size of the file now."),
    created: z.boolean().describe("True when the file did not exist before."),
    diff: diff.describe("What changed, as a unified diff; empty for a new file, and for binary."),
    diagnostics,
    hash: contentHash,
    checkpoint,
  }),
  example: { path: "hello.txt", content: "Hello from Disco.\n" },
  scope: "files:write",
  // Not idempotent as a whole: `append` adds again each time.
  hints: { readOnly: false, destructive: true, idempotent: false, openWorld: false },
  approval: "policy",
  runs: "tab",
  http: { method: "PUT", path: "/files/{container}", ifMatch: "expected_hash" },
  furtherRoutes: [
    {
      id: "create_file",
      title: "Create a file",
      description:
        "Writes a new file and makes the directories above it; one that is there already is refused. " +
        "Returns syntax errors, bytes and the hash.",
      method: "POST",
      path: "/files/{container}",
      success: 201,
      fixed: { mode: "create" },
      omits: ["expected_hash"],
      example: { path: "notes/hello.txt", content: "Hello from Disco.\n" },
    },
  ],
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
