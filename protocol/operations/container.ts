import * as z from "zod";
import { RuntimeCapabilities } from "../capabilities.ts";
import { CALL_WAIT_MAX_MS, FILE_MAX_BYTES, PROCESS_WAIT_MAX_MS } from "../limits.ts";
import { defineOperation } from "../operation.ts";
import { processId } from "../process.ts";

export const containerStatus = defineOperation({
  name: "container_status",
  title: "Container status",
  description:
    "Tells whether the user's container is ready, and the URL to open when it is not. Call it first, " +
    "and again after tab_not_attached, or to carry on what another client began. Returns state, " +
    "open_url, root, previews of listening ports, running processes, what clients changed lately, what " +
    "the runtime can do, and limits.",
  noun: "containers",
  input: z.object({}),
  output: z.object({
    container: z.string().describe("Id of the container."),
    name: z.string().describe("Name the user gave it."),
    state: z
      .enum(["waiting_for_tab", "booting", "ready", "error"])
      .describe("`ready`: calls run now. `waiting_for_tab`: the user must open open_url."),
    attached: z.boolean().describe("A sandbox page is connected."),
    open_url: z.string().describe("Page that the user opens in a browser to run the container."),
    detail: z.string().describe("The state in one sentence."),
    root: z.string().nullable().describe("Absolute path of the workspace in the container."),
    cwd: z.string().nullable().describe("Where commands start; the root."),
    branch: z
      .string()
      .nullable()
      .describe("Of the workspace's repository; null: none, or not known."),
    dirty_files: z.int().nullable().describe("Paths with changes, as git_status counts them."),
    previews: z
      .array(
        z.object({
          port: z.int().describe("Port on which a program of the container listens."),
          url: z.string().describe("Where the user's browser shows it; nobody else can open it."),
        }),
      )
      .describe("What the container's programs serve now."),
    processes: z
      .array(
        z.object({
          id: processId.nullable().describe("For read_output and stop_process."),
          pid: z.int().nullable(),
          command: z.string().describe("The command line; a long one is cut."),
          client: z.string().nullable().describe("Who started it; null: the person, or not known."),
          ports: z.array(z.int()).describe("On which it listens."),
        }),
      )
      .nullable()
      .describe("What runs now, the first of it; null: not known."),
    recent: z
      .array(
        z.object({
          client: z.string().describe("What the client calls itself."),
          summary: z.string().describe("What it did, or tried to: `Wrote src/app.ts`."),
          outcome: z.string().describe("done, running, killed, `exit 1`, or the error's code."),
          age_s: z.int().nonnegative().describe("Seconds since it ended."),
        }),
      )
      .describe("Changing calls that ended last, the latest first; of any client."),
    runtime: RuntimeCapabilities.nullable().describe("What the runtime can do, when attached."),
    limits: z.object({
      file_max_bytes: z.int().describe("Largest file that one call reads or writes."),
      command_wait_max_s: z.int().describe("Seconds a call waits for a command; then it goes on."),
      call_wait_max_ms: z.int().describe("Milliseconds until any call answers."),
    }),
  }),
  example: {},
  scope: "containers:read",
  hints: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  approval: "never",
  runs: "edge",
  http: { method: "GET", path: "/containers/{container}" },
  errors: [],
  timeoutMs: 2_000,
  summarize: () => "Looked at the container",
});

/** The limits as `container_status` tells them. */
export const containerLimits = {
  file_max_bytes: FILE_MAX_BYTES,
  command_wait_max_s: PROCESS_WAIT_MAX_MS / 1_000,
  call_wait_max_ms: CALL_WAIT_MAX_MS,
};
