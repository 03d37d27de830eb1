import * as z from "zod";
import {
  CALL_TIMEOUT_DEFAULT_MS,
  HISTORY_DEFAULT,
  HISTORY_MAX,
  INPUT_MAX_CHARS,
  INPUT_WAIT_DEFAULT_S,
  OUTPUT_MAX_CHARS,
  OUTPUT_READ_MAX_CHARS,
  OUTPUT_TAIL_MAX_LINES,
} from "../limits.ts";
import { defineOperation } from "../operation.ts";
import { atMost, exitCode, processId, processStatus, waitTimeoutMs, waitUpTo } from "../process.ts";

/** Has the form of a process id; nobody has it. */
const EXAMPLE_ID = "p_0123456789ab";

const process = processId.describe("Id from run_command or list_processes.");

const output = z.object({
  status: processStatus,
  exit_code: exitCode,
  output: z.string().describe("stdout and stderr, in the order in which they came."),
  cursor: z.int().nonnegative().describe("Where the next read_output goes on."),
  remaining: z.int().nonnegative().describe("Characters after cursor that are there already."),
  dropped: z
    .int()
    .nonnegative()
    .describe("Characters left out before output: since the given cursor, else since the start."),
});

export const readOutput = defineOperation({
  name: "read_output",
  title: "Read a command's output",
  description:
    "Reads what a command of run_command wrote, while it runs and after it; also the middle that was " +
    "left out. From cursor on, or the last lines with tail; with neither the end of it. With wait_s " +
    "it waits for news. Returns status, exit_code, output, and the cursor to go on from.",
  noun: "terminal",
  input: z.object({
    process_id: process,
    cursor: z
      .int()
      .nonnegative()
      .optional()
      .describe("Characters from the start; 0 is the start, an earlier answer's cursor goes on."),
    tail: z.int().min(1).max(OUTPUT_TAIL_MAX_LINES).optional().describe("So many last lines."),
    wait_s: waitUpTo(0, 0).describe(`Seconds to wait for new output or the end, ${atMost}.`),
    until: z
      .enum(["output", "exit"])
      .default("output")
      .describe("What wait_s waits for: news of any kind, or the end alone."),
    max_chars: z
      .int()
      .min(1)
      .max(OUTPUT_READ_MAX_CHARS)
      .default(OUTPUT_MAX_CHARS)
      .describe("Characters of output at most."),
  }),
  output,
  example: { process_id: EXAMPLE_ID },
  scope: "terminal:run",
  hints: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  approval: "never",
  runs: "tab",
  http: { method: "GET", path: "/terminal/{container}/output" },
  furtherRoutes: [
    {
      id: "stream_output",
      title: "Stream a command's output",
      description:
        "What a command of run_command writes, as it comes, as server-sent events `status`, `output` and " +
        "`end`; from cursor on, else from the start. A stream lasts some minutes; Last-Event-ID goes on " +
        "where it ended, without loss or repetition.",
      method: "GET",
      path: "/terminal/{container}/stream",
      events: "always",
      omits: ["tail", "wait_s", "until", "max_chars"],
      example: { process_id: EXAMPLE_ID },
    },
  ],
  errors: ["process_not_found"],
  timeoutMs: (input) => waitTimeoutMs(input.wait_s),
  summarize: (input) => `Read the output of ${input.process_id}`,
});

export const sendInput = defineOperation({
  name: "send_input",
  title: "Send input to a command",
  description:
    "Writes text to the standard input of a command that runs in the background and was started " +
    "without stdin, then waits a moment for what it says. The text \\u0004 alone ends the input " +
    "(ctrl-D). Returns the output that came since, and the cursor for read_output.",
  noun: "terminal",
  input: z.object({
    process_id: process,
    text: z.string().max(INPUT_MAX_CHARS).describe("What to write; may be several lines."),
    enter: z.boolean().default(true).describe("Ends the text with a newline."),
    wait_s: waitUpTo(0, INPUT_WAIT_DEFAULT_S).describe(`Seconds to wait for output, ${atMost}.`),
  }),
  output,
  example: { process_id: EXAMPLE_ID, text: "y" },
  scope: "terminal:run",
  hints: { readOnly: false, destructive: true, idempotent: false, openWorld: true },
  approval: "policy",
  runs: "tab",
  http: { method: "POST", path: "/terminal/{container}/input" },
  errors: ["input_closed", "overloaded", "process_not_found"],
  timeoutMs: (input) => waitTimeoutMs(input.wait_s),
  summarize: (input) => `Sent input to ${input.process_id}`,
});

