import * as z from "zod";
import { checkpoint } from "../checkpoint.ts";
import { COMMAND_MAX_CHARS, COMMAND_TIMEOUT_DEFAULT_S, PATH_MAX_CHARS } from "../limits.ts";
import { defineOperation } from "../operation.ts";
import { atMost, exitCode, processId, waitTimeoutMs, waitUpTo } from "../process.ts";
import { withoutNul } from "../text.ts";

/** POSIX.1-2024, section 8.1. */
const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "wants a name of letters, digits and _, not a digit first");

export const runCommand = defineOperation({
  name: "run_command",
  title: "Run a command",
  description:
    "Runs a bash command line (pipes, redirections, loops, heredocs) in the workspace and waits for " +
    "it; what runs longer than timeout_s goes on, with a process_id for read_output. For servers and " +
    "prompts set background. Use it to explore with grep, find, sed, awk and jq, and to change many " +
    "files. Returns exit_code, stdout and stderr; of long output head and tail.",
  noun: "terminal",
  input: z.object({
    command: withoutNul(z.string().min(1).max(COMMAND_MAX_CHARS)).describe(
      "The command line, as in bash -c.",
    ),
    cwd: z.string().min(1).max(PATH_MAX_CHARS).default(".").describe("Directory to run in."),
    env: z
      .record(variableName, withoutNul(z.string()))
      .default({})
      .describe("Environment variables to add."),
    stdin: z
      .string()
      .optional()
      .describe("Text for standard input, which ends after it. Default: empty."),
    timeout_s: waitUpTo(1, COMMAND_TIMEOUT_DEFAULT_S).describe(
      `Seconds to wait, ${atMost}; the command is not killed after them.`,
    ),
    background: z
      .boolean()
      .default(false)
      .describe("Returns at once; without stdin, send_input writes to it."),
  }),
  output: z.object({
    status: z
      .enum(["exited", "killed", "running"])
      .describe("`running`: it goes on; stdout and stderr are what it wrote so far."),
    exit_code: exitCode,
    stdout: z.string(),
    stderr: z.string(),
    duration_ms: z.int().nonnegative(),
    process_id: processId
      .nullable()
      .describe("For read_output: in the background, while it runs, or when output was left out."),
    cursor: z.int().nonnegative().describe("Where read_output goes on after this output."),
    truncated: z.boolean().describe("True when the middle of stdout or stderr was left out."),
    ports: z
      .array(z.int())
      .describe("Ports on which programs began to listen; container_status has their URLs."),
    checkpoint,
  }),
  example: { command: "ls -la" },
  scope: "terminal:run",
  hints: { readOnly: false, destructive: true, idempotent: false, openWorld: true },
  approval: "policy",
  runs: "tab",
  http: { method: "POST", path: "/terminal/{container}/execute", events: "accepted" },
  errors: ["file_not_found", "not_a_directory", "overloaded", "path_outside_workspace"],
  timeoutMs: (input) => waitTimeoutMs(input.background ? 0 : input.timeout_s),
  summarize: (input) => `${input.background ? "Started" : "Ran"} ${input.command}`,
});
