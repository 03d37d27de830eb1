import * as z from "zod";
import {
  COMMAND_MAX_CHARS,
  COMMAND_TIMEOUT_DEFAULT_S,
  COMMAND_TIMEOUT_MAX_S,
  PATH_MAX_CHARS,
} from "../limits.ts";
import { defineOperation } from "../operation.ts";
import { withoutNul } from "../text.ts";

/** Start, kill and the way back around the command's own time, in milliseconds. */
const COMMAND_OVERHEAD_MS = 4_000;

/** POSIX.1-2024, section 8.1. */
const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "wants a name of letters, digits and _, not a digit first");

export const runCommand = defineOperation({
  name: "run_command",
  title: "Run a command",
  description:
    "Runs a bash command line (pipes, redirections, loops, heredocs) in the workspace and waits for " +
    "it. Use it to explore with grep, find, sed, awk, sort and jq, and to change many files at once. " +
    "Returns exit_code, stdout and stderr; of long output head and tail are kept.",
  noun: "terminal",
  input: z.object({
    command: withoutNul(z.string().min(1).max(COMMAND_MAX_CHARS)).describe(
      "The command line, as in bash -c.",
    ),
    cwd: z
      .string()
      .min(1)
      .max(PATH_MAX_CHARS)
      .default(".")
      .describe("Directory to run in, relative to the root of the workspace."),
    env: z
      .record(variableName, withoutNul(z.string()))
      .default({})
      .describe("Environment variables to add."),
    stdin: z.string().optional().describe("Text for standard input. Default: empty."),
    timeout_s: z
      .int()
      .min(1)
      .max(COMMAND_TIMEOUT_MAX_S)
      .default(COMMAND_TIMEOUT_DEFAULT_S)
      .describe("Seconds after which the command is killed."),
  }),
  output: z.object({
    status: z
      .enum(["exited", "timed_out", "killed"])
      .describe("`timed_out`: killed at timeout_s, output so far is kept."),
    exit_code: z
      .int()
      .nullable()
      .describe("As bash tells it; null when it did not exit by itself."),
    stdout: z.string(),
    stderr: z.string(),
    duration_ms: z.int().nonnegative(),
    truncated: z.boolean().describe("True when the middle of stdout or stderr was left out."),
    ports: z
      .array(z.int())
      .describe("Ports on which programs began to listen; container_status has their URLs."),
  }),
  example: { command: "ls -la" },
  scope: "terminal:run",
  hints: { readOnly: false, destructive: true, idempotent: false, openWorld: true },
  approval: "policy",
  runs: "tab",
  http: { method: "POST", path: "/terminal/{container}/execute" },
  errors: ["file_not_found", "not_a_directory", "overloaded", "path_outside_workspace"],
  timeoutMs: (input) => input.timeout_s * 1_000 + COMMAND_OVERHEAD_MS,
  summarize: (input) => `Ran ${input.command}`,
});
