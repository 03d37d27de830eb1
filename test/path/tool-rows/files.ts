import { expect } from "vitest";
import {
  FILE_MAX_BYTES,
  LIST_MAX,
  PATH_MAX_CHARS,
  SEARCH_PATTERN_MAX_CHARS,
} from "#protocol/limits.ts";
import type { ToolRows } from "./row.ts";

const outside = { code: "path_outside_workspace", says: "not in the workspace" } as const;

export const fileRows: ToolRows<
  "list_files" | "read_file" | "write_file" | "search_text" | "manage_path"
> = {
  list_files: {
    happy: {
      args: async ({ put }) => {
        await put("src/a.ts", "a");
        return { path: "src" };
      },
      gives: { entries: [{ path: "src/a.ts", type: "file", size: 1 }], total: 1 },
    },
    edge: {
      "an empty workspace": { args: { path: "." }, gives: { entries: [], total: 0 } },
      "a file": {
        args: async ({ put }) => {
          await put("a", "a");
          return { path: "a" };
        },
        code: "not_a_directory",
      },
    },
    bad: { args: { path: "../.." }, ...outside },
    tooLarge: { args: { path: ".", limit: LIST_MAX + 1 }, code: "invalid_input", says: "limit" },
  },

  read_file: {
    happy: {
      args: async ({ put }) => {
        await put("a.txt", "one\ntwo\n");
        return { path: "a.txt" };
      },
      gives: { text: "one\ntwo\n", encoding: "utf8", total_lines: 2, next_offset: null },
    },
    edge: {
      "an empty file": {
        args: async ({ put }) => {
          await put("empty", "");
          return { path: "empty" };
        },
        gives: { text: "", bytes: 0, total_lines: 0 },
      },
      "bytes that are no text": {
        args: async ({ put }) => {
          await put("a.bin", new Uint8Array([0, 255]));
          return { path: "a.bin", encoding: "base64" };
        },
        gives: { text: "AP8=", encoding: "base64", bytes: 2 },
      },
    },
    bad: { args: { path: "nowhere" }, code: "file_not_found", says: "nowhere" },
    tooLarge: {
      args: async ({ put }) => {
        await put("large", new Uint8Array(FILE_MAX_BYTES + 1));
        return { path: "large" };
      },
      code: "too_large",
      says: "run_command",
    },
  },

  write_file: {
    happy: {
      args: { path: "new/ünï.txt", content: "hi\r\n" },
      gives: { created: true, bytes: 4 },
      after: async ({ textOf }) => expect(await textOf("new/ünï.txt")).toBe("hi\r\n"),
    },
    edge: {
      "nothing at all": {
        args: { path: "empty", content: "" },
        gives: { bytes: 0, created: true },
      },
      "a file that must be new and is there": {
        args: async ({ put }) => {
          await put("a", "a");
          return { path: "a", content: "b", mode: "create" };
        },
        code: "already_exists",
      },
    },
    bad: { args: { path: "../a", content: "" }, ...outside },
    tooLarge: {
      args: { path: "a", content: "é".repeat(FILE_MAX_BYTES / 2 + 1) },
      code: "too_large",
    },
  },

  search_text: {
    happy: {
      args: async ({ put }) => {
        await put("a.txt", "hay\nneedle\n");
        return { pattern: "needle" };
      },
      gives: { matches: [{ path: "a.txt", line: 2, text: "needle" }], total: 1 },
    },
    edge: { "nothing found": { args: { pattern: "x" }, gives: { matches: [], total: 0 } } },
    bad: { args: { pattern: "(", regex: true }, code: "invalid_input", says: "pattern" },
    tooLarge: {
      args: { pattern: "x".repeat(SEARCH_PATTERN_MAX_CHARS + 1) },
      code: "invalid_input",
      says: "pattern",
    },
  },

  manage_path: {
    happy: {
      args: async ({ put }) => {
        await put("a", "text");
        return { action: "move", path: "a", to: "b/c" };
      },
      gives: { path: "a", to: "b/c", affected: 1 },
      after: async ({ textOf }) => expect(await textOf("b/c")).toBe("text"),
    },
    edge: {
      "a directory that is there": {
        args: async ({ put }) => {
          await put("d/x", "");
          return { action: "mkdir", path: "d" };
        },
        gives: { affected: 0 },
      },
      "a directory with something in it": {
        args: async ({ put }) => {
          await put("d/x", "");
          return { action: "delete", path: "d" };
        },
        code: "is_directory",
        says: "recursive",
      },
    },
    bad: { args: { action: "move", path: "a" }, code: "invalid_input", says: "to" },
    tooLarge: {
      args: { action: "mkdir", path: "x/".repeat(PATH_MAX_CHARS) },
      code: "invalid_input",
      says: "path",
    },
  },
};
