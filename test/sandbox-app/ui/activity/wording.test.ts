import { describe, expect, it } from "vitest";
import { findOperation, operationNames } from "#protocol/registry.ts";
import type { ActivityRow, CallOutcome } from "#sandbox/ui/activity/activity.ts";
import {
  announcement,
  callDetails,
  callSentence,
  DETAIL_MAX_CHARS,
  lastLine,
  outcomeWords,
  rowState,
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
    checkpoint: null,
    ...change,
  };
}

const ended = (outcome: CallOutcome) => row({ end: { at: 1, outcome } });

describe("a call in words", () => {
  it("splits a summary into verb and object, as visible text", () => {
    expect(callSentence("Wrote src/a\u202eb.ts", undefined)).toEqual({
      verb: "Wrote",
      object: "src/a‹U+202E›b.ts",
    });
    expect(callSentence("Waited", ok({}))).toEqual({ verb: "Waited", object: "" });
  });

  it.each([
    ["Wrote a.ts", "file_not_found", "Could not write", "a.ts"],
    ["Appended to a.ts", "storage_full", "Could not append", "to a.ts"],
    ["Ran sleep 1", "internal", "Could not run", "sleep 1"],
    ["Sent input to p_1", "input_closed", "Could not send", "input to p_1"],
    ["Stopped p_1", "process_not_found", "Could not stop", "p_1"],
    ["Ran make", "outcome_unknown", "May have run", "make"],
    ["Wrote a.ts", "outcome_unknown", "May have written", "a.ts"],
    ["Waited for it", "internal", "Failed:", "Waited for it"],
  ] as const)("does not say %j of a call that ended with %s", (summary, code, verb, object) => {
    const outcome: CallOutcome = { ok: false, error: { code, message: "" } };
    expect(callSentence(summary, outcome)).toEqual({ verb, object });
  });

  it("knows the verb of every operation that a tab runs", () => {
    for (const name of operationNames) {
      const operation = findOperation(name);
      if (operation?.runs !== "tab") continue;
      const summary = operation.summarize(operation.input.parse(operation.example));
      expect(callSentence(summary, missing).verb, name).toMatch(/^Could not /);
    }
  });

  it.each([
    [ok({ exit_code: 0, stdout: "" }), "exit 0"],
    [ok({ status: "running", exit_code: null }), "still running"],
    [ok({ status: "killed", exit_code: null }), "killed"],
    [ok({ entries: [{}], total: 1 }), "1 entry"],
    [ok({ entries: [], total: 300 }), "300 entries"],
    [ok({ text: "…", total_lines: 2, bytes: 9 }), "2 lines"],
    [ok({ bytes: 12, created: true }), "12 bytes"],
    [ok({ commit: "c", files: ["a"], stats: { files: 3, insertions: 1 } }), "3 files"],
    [ok({ status: "done", directory: "lib", files: 1 }), "1 file"],
    [ok({ status: "done", directory: "lib", files: null }), "done"],
    [ok({ status: "conflicts", files: 0, conflicts: ["a"] }), "conflicts"],
    [ok({}), "done"],
    [missing, "file not found"],
  ])("tells the outcome %j", (outcome, words) => {
    expect(outcomeWords(outcome)).toBe(words);
  });

  it("counts a command that ended badly as failed", () => {
    expect(rowState(row())).toBe("running");
    expect(rowState(ended(ok({ exit_code: 0 })))).toBe("done");
    expect(rowState(ended(ok({ exit_code: 2 })))).toBe("failed");
    expect(rowState(ended(ok({ status: "killed", exit_code: null })))).toBe("failed");
    expect(rowState(ended(ok({ status: "running", exit_code: null })))).toBe("done");
    expect(rowState(ended(missing))).toBe("failed");
  });

  it("leaves out an image, whose base64 nobody reads", () => {
    const details = callDetails(ended(ok({ media_type: "image/png", image: "iVBORw==" })));
    expect(details.map(({ label }) => label)).toContain("→ media_type");
    expect(details.map(({ label }) => label)).not.toContain("→ image");
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

  it("says that nothing was put out yet, then shows the latest of it", () => {
    expect(callDetails(row())).toContainEqual({
      label: "output",
      text: "No output yet.",
      short: true,
    });
    const running = callDetails(row({ tail: "…999\n1000\n", tailCut: true }));
    expect(running.at(-1)).toMatchObject({ label: "latest output", text: "…999\n1000\n" });
  });

  it("shows the outcome's own output once the call has ended, its head and its tail", () => {
    const stdout = `first\n${"x".repeat(3 * DETAIL_MAX_CHARS)}\nlast\n`;
    // What came while it ran stopped long before the end.
    const done = { ...ended(ok({ stdout, stderr: "", exit_code: 0 })), tail: "x", tailCut: true };
    const details = callDetails(done);
    expect(details.map(({ label }) => label)).toEqual([
      "operation",
      "command",
      "→ stdout",
      "→ exit_code",
    ]);
    expect(details[2]?.text).toMatch(/^first\nx+\n… \d+ characters are not shown …\nx+\nlast\n$/);
  });

  it("keeps the latest output of a call that ended without an outcome of its own", () => {
    const lost: CallOutcome = { ok: false, error: { code: "outcome_unknown", message: "Lost." } };
    const labels = callDetails({ ...ended(lost), tail: "half" }).map(({ label }) => label);
    expect(labels).toEqual(["operation", "command", "output", "error", "next step"]);
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
      "Could not read a.ts, file not found",
    );
    const exit = ok({ exit_code: 3 });
    expect(announcement({ type: "ended", call: "c", at: 1, outcome: exit }, "Ran ls")).toBe(
      "Failed: Ran ls, exit 3",
    );
    expect(
      announcement({ type: "ended", call: "c", at: 1, outcome: ok({}) }, "Read a.ts"),
    ).toBeNull();
    expect(announcement({ type: "output", call: "c", stream: "stdout", text: "x" }, "")).toBeNull();
  });
});
