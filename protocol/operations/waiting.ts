import * as z from "zod";
import { COMMAND_TIMEOUT_DEFAULT_S } from "../limits.ts";
import { defineOperation } from "../operation.ts";
import { atMost, exitCode, processId, waitTimeoutMs, waitUpTo } from "../process.ts";

/** What the edge does around the wait of the call that it makes, in milliseconds. */
const EDGE_OVERHEAD_MS = 500;

export const waitFor = defineOperation({
  name: "wait_for",
  title: "Wait",
  description:
    "Waits until a command has ended (its process_id), or until the user's page is open and ready " +
    "(`tab`). Returns the state it has then; when timeout_s was too short it is `running`, or that " +
    "of the page, and waiting again is fine.",
  noun: "containers",
  input: z.object({
    id: processId.describe("A process_id, or `tab`."),
    timeout_s: waitUpTo(0, COMMAND_TIMEOUT_DEFAULT_S).describe(`Seconds to wait, ${atMost}.`),
  }),
  output: z.object({
    id: processId,
    state: z
      .enum(["running", "exited", "killed", "waiting_for_tab", "booting", "ready", "error"])
      .describe("Of a command: running, exited, killed. Of the page: as in container_status."),
    result: z
      .object({ exit_code: exitCode })
      .nullable()
      .describe("Of a command that has ended; read_output has what it wrote."),
  }),
  example: { id: "tab", timeout_s: 1 },
  scope: "containers:read",
  hints: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  approval: "never",
  runs: "edge",
  http: { method: "GET", path: "/containers/{container}/wait" },
  errors: ["process_not_found"],
  timeoutMs: (input) => waitTimeoutMs(input.timeout_s) + EDGE_OVERHEAD_MS,
  summarize: (input) => `Waited for ${input.id}`,
});
