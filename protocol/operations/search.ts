import * as z from "zod";
import {
  CALL_TIMEOUT_DEFAULT_MS,
  SEARCH_CONTEXT_MAX,
  SEARCH_DEFAULT,
  SEARCH_MAX,
  SEARCH_PATTERN_MAX_CHARS,
} from "../limits.ts";
import { defineOperation } from "../operation.ts";
import { globPattern, withoutNul } from "../text.ts";
import { workspacePath } from "../workspace-path.ts";

export const searchText = defineOperation({
  name: "search_text",
  title: "Search text",
  description:
    "Finds lines in the workspace's files: a literal text, or with `regex` an RE2 expression. Leaves out " +
    "binary files, links, .git, node_modules and what .gitignore names, unless `path` points there. " +
    "`mode` files or count returns paths only. Returns matches with path and line, sorted by path, " +
    "and the totals.",
  noun: "files",
  input: z.object({
    pattern: withoutNul(z.string().min(1).max(SEARCH_PATTERN_MAX_CHARS)).describe(
      "Text to find within a line.",
    ),
    regex: z.boolean().default(false).describe("The pattern is one of RE2."),
    path: workspacePath.default(".").describe("File or directory to search."),
    glob: globPattern.optional(),
    mode: z
      .enum(["content", "files", "count"])
      .default("content")
      .describe("content: lines; files: paths; count: matches of each path."),
    ignore_case: z.boolean().default(false).describe("`a` finds `A`."),
    context: z.int().min(0).max(SEARCH_CONTEXT_MAX).default(0).describe("Lines around each match."),
    limit: z
      .int()
      .min(1)
      .max(SEARCH_MAX)
      .default(SEARCH_DEFAULT)
      .describe("Most matching lines, or files, to return."),
  }),
  output: z.object({
    matches: z.array(
      z.object({
        path: z.string().describe("Relative to the root of the workspace."),
        line: z.int().positive(),
        text: z.string().describe("The line; a long one is cut at its end."),
        is_match: z.boolean().describe("False for lines of `context`."),
      }),
    ),
    files: z
      .array(z.object({ path: z.string(), count: z.int().positive() }))
      .describe("Of modes files and count."),
    total: z.int().nonnegative().describe("Lines that match, in all files searched."),
    total_files: z.int().nonnegative().describe("Files that have one."),
    searched: z.int().nonnegative().describe("Files looked through."),
    truncated: z.boolean().describe("There are more than are returned."),
  }),
  example: { pattern: "Hello" },
  scope: "files:read",
  hints: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  approval: "never",
  runs: "tab",
  http: { method: "GET", path: "/files/{container}/search" },
  furtherRoutes: [
    {
      id: "post_search_text",
      title: "Search text, by POST",
      description:
        "As search_text, with the arguments in a JSON body, for patterns that no URL should carry. " +
        "Returns matches with path and line, sorted by path, and the totals.",
      method: "POST",
      path: "/files/{container}/search",
      example: { pattern: "Hello" },
    },
  ],
  errors: ["file_not_found", "path_outside_workspace"],
  timeoutMs: CALL_TIMEOUT_DEFAULT_MS,
  summarize: (input) => `Searched for ${input.pattern}`,
});
