import { describe, expect, it } from "vitest";
import { DiscoError } from "#protocol/errors.ts";
import { errorResultOf, resultOf } from "#worker/mcp/results.ts";

function textOf(operation: string, output: Record<string, unknown>): string {
  const [block] = resultOf(operation, output).content;
  return block?.type === "text" ? block.text : "";
}

const file = {
  path: "a.txt",
  encoding: "utf8",
  start: 9,
  end: 11,
  total_lines: 40,
  next_offset: 12,
  cut_lines: 1,
  image: null,
};

describe("the text of a result", () => {
  it("numbers lines as cat -n does, and says how to go on", () => {
    expect(textOf("read_file", { ...file, text: "one\ntwo\n\n" })).toBe(
      "     9\tone\n    10\ttwo\n    11\t\n\n" +
        "Lines 9-11 of 40. Continue with offset 12. 1 long lines were cut.",
    );
  });

  it("says when there is nothing to read", () => {
    const none = { ...file, text: "", start: 0, end: 0, next_offset: null, cut_lines: 0 };
    expect(textOf("read_file", { ...none, total_lines: 0 })).toBe("a.txt is empty.");
    expect(textOf("read_file", none)).toBe("a.txt has 40 lines; none in this range.");
    expect(textOf("read_file", { ...none, encoding: "base64", text: "AAE=" })).toBe("AAE=");
  });

  const binary = { ...file, text: "", encoding: "none", bytes: 7, media_type: "image/png" };

  it("shows an image as one, and keeps its bytes out of the data", () => {
    const { content, structuredContent } = resultOf("read_file", { ...binary, image: "iVBORw==" });
    expect(content).toEqual([
      { type: "text", text: "a.txt: image/png, 7 bytes." },
      { type: "image", data: "iVBORw==", mimeType: "image/png" },
    ]);
    expect(structuredContent).toMatchObject({ media_type: "image/png", image: null });
  });

  it("says of other binary files what they are, and what to do", () => {
    expect(textOf("read_file", binary)).toMatch(/image\/png, 7 bytes\. Too large .* smaller copy/);
    const archive = { ...binary, media_type: "application/zip" };
    expect(textOf("read_file", archive)).toMatch(/application\/zip, 7 bytes\. .*encoding base64/);
  });

  it("puts several files below their names", () => {
    const files = [
      { ...file, path: "b.txt", text: "one\n", start: 1, end: 1, total_lines: 1, image: null },
      { path: "none", error: "file_not_found: none does not exist." },
      { ...binary, path: "c.png", image: "iVBORw==" },
    ];
    const { content, structuredContent } = resultOf("read_file", { files });
    expect(content.map((block) => (block.type === "text" ? block.text : block.type))).toEqual([
      "==> b.txt <==\n     1\tone\n\nLines 1-1 of 1. Continue with offset 12. 1 long lines were cut.",
      "==> none <==\nfile_not_found: none does not exist.",
      "==> c.png <==\na.txt: image/png, 7 bytes.".replace("a.txt", "c.png"),
      "image",
    ]);
    expect(structuredContent).toMatchObject({ files: [{ text: "one\n" }, {}, { image: null }] });
  });

  const ran = {
    status: "exited",
    exit_code: 0,
    stdout: "",
    stderr: "",
    duration_ms: 120,
    process_id: null,
    cursor: 0,
    truncated: false,
    ports: [],
  };

  it.each([
    [ran, "Command succeeded with no output (exit 0, 0.1 s)."],
    [{ ...ran, exit_code: 3 }, "Command ended with no output (exit 3, 0.1 s)."],
    [
      { ...ran, stdout: "up\n", ports: [3_000, 5_173] },
      "up\n[exit 0, 0.1 s]\nNow listening: 3000, 5173. container_status has the URLs.",
    ],
    [{ ...ran, stdout: "a\nb\n" }, "a\nb\n[exit 0, 0.1 s]"],
    [
      { ...ran, stdout: "a\n", checkpoint: "c_1" },
      "a\n[exit 0, 0.1 s]\nFiles have changed: restore_checkpoint c_1 undoes it.",
    ],
    [{ ...ran, stdout: "a", stderr: "b\n", exit_code: 1 }, "a\n[stderr]\nb\n[exit 1, 0.1 s]"],
    [
      { ...ran, stdout: "a", truncated: true, process_id: "p_1", cursor: 90_000 },
      "a\n[exit 0, 0.1 s; the middle of the output was left out]\n" +
        "All of the output: read_output of p_1 with cursor 0.",
    ],
    [
      { ...ran, status: "running", exit_code: null, stdout: "a", process_id: "p_1", cursor: 1 },
      "a\n[still running after 0.1 s]\nIt goes on as process p_1: read_output with cursor 1 for what " +
        "comes, wait_for for its end, stop_process to stop it.",
    ],
    [
      { ...ran, status: "running", exit_code: null, process_id: "p_1" },
      "No output yet (still running after 0.1 s).\nIt goes on as process p_1: read_output with cursor 0 " +
        "for what comes, wait_for for its end, stop_process to stop it.",
    ],
    [
      { ...ran, status: "killed", exit_code: null },
      "Command ended with no output (killed after 0.1 s).",
    ],
  ])("of a command: %j", (output, text) => {
    expect(textOf("run_command", output)).toBe(text);
  });

  const part = { status: "running", exit_code: null, remaining: 0, dropped: 0, cursor: 12 };

  it.each([
    [{ ...part, output: "Go on?" }, "Go on?\n[running; next cursor 12]"],
    [{ ...part, output: "" }, "No output.\n[running; next cursor 12]"],
    [
      { ...part, status: "exited", exit_code: 0, output: "b\n", dropped: 3, remaining: 7 },
      "… 3 characters left out …\nb\n[exit 0; 7 characters follow; next cursor 12]",
    ],
    [{ ...part, status: "killed", output: "b\n" }, "b\n[killed]"],
  ])("of a command's output: %j", (output, text) => {
    expect(textOf("read_output", output)).toBe(text);
    expect(textOf("send_input", output)).toBe(text);
  });

  it("lists processes, one a line", () => {
    const server = {
      id: "p_1",
      pid: 7,
      command: "npm run dev",
      status: "running",
      exit_code: null,
      client: "Claude",
      started: "2026-01-02T03:04:05.000Z",
      ports: [3_000, 3_001],
      memory: 3_000_000,
    };
    const shell = { ...server, id: null, command: "bash", client: null, ports: [], memory: null };
    const ended = {
      ...shell,
      id: "p_2",
      pid: null,
      command: "false",
      status: "exited",
      exit_code: 1,
    };
    const since = "since 2026-01-02T03:04:05.000Z";
    expect(textOf("list_processes", { processes: [server, shell, ended] })).toBe(
      `p_1  running  pid 7  ports 3000,3001  3 MiB  by Claude  ${since}\tnpm run dev\n` +
        `-  running  pid 7  ${since}\tbash\n` +
        `p_2  exit 1  ${since}\tfalse`,
    );
    expect(textOf("list_processes", { processes: [] })).toContain("Nothing runs");
  });

  it("lists files, one a line", () => {
    const entries = [
      { path: "src", type: "directory", size: 0 },
      { path: "src/a.ts", type: "file", size: 12 },
      { path: "link", type: "symlink", size: 3 },
    ];
    const list = { path: ".", entries, total: 9, hidden: 0, truncated: true };
    expect(textOf("list_files", list)).toBe("src/\nsrc/a.ts\t12\nlink@\t3\n\n3 of 9 entries.");
    expect(textOf("list_files", { ...list, truncated: false })).toContain("\n3 entries.");
    const none = { path: "x", entries: [], total: 0, hidden: 2, truncated: false };
    expect(textOf("list_files", none)).toBe("x: no entries. 2 hidden; `all` shows them.");
  });

  it("keeps the data beside the text", () => {
    const output = { id: "tab", state: "ready", result: null };
    expect(resultOf("wait_for", output)).toEqual({
      content: [
        { type: "text", text: '{\n  "id": "tab",\n  "state": "ready",\n  "result": null\n}' },
      ],
      structuredContent: output,
    });
  });
});

describe("a failure", () => {
  it("is a result that says what to do next, with the error for programs", () => {
    const error = new DiscoError("file_not_found", "There is no x", { details: { path: "x" } });
    expect(errorResultOf(error)).toEqual({
      isError: true,
      content: [
        {
          type: "text",
          text: "file_not_found: There is no x. Next: Call list_files to see what exists.",
        },
      ],
      _meta: {
        "disco/error": {
          code: "file_not_found",
          message: "There is no x",
          details: { path: "x" },
          retryable: false,
          next: "Call list_files to see what exists.",
          status: 404,
        },
      },
    });
  });
});
