import { expect } from "vitest";
import { FILE_MAX_BYTES, PATCH_MAX_CHARS } from "#protocol/limits.ts";
import type { ToolRows } from "./row.ts";

const toTwo = [{ old_text: "one", new_text: "two" }];
const addition = "*** Begin Patch\n*** Add File: b.txt\n+new\n*** End Patch";

export const editRows: ToolRows<
  "edit_file" | "apply_patch" | "list_checkpoints" | "restore_checkpoint"
> = {
  edit_file: {
    happy: {
      args: async ({ put }) => {
        await put("a.txt", "one\r\n");
        return { path: "a.txt", edits: toTwo };
      },
      gives: { replacements: 1, fit: "exact" },
      after: async ({ textOf }) => expect(await textOf("a.txt")).toBe("two\r\n"),
    },
    edge: {
      "a text that is there twice": {
        args: async ({ put }) => {
          await put("a.txt", "one\none\n");
          return { path: "a.txt", edits: toTwo };
        },
        code: "text_not_unique",
        says: "lines 1, 2",
      },
      "an edit that changes nothing": {
        args: async ({ put }) => {
          await put("a.txt", "one\n");
          return { path: "a.txt", edits: [{ old_text: "one", new_text: "one" }] };
        },
        code: "no_change",
      },
    },
    bad: { args: { path: "nowhere", edits: toTwo }, code: "file_not_found" },
    tooLarge: {
      args: async ({ put }) => {
        await put("large", "x".repeat(FILE_MAX_BYTES + 1));
        return { path: "large", edits: toTwo };
      },
      code: "too_large",
    },
  },

  apply_patch: {
    happy: {
      args: { patch: addition },
      gives: { files: [{ path: "b.txt", op: "added" }] },
      after: async ({ textOf }) => expect(await textOf("b.txt")).toBe("new\n"),
    },
    edge: {
      "of whose files one is not there": {
        args: { patch: addition.replace("*** End", "*** Delete File: nowhere\n*** End") },
        code: "file_not_found",
        says: "nowhere",
      },
      "that is only tried": { args: { patch: addition, dry_run: true }, gives: {} },
    },
    bad: { args: { patch: "no patch" }, code: "invalid_input", says: "patch" },
    tooLarge: {
      args: { patch: addition.replace("new", "x".repeat(PATCH_MAX_CHARS)) },
      code: "invalid_input",
      says: "patch",
    },
  },

  list_checkpoints: {
    happy: {
      args: async ({ call }) => {
        await call("write_file", { path: "a", content: "a" });
        return {};
      },
      gives: { checkpoints: [{ operation: "write_file", changes: 1, paths: ["a"] }], total: 1 },
    },
    edge: { "before any change": { args: {}, gives: { checkpoints: [], total: 0, dropped: 0 } } },
    bad: { args: { path: "/etc" }, code: "path_outside_workspace" },
    tooLarge: { args: { limit: 501 }, code: "invalid_input", says: "limit" },
  },

  restore_checkpoint: {
    happy: {
      args: async ({ call }) => {
        const { checkpoint } = await call("write_file", { path: "a", content: "a" });
        return { id: String(checkpoint) };
      },
      gives: { removed: ["a"], restored: [], skipped: [] },
      after: async ({ textOf }) => expect(await textOf("a")).toBeNull(),
    },
    edge: {
      "of paths that have not changed": {
        args: async ({ call }) => {
          const { checkpoint } = await call("write_file", { path: "a", content: "a" });
          return { id: String(checkpoint), paths: ["b"] };
        },
        gives: { removed: [], restored: [], undo_id: null },
        after: async ({ textOf }) => expect(await textOf("a")).toBe("a"),
      },
    },
    bad: { args: { id: "c_0123456789ab" }, code: "checkpoint_not_found" },
    tooLarge: {
      args: { id: "c_0123456789ab", paths: Array.from({ length: 101 }, String) },
      code: "invalid_input",
      says: "paths",
    },
  },
};
