import fs from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DiscoError } from "#protocol/errors.ts";
import { OUTPUT_MAX_CHARS } from "#protocol/limits.ts";
import { type OperationInput, registry } from "#protocol/registry.ts";
import { terminalHandlers } from "#sandbox/dispatch/handlers/terminal.ts";
import { FileError, type Runtime } from "#sandbox/runtime/runtime.ts";
import { bootNodeRuntime } from "../../support/node-runtime.ts";

let runtime: Runtime;
let abort: AbortController;
let shown: string;

beforeEach(async () => {
  runtime = await bootNodeRuntime();
  abort = new AbortController();
  shown = "";
});
afterEach(async () => {
  await runtime.dispose();
});

async function run(input: Partial<OperationInput<"run_command">>) {
  const output = await terminalHandlers.run_command(registry.run_command.input.parse(input), {
    runtime,
    signal: abort.signal,
    output: (stream, text) => {
      shown += `${stream}:${text}`;
      if (text.includes("started")) abort.abort(new DiscoError("cancelled", "Stop."));
    },
  });
  return registry.run_command.output.parse(output);
}

describe("run_command", () => {
  it("runs a pipeline and tells its outputs apart", async () => {
    const command = "printf 'b\\na\\n' | sort; echo oops >&2; exit 3";
    expect(await run({ command })).toMatchObject({
      status: "exited",
      exit_code: 3,
      stdout: "a\nb\n",
      stderr: "oops\n",
      truncated: false,
    });
    expect(shown).toContain("stdout:a\nb\n");
    expect(shown).toContain("stderr:oops\n");
  });

  it("runs in the directory, with the environment and the input", async () => {
    await fs.mkdir(path.join(runtime.root, "sub"));
    const input = {
      command: 'echo "$X:$(basename "$PWD"):$(cat)"',
      env: { X: "$y z" },
      stdin: "ín",
    };
    expect((await run({ ...input, cwd: "sub" })).stdout).toBe("$y z:sub:ín\n");
  });

  it("says that the container is busy when no process can start", async () => {
    runtime = {
      ...runtime,
      spawn: () => Promise.reject(new FileError("EAGAIN", "bash", "EAGAIN: spawn 'bash'")),
    };
    await expect(run({ command: "true" })).rejects.toMatchObject({ code: "overloaded" });
  });

  it.each([{ command: "a\0b" }, { command: "true", env: { X: "a\0b" } }])(
    "takes no NUL, which no program could get: %j",
    (input) => {
      expect(registry.run_command.input.safeParse(input).success).toBe(false);
    },
  );

  it("has an empty input, and takes no harm from one that nobody reads", async () => {
    expect((await run({ command: "cat; echo end" })).stdout).toBe("end\n");
    const unread = await run({ command: "exit 0", stdin: "x".repeat(1_000_000) });
    expect(unread).toMatchObject({ status: "exited", exit_code: 0 });
  });

  it("keeps head and tail of long output, and counts the lines between", async () => {
    const { stdout, truncated } = await run({ command: "seq 1 100000" });
    expect(truncated).toBe(true);
    expect(stdout.length).toBeLessThan(OUTPUT_MAX_CHARS + 100);
    expect(stdout.startsWith("1\n2\n")).toBe(true);
    expect(stdout.endsWith("99999\n100000\n")).toBe(true);
    const lines = stdout.trimEnd().split("\n");
    const omitted = Number(/… (\d+) lines omitted …/.exec(stdout)?.[1]);
    expect(lines.length - 1 + omitted).toBe(100_000);
  });

  it("keeps characters whole that arrive in pieces", async () => {
    const command = "printf '\\xe2\\x82'; sleep 0.2; printf '\\xac \\xff'";
    expect((await run({ command })).stdout).toBe("€ \uFFFD");
  });

  it("kills the whole tree when the time is over, and keeps the output so far", async () => {
    const output = await run({ command: "echo before; sleep 30 & sleep 30", timeout_s: 1 });
    expect(output).toMatchObject({ status: "timed_out", exit_code: null, stdout: "before\n" });
    expect(output.duration_ms).toBeLessThan(2_900);
  });

  it("kills what ignores the polite signal", async () => {
    const output = await run({
      command: "trap '' TERM; while :; do sleep 0.1; done",
      timeout_s: 1,
    });
    expect(output.status).toBe("timed_out");
    expect(output.duration_ms).toBeLessThan(2_900);
  });

  it("stops when the call is cancelled, and says killed [CALL-9]", async () => {
    const output = await run({ command: "echo started; sleep 30" });
    expect(output).toMatchObject({ status: "killed", exit_code: null, stdout: "started\n" });
  });

  it("does not start when it was cancelled before", async () => {
    abort.abort(new DiscoError("cancelled", "Stop."));
    await expect(run({ command: "touch x" })).rejects.toMatchObject({ code: "cancelled" });
    expect(await fs.readdir(runtime.root)).toEqual([]);
  });

  it("says killed when a signal ended the shell", async () => {
    expect(await run({ command: "kill -9 $$" })).toMatchObject({
      status: "killed",
      exit_code: null,
    });
  });

  it("refuses a directory that is none, is missing, or is outside", async () => {
    await fs.writeFile(path.join(runtime.root, "file"), "");
    const codes = {
      file: "not_a_directory",
      gone: "file_not_found",
      "..": "path_outside_workspace",
    };
    for (const [cwd, code] of Object.entries(codes)) {
      await expect(run({ command: "true", cwd })).rejects.toMatchObject({ code });
    }
  });
});