export const stopProcess = defineOperation({
  name: "stop_process",
  title: "Stop a command",
  description:
    "Stops a command of run_command, and all that it started. TERM becomes KILL when it does not end; " +
    "INT is ctrl-C, which a program may answer by going on. One that has ended already is no error. " +
    "Returns status and exit_code; read_output still has what it wrote.",
  noun: "terminal",
  input: z.object({
    process_id: process,
    signal: z
      .enum(["TERM", "INT", "KILL"])
      .default("TERM")
      .describe("TERM asks it to end, INT is ctrl-C, KILL does not ask."),
  }),
  output: z.object({ status: processStatus, exit_code: exitCode }),
  example: { process_id: EXAMPLE_ID },
  scope: "terminal:run",
  hints: { readOnly: false, destructive: true, idempotent: true, openWorld: false },
  approval: "policy",
  runs: "tab",
  http: { method: "POST", path: "/terminal/{container}/stop" },
  errors: ["process_not_found"],
  timeoutMs: CALL_TIMEOUT_DEFAULT_MS,
  summarize: (input) => `Stopped ${input.process_id}`,
});

export const listProcesses = defineOperation({
  name: "list_processes",
  title: "List processes",
  description:
    "Lists what runs in the container, whoever started it, and the commands that ended last. Returns " +
    "each with id (null for what no running command started, as the person's terminals), pid, " +
    "command, status, ports and memory; a command's count all that it started.",
  noun: "terminal",
  input: z.object({}),
  output: z.object({
    processes: z.array(
      z.object({
        id: processId
          .nullable()
          .describe("For read_output and stop_process; null: only kill <pid> in run_command."),
        pid: z.int().nullable().describe("Of its first program; null when it has ended."),
        command: z.string().describe("The command line; a long one is cut."),
        status: processStatus,
        exit_code: exitCode,
        client: z.string().nullable().describe("Who started it; null: the person, or not known."),
        started: z.string().describe("Date and time, ISO 8601 in UTC."),
        ports: z.array(z.int()).describe("On which it listens."),
        memory: z.int().nullable().describe("Bytes, as measured last; null when not measured."),
      }),
    ),
  }),
  example: {},
  scope: "terminal:run",
  hints: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  approval: "never",
  runs: "tab",
  http: { method: "GET", path: "/terminal/{container}/processes" },
  errors: [],
  timeoutMs: CALL_TIMEOUT_DEFAULT_MS,
  summarize: () => "Listed the processes",
});

export const listCommands = defineOperation({
  name: "list_commands",
  title: "List the commands that ran",
  description:
    "Lists the commands that clients ran in the container since its page was loaded, the one that " +
    "started last first; of those that ended, the last few hundred. Returns each with process_id for " +
    "read_output, command line, client, status, exit_code, and when and how long it ran.",
  noun: "commands",
  input: z.object({
    limit: z.int().min(1).max(HISTORY_MAX).default(HISTORY_DEFAULT).describe("Commands at most."),
    cursor: z
      .int()
      .positive()
      .optional()
      .describe("next_cursor of an earlier answer: the commands before those."),
  }),
  output: z.object({
    commands: z.array(
      z.object({
        process_id: processId.describe("For read_output."),
        command: z.string().describe("The command line; a long one is cut."),
        client: z.string().describe("Who ran it."),
        status: processStatus,
        exit_code: exitCode,
        started: z.string().describe("Date and time, ISO 8601 in UTC."),
        duration_ms: z.int().nonnegative().describe("Until now, of one that runs."),
        output_chars: z.int().nonnegative().describe("Characters that it wrote."),
      }),
    ),
    total: z.int().nonnegative().describe("Commands that are known."),
    next_cursor: z
      .int()
      .nullable()
      .describe("For the commands before these; null: there are none."),
  }),
  example: {},
  scope: "terminal:run",
  hints: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  approval: "never",
  runs: "tab",
  // A model has list_processes, which tells the last of them; a tool more would cost every conversation.
  faces: ["rest"],
  http: { method: "GET", path: "/terminal/{container}/history" },
  errors: [],
  timeoutMs: CALL_TIMEOUT_DEFAULT_MS,
  summarize: () => "Listed the commands that ran",
});
