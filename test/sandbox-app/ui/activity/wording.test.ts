import { describe, expect, it } from "vitest";
import type { ActivityRow, CallOutcome } from "#sandbox/ui/activity/activity.ts";
import {
  announcement,
  callDetails,
  DETAIL_MAX_CHARS,
  lastLine,
  outcomeWords,
  rowState,
  splitSummary,
} from "#sandbox/ui/activity/wording.ts";

const ok = (output: Record<string, unknown>): CallOutcome => ({ ok: true, output });
const missing: CallOutcome = {
  ok: false,
  error: { code: "file_not_found", message: "There is no \u202ea.ts" },
};

function row(change: Partial<ActivityRow> = {}): ActivityRow {
  return {
    call: "call-0001",
    operation: "run_command",
    client: "ChatGPT",
    summary: "Ran ls",
    input: { command: "ls" },
    startedAt: 0,
    end: null,
    tail: "",
    tailCut: false,
    ...change,
  };
}

const ended = (outcome: CallOutcome) => row({ end: { at: 1, outcome } });

describe("a call in words", () => {
  it("splits a summary into verb and object, as visible text", () => {
    expect(splitSummary("Wrote src/a\u202eb.ts")).toEqual({
      verb: "Wrote",
      object: "src/a‹U+202E›b.ts",
    });
    expect(splitSummary("Waited")).toEqual({ verb: "Waited", object: "" });
  });

  it.each([
    [ok({ exit_code: 0, stdout: "" }), "exit 0"],
    [ok({ status: "timed_out", exit_code: null }), "timed out"],
    [ok({ status: "killed", exit_code: null }), "killed"],
    [ok({ entries: [{}], total: 1 }), "1 entry"],
    [ok({ entries: [], total: 300 }), "300 entries"],
    [ok({ text: "…", total_lines: 2, bytes: 9 }), "2 lines"],
    [ok({ bytes: 12, created: true }), "12 bytes"],
    [ok({}), "done"],
    [missing, "file not found"],
  ])("tells the outcome %j", (outcome, words) => {
    expect(outcomeWords(outcome)).toBe(words);
  });

  it("counts a command that ended badly as failed", () => {
    expect(rowState(row())).toBe("running");
    expect(rowState(ended(ok({ exit_code: 0 })))).toBe("done");
    expect(rowState(ended(ok({ exit_code: 2 })))).toBe("failed");
    expect(rowState(ended(ok({ status: "timed_out", exit_code: null })))).toBe("failed");
    expect(rowState(ended(missing))).toBe("failed");
  });

  it("shows an error with its next step", () => {
    const details = callDetails(ended(missing));
    expect(details).toContainEqual({
      label: "error",
      text: "file_not_found: There is no ‹U+202E›a.ts",
      short: false,
    });
    expect(details.at(-1)?.text).toBe("Call list_files to see what exists.");
  });

  it("says that nothing was put out yet, then shows the end of the output once", () => {
    expect(callDetails(row())).toContainEqual({
      label: "output",
      text: "No output yet.",
      short: true,
    });
    const done = { ...ended(ok({ stdout: "hi\n", exit_code: 0 })), tail: "hi\n", tailCut: true };
    expect(callDetails(done).map(({ label }) => label)).toEqual([
      "operation",
      "command",
      "output (end)",
      "→ exit_code",
    ]);
  });

  it("cuts a large argument and says how much is missing", () => {
    const content = "x".repeat(DETAIL_MAX_CHARS + 5);
    const details = callDetails(row({ input: { content, env: {}, stdin: "" } }));
    expect(details.map(({ label }) => label)).toEqual(["operation", "content", "output"]);
    expect(details[1]?.text).toMatch(/x … \(5 more\)$/);
  });

  it("shows the last line of what a call puts out", () => {
    expect(lastLine("one\ntwo\r\u001b[32mthree\u001b[0m\n")).toBe("three");
    expect(lastLine("")).toBe("");
  });

  it("announces starts and failures, not successes or output", () => {
    const start = {
      type: "started",
      call: "c",
      operation: "run_command",
      client: "Claude",
      summary: "Ran ls",
      input: {},
      at: 0,
    } as const;
    expect(announcement(start, "")).toBe("Claude: Ran ls");
    expect(announcement({ type: "ended", call: "c", at: 1, outcome: missing }, "Read a.ts")).toBe(
      "Failed: Read a.ts, file not found",
    );
    expect(
      announcement({ type: "ended", call: "c", at: 1, outcome: ok({}) }, "Read a.ts"),
    ).toBeNull();
    expect(announcement({ type: "output", call: "c", stream: "stdout", text: "x" }, "")).toBeNull();
  });
});
