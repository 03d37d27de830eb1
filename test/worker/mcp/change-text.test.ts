import { describe, expect, it } from "vitest";
import { resultOf } from "#worker/mcp/results.ts";

function textOf(operation: string, output: Record<string, unknown>): string {
  const [block] = resultOf(operation, output).content;
  return block?.type === "text" ? block.text : "";
}

const hash = "ab".repeat(32);
const diff = "--- a/a.ts\n+++ b/a.ts\n@@ -1,1 +1,1 @@\n-one\n+two\n";
const wrong = { path: "a.ts", line: 2, column: 7, message: "Syntax error at `;`" };

describe("the text of a change", () => {
  it("shows diffs as lines, and syntax errors as warnings", () => {
    const written = { path: "a.ts", bytes: 4, created: false, diff, diagnostics: [wrong], hash };
    expect(textOf("write_file", written)).toBe(
      `Wrote a.ts: 4 bytes, sha256 ${hash}.\n${diff}The change is made, but:\n` +
        "a.ts:2:7 Syntax error at `;`",
    );
    const created = { ...written, created: true, diff: "", diagnostics: [] };
    expect(textOf("write_file", created)).toBe(`Created a.ts: 4 bytes, sha256 ${hash}.`);
  });

  it("says where and how edits fit", () => {
    const edited = { path: "a.ts", replacements: 2, fit: "exact", diff, diagnostics: [], hash };
    expect(textOf("edit_file", edited)).toBe(`a.ts: 2 places, sha256 ${hash}.\n${diff.trimEnd()}`);
    const loose = { ...edited, replacements: 1, fit: "line_endings" };
    expect(textOf("edit_file", loose)).toContain("1 place, ");
    expect(textOf("edit_file", loose)).toContain("Overlooked: line endings.");
  });

  it("names each file of a patch", () => {
    const files = [
      { path: "a.ts", op: "updated", from: null, diff, hash },
      { path: "new.ts", op: "moved", from: "old.ts", diff: "", hash },
      { path: "gone.ts", op: "deleted", from: null, diff: "", hash: null },
    ];
    expect(textOf("apply_patch", { files, diagnostics: [] })).toBe(
      `updated a.ts\n${diff}moved old.ts to new.ts\ndeleted gone.ts`,
    );
  });
});

describe("the text of container_status", () => {
  const limits = { file_max_bytes: 10, command_wait_max_s: 41, call_wait_max_ms: 45_000 };
  const away = {
    container: "c_1",
    name: "default",
    state: "waiting_for_tab",
    attached: false,
    open_url: "https://d.example/sandbox",
    detail: "Ask the user to open https://d.example/sandbox.",
    root: null,
    cwd: null,
    branch: null,
    dirty_files: null,
    previews: [],
    processes: null,
    recent: [],
    runtime: null,
    limits,
  };

  it("is short when there is no page", () => {
    expect(textOf("container_status", away)).toBe(
      "default (c_1): waiting_for_tab. Ask the user to open https://d.example/sandbox.\n" +
        "Limits: 10 bytes a file, 41 s until a command goes on by itself.",
    );
  });

  it("tells who carries on what runs, and what happened", () => {
    const process = { id: "p_1", pid: 7, command: "node a.js", client: "Claude", ports: [3_000] };
    const shell = { id: null, pid: 2, command: "bash", client: null, ports: [] };
    const wrote = { client: "Claude", summary: "Wrote a.ts", outcome: "done", age_s: 119 };
    const status = {
      ...away,
      state: "ready",
      detail: "Calls run now.",
      root: "/w",
      branch: "main",
      dirty_files: 2,
      previews: [{ port: 3_000, url: "https://p3000.d.example/" }],
      processes: [process, shell],
      recent: [wrote, { ...wrote, age_s: 3_600 }, { ...wrote, age_s: 7_200, outcome: "exit 1" }],
      runtime: { kind: "embedded", python: "none" },
    };
    expect(textOf("container_status", status)).toBe(
      [
        "default (c_1): ready. Calls run now.",
        "Page: https://d.example/sandbox",
        "Workspace: /w. Commands start there.",
        "Branch main, 2 files changed.",
        "Previews, in the user's browser only:",
        "  3000  https://p3000.d.example/",
        "Running:",
        "  p_1  pid 7  ports 3000  by Claude  node a.js",
        "  -  pid 2  bash",
        "Lately, the latest first:",
        "  119 s ago, Claude: Wrote a.ts (done)",
        "  60 min ago, Claude: Wrote a.ts (done)",
        "  2 h ago, Claude: Wrote a.ts (exit 1)",
        "Limits: 10 bytes a file, 41 s until a command goes on by itself. Runtime: embedded, Python none.",
      ].join("\n"),
    );
  });
});
