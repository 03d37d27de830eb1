import { setTimeout } from "node:timers/promises";
import { type OperationOutput, registry } from "#protocol/registry.ts";
import { ExpectedError } from "./expected-error.ts";

const POLL_MS = 100;
/** Milliseconds for one answer; the operation itself gets two seconds. */
const ANSWER_TIMEOUT_MS = 5_000;

export type ContainerStatus = OperationOutput<"container_status">;

/** Asks for the state of the token's container over REST. */
export async function containerStatus(
  api: string,
  token: string,
  signal: AbortSignal,
): Promise<ContainerStatus> {
  const response = await fetch(`${api}/containers/current`, {
    headers: { Authorization: `Bearer ${token}` },
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
  });
  const body: unknown = await response.json();
  if (!response.ok) throw new Error(`container_status answered ${JSON.stringify(body)}`);
  return registry.container_status.output.parse(body);
}

/**
 * Waits until the container runs calls.
 *
 * @throws ExpectedError with the container's own reason, or when the time is over
 */
export async function waitUntilReady(
  api: string,
  token: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ContainerStatus> {
  const deadline = Date.now() + timeoutMs;
  let detail = "no answer";
  while (Date.now() < deadline) {
    try {
      const status = await containerStatus(api, token, signal);
      if (status.state === "ready") return status;
      if (status.state === "error") throw new ExpectedError(status.detail);
      detail = status.detail;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ExpectedError) throw error;
      detail = error instanceof Error ? error.message : String(error);
    }
    await setTimeout(POLL_MS, undefined, { signal });
  }
  throw new ExpectedError(`The container was not ready in ${timeoutMs / 1_000} s: ${detail}`);
}
