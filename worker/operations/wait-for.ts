import { processWaitMs, waitTimeoutMs } from "#protocol/process.ts";
import { type OperationInput, type OperationOutput, registry } from "#protocol/registry.ts";
import type { Attachment } from "../relay/link.ts";
import type { EdgeContext } from "./context.ts";
import { pause } from "../pause.ts";

/** The id that stands for the container's page. */
const TAB = "tab";

/** Milliseconds between two looks at the page: a person who opens it does not notice so little. */
const LOOK_EVERY_MS = 500;

type Input = OperationInput<"wait_for">;
type Output = OperationOutput<"wait_for">;

/** Answered at the edge, because who waits for the page waits for what is not there yet. */
export async function waitFor(input: Input, context: EdgeContext): Promise<Output> {
  return input.id === TAB
    ? { id: TAB, state: await waitForTab(input, context), result: null }
    : waitForProcess(input, context);
}

/** A runtime that failed is not waited for either: only a reload by the person helps. */
async function waitForTab(input: Input, { link, signal }: EdgeContext): Promise<Output["state"]> {
  const deadline = Date.now() + processWaitMs(input.timeout_s);
  for (;;) {
    const state = stateOf(await link.attachment());
    const left = deadline - Date.now();
    if (state === "ready" || state === "error" || left <= 0 || signal.aborted) return state;
    await pause(Math.min(LOOK_EVERY_MS, left), signal);
  }
}

function stateOf(attachment: Attachment): Output["state"] {
  return attachment.attached ? attachment.runtime.state : "waiting_for_tab";
}

async function waitForProcess(
  { id, timeout_s }: Input,
  { link, client, signal, onProgress }: EdgeContext,
): Promise<Output> {
  const operation = registry.read_output;
  const given = { process_id: id, wait_s: timeout_s, until: "exit", max_chars: 1 } as const;
  const request = {
    operation: operation.name,
    input: operation.input.parse(given),
    client,
    timeoutMs: waitTimeoutMs(timeout_s),
  };
  const output = operation.output.parse(await link.call(request, signal, onProgress));
  const { status, exit_code } = output;
  return { id, state: status, result: status === "running" ? null : { exit_code } };
}
