import { randomUUID } from "node:crypto";
import { afterAll } from "vitest";
import type { Outcome } from "#protocol/frames.ts";
import type { Attachment, CallRequest } from "#worker/relay/link.ts";
import { type RunningWorker, startWorker } from "./worker-harness.ts";

/** A relay in workerd, and its callers in the test. */
export interface RelayRig {
  readonly worker: RunningWorker;
  /** Runs a call by the relay's own method. */
  call(container: string, request: CallRequest, id?: string): Promise<Outcome>;
  cancel(container: string, id: string): Promise<void>;
  attachment(container: string): Promise<Attachment>;
  /** Runs a call as `execute` does. */
  callThroughLink(
    container: string,
    request: CallRequest,
    cancelAfterMs?: number,
  ): Promise<Outcome>;
  /** Names the relay's present life: a relay that slept or died wakes to another one. */
  life(container: string): Promise<string>;
  /** Lets the relay die: its callers and connections are lost, its storage stays. */
  crash(container: string): Promise<void>;
  /** Ids of the calls that have a row, and whether they had `go`. */
  rows(container: string): Promise<{ id: string; running: number }[]>;
}

export async function startRelayRig(): Promise<RelayRig> {
  const worker = await startWorker({ main: "test/support/workerd/relay-worker.ts" });
  async function post(path: string, body: object): Promise<unknown> {
    const response = await worker.fetch(path, { method: "POST", body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
    return JSON.parse(text);
  }
  return {
    worker,
    call: async (container, request, id = randomUUID()) =>
      (await post(`/rpc/${container}/call`, { id, request })) as Outcome,
    cancel: async (container, id) => void (await post(`/rpc/${container}/cancel`, { id })),
    attachment: async (container) => (await post(`/rpc/${container}/attachment`, {})) as Attachment,
    callThroughLink: async (container, request, cancelAfterMs) =>
      (await post(`/link/${container}`, { request, cancelAfterMs })) as Outcome,
    life: async (container) => (await post(`/rpc/${container}/life`, {})) as string,
    crash: async (container) => void (await post(`/rpc/${container}/crash`, {})),
    rows: async (container) =>
      (await worker.query("CONTAINER_RELAY", container, "SELECT id, running FROM calls")) as {
        id: string;
        running: number;
      }[],
  };
}

/** A rig for one test file, which ends with it; `url` is where its tabs connect. */
export async function relayForTests(): Promise<{ rig: RelayRig; url: URL }> {
  const rig = await startRelayRig();
  afterAll(() => rig.worker.close());
  return { rig, url: rig.worker.url };
}

/** Id of a container that no other test uses. */
export function newContainer(): string {
  return `c_${randomUUID()}`;
}

/** A reading call. */
export function reading(timeoutMs = 5_000): CallRequest {
  return { operation: "read_file", input: { path: "a.txt" }, client: "test", timeoutMs };
}

/** A changing call. */
export function changing(timeoutMs = 5_000, content = "text"): CallRequest {
  return { operation: "write_file", input: { path: "a.txt", content }, client: "test", timeoutMs };
}
