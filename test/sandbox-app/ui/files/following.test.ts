import { describe, expect, it } from "vitest";
import type { CallEvent } from "#sandbox/tab/events.ts";
import { editedPath, mayFollow, pathToEdit, TYPING_QUIET_MS } from "#sandbox/ui/files/following.ts";

const ended = (output: Record<string, unknown>): CallEvent => ({
  type: "ended",
  call: "c",
  at: 0,
  outcome: { ok: true, output },
});

describe("following the calls", () => {
  it("knows the file that a call changed", () => {
    expect(editedPath(ended({ path: "src/a.ts" }), "write_file", "/w")).toBe("/w/src/a.ts");
    expect(editedPath(ended({ path: "/w/a.ts" }), "write_file", "/w")).toBe("/w/a.ts");
  });

  it("does not follow reads, failures, or an output without a path", () => {
    expect(editedPath(ended({ path: "a.ts" }), "read_file", "/w")).toBeNull();
    expect(editedPath(ended({}), "write_file", "/w")).toBeNull();
    const error = { code: "storage_full", message: "" } as const;
    const failed: CallEvent = { type: "ended", call: "c", at: 0, outcome: { ok: false, error } };
    expect(editedPath(failed, "write_file", "/w")).toBeNull();
  });

  it("knows beforehand which file a call will change", () => {
    const started = {
      type: "started",
      call: "c",
      client: "curl",
      summary: "",
      input: { path: "./a.ts" },
      at: 0,
    } as const;
    expect(pathToEdit({ ...started, operation: "write_file" }, "/w")).toBe("/w/a.ts");
    expect(pathToEdit({ ...started, operation: "read_file" }, "/w")).toBeNull();
  });

  it("leaves a person who types, or has unsaved text, alone", () => {
    const free = { enabled: true, lastKeyAt: 0, now: 100_000, activeDirty: false };
    expect(mayFollow(free)).toBe(true);
    expect(mayFollow({ ...free, enabled: false })).toBe(false);
    expect(mayFollow({ ...free, activeDirty: true })).toBe(false);
    expect(mayFollow({ ...free, lastKeyAt: free.now - TYPING_QUIET_MS + 1 })).toBe(false);
    expect(mayFollow({ ...free, lastKeyAt: free.now - TYPING_QUIET_MS })).toBe(true);
  });
});
