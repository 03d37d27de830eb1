import fs from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DiscoError } from "#protocol/errors.ts";
import { OUTPUT_MAX_CHARS } from "#protocol/limits.ts";
import { type OperationInput, registry } from "#protocol/registry.ts";
import type { CommandBook } from "#sandbox/dispatch/commands/command-book.ts";
import { terminalHandlers } from "#sandbox/dispatch/handlers/terminal.ts";
import { FileError, type Runtime } from "#sandbox/runtime/runtime.ts";
import { bootNodeRuntime } from "../../support/node-runtime.ts";
import { newCommandBook, tabContext } from "../../support/tab-context.ts";

let runtime: Runtime;
let commands: CommandBook;
let abort: AbortController;
let shown: string;

beforeEach(async () => {
  runtime = await bootNodeRuntime();
  commands = newCommandBook();
  abort = new AbortController();
  shown = "";
});
afterEach(async () => {
  commands.dispose();
  await runtime.dispose();
});

async function run(input: Partial<OperationInput<"run_command">>) {
  const output = await terminalHandlers.run_command(registry.run_command.input.parse(input), {
    ...tabContext(runtime, { commands, signal: abort.signal }),
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

  it("decodes as one text, however the bytes come", async () => {
    const bytes = "e2 82 ac 20 f0 9d 84 9e ff c3".split(" ");
    const command = bytes.map((byte) => `printf '\\x${byte}'; sleep 0.01`).join("; ");
    expect((await run({ command })).stdout).toBe("€ 𝄞\uFFFD\uFFFD");
  });

  it("hands over what runs longer, with its output so far, and does not kill it", async () => {
    const output = await run({ command: "echo before; sleep 1.3; echo after", timeout_s: 1 });
    expect(output).toMatchObject({
      status: "running",
      exit_code: null,
      stdout: "before\n",
      cursor: "before\n".length,
      process_id: expect.stringMatching(/^p_/),
    });
    const command = commands.get(output.process_id ?? "");
    await command.ended;
    expect(command.end).toEqual({ status: "exited", exit_code: 0 });
    expect(command.log.slice(0, 100)).toBe("before\nafter\n");
  });

  it("hands over when the call's own time is over, rather than to kill [CALL-10]", async () => {
    const soon = setTimeout(() => abort.abort(new DiscoError("deadline_exceeded", "Late.")), 300);
    const output = await run({ command: "echo before; sleep 30" });
    clearTimeout(soon);
    expect(output).toMatchObject({ status: "running", stdout: "before\n" });
    expect(commands.running()).toHaveLength(1);
  });

  it("returns at once in the background, and goes on", async () => {
    const output = await run({ command: "sleep 0.3; echo done; exit 4", background: true });
    expect(output).toMatchObject({ status: "running", stdout: "", cursor: 0 });
    const command = commands.get(output.process_id ?? "");
    await command.ended;
    expect(command.end).toEqual({ status: "exited", exit_code: 4 });
  });

  it("gives a background command the given input, and then its end", async () => {
    const output = await run({ command: "cat; echo end", stdin: "in\n", background: true });
    const command = commands.get(output.process_id ?? "");
    await command.ended;
    expect(command.log.slice(0, 100)).toBe("in\nend\n");
  });

  it("keeps the middle that it leaves out", async () => {
    const { process_id: id } = await run({ command: "seq 1 20000" });
    const { log } = commands.get(id ?? "");
    expect(log.slice(0, log.end)).toContain("\n10000\n10001\n");
    expect((await run({ command: "seq 1 20" })).process_id).toBeNull();
  });

  it("kills what ignores the polite signal when the call is cancelled", async () => {
    const output = await run({
      command: "trap '' TERM; echo started; while :; do sleep 0.1; done",
    });
    expect(output.status).toBe("killed");
    expect(commands.running()).toEqual([]);
  });

  it("stops when the call is cancelled, and says killed [CALL-9]", async () => {
    const output = await run({ command: "echo started; sleep 30 & sleep 30" });
    expect(output).toMatchObject({ status: "killed", exit_code: null, stdout: "started\n" });
    // Node tells of the end only when no program of the tree holds the output any more.
    expect(commands.running()).toEqual([]);
  });

  it("does not start when it was cancelled before", async () => {
    abort.abort(new DiscoError("cancelled", "Stop."));
    await expect(run({ command: "touch x" })).rejects.toMatchObject({ code: "cancelled" });
    expect(await fs.readdir(runtime.root)).toEqual([]);
  });

  it("leaves nothing running that was cancelled while it started", async () => {
    const booted = runtime;
    runtime = {
      ...booted,
      spawn: async (...given) => {
        const process = await booted.spawn(...given);
        abort.abort(new DiscoError("cancelled", "Stop."));
        return process;
      },
    };
    const output = await run({ command: "sleep 30", background: true });
    expect(output).toMatchObject({ status: "killed", exit_code: null });
    expect(commands.running()).toEqual([]);
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
