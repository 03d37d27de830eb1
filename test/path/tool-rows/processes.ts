import { expect } from "vitest";
import { COMMAND_MAX_CHARS, INPUT_MAX_CHARS, OUTPUT_READ_MAX_CHARS } from "#protocol/limits.ts";
import type { Stage, ToolRows } from "./row.ts";

/** Has the form of an id; nobody has it. */
const NOBODY = "p_0123456789ab";

async function started({ call }: Stage, command: string): Promise<string> {
  return String((await call("run_command", { command, background: true }))["process_id"]);
}

const unknown = { code: "process_not_found", says: NOBODY } as const;

export const processRows: ToolRows<
  "run_command" | "read_output" | "send_input" | "stop_process" | "list_processes"
> = {
  run_command: {
    happy: {
      args: { command: "echo out; echo err >&2; echo made > file; exit 3" },
      gives: { status: "exited", exit_code: 3, stdout: "out\n", stderr: "err\n" },
      after: async ({ textOf }) => expect(await textOf("file")).toBe("made\n"),
    },
    edge: {
      "that says nothing": { args: { command: "true" }, gives: { exit_code: 0, stdout: "" } },
      "that says too much": {
        args: { command: "yes | head -n 100000" },
        gives: { exit_code: 0, truncated: true },
      },
    },
    bad: { args: { command: "true", cwd: "nowhere" }, code: "file_not_found", says: "nowhere" },
    tooLarge: {
      args: { command: `: ${"x".repeat(COMMAND_MAX_CHARS)}` },
      code: "invalid_input",
      says: "command",
    },
    cancelled: { command: "sleep 2; echo made > file" },
  },

  read_output: {
    happy: {
      args: async (stage) => ({
        process_id: await started(stage, "echo one; echo two"),
        cursor: 4,
        until: "exit",
        wait_s: 10,
      }),
      gives: { status: "exited", exit_code: 0, output: "two\n", dropped: 0 },
    },
    edge: {
      "past the end": {
        args: async (stage) => {
          const process_id = await started(stage, "echo one");
          await stage.call("wait_for", { id: process_id });
          return { process_id, cursor: 1_000 };
        },
        code: "invalid_input",
        says: "at most 4",
      },
    },
    bad: { args: { process_id: NOBODY }, ...unknown },
    tooLarge: {
      args: { process_id: NOBODY, max_chars: OUTPUT_READ_MAX_CHARS + 1 },
      code: "invalid_input",
      says: "max_chars",
    },
    cancelled: async (stage) => ({
      process_id: await started(stage, "sleep 30"),
      wait_s: 30,
    }),
  },

  send_input: {
    happy: {
      args: async (stage) => ({
        process_id: await started(stage, 'read -r line; echo "heard $line"'),
        text: "me",
        wait_s: 10,
      }),
      gives: { output: "heard me\n" },
    },
    edge: {
      "to a program that has ended": {
        args: async (stage) => {
          const process_id = await started(stage, "true");
          await stage.call("wait_for", { id: process_id });
          return { process_id, text: "x" };
        },
        code: "input_closed",
      },
    },
    bad: { args: { process_id: NOBODY, text: "x" }, ...unknown },
    tooLarge: {
      args: { process_id: NOBODY, text: "x".repeat(INPUT_MAX_CHARS + 1) },
      code: "invalid_input",
      says: "text",
    },
    cancelled: async (stage) => ({
      process_id: await started(stage, "sleep 30"),
      text: "x",
      wait_s: 30,
    }),
  },

  stop_process: {
    happy: {
      args: async (stage) => ({ process_id: await started(stage, "sleep 30") }),
      gives: { status: "killed", exit_code: null },
    },
    edge: {
      "that has ended": {
        args: async (stage) => {
          const process_id = await started(stage, "exit 4");
          await stage.call("wait_for", { id: process_id });
          return { process_id };
        },
        gives: { status: "exited", exit_code: 4 },
      },
    },
    bad: { args: { process_id: NOBODY }, ...unknown },
    tooLarge: {
      args: { process_id: "p".repeat(1_000_000) },
      code: "invalid_input",
      says: "process_id",
    },
  },

  list_processes: {
    happy: {
      args: async (stage) => {
        await started(stage, "sleep 30");
        return {};
      },
      gives: { processes: [{ command: "sleep 30", status: "running" }] },
    },
    edge: { "of which none runs": { args: {}, gives: { processes: [] } } },
    bad: { args: { all: true }, code: "invalid_input", says: "all" },
    tooLarge: "it takes nothing",
  },
};
