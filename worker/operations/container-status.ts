import { containerLimits } from "#protocol/operations/container.ts";
import { previewOrigin } from "#protocol/previews.ts";
import { findOperation, type OperationOutput, registry } from "#protocol/registry.ts";
import type { Attachment } from "../relay/link.ts";
import { sentenceOf } from "../relay/recent-calls.ts";
import type { EdgeContext } from "./context.ts";

/**
 * Milliseconds for each of the tab's parts; without it the rest is told all the same. Git looks at each
 * file after a change, and knows the answer at the next call where that took longer.
 */
const TAB_WAIT_MS = { list_processes: 500, git_status: 1_000 } as const;

/** Processes that are told; list_processes has all, with more of each. */
const PROCESSES_MAX = 10;

type Output = OperationOutput<"container_status">;

/** What the relay and the tab know of the container, so that any client can carry on. */
export async function containerStatus(context: EdgeContext): Promise<Output> {
  const { container, link, openUrl, previews } = context;
  const before = await link.attachment();
  const [processes, git, recent] = await Promise.all([
    runningProcesses(before, context),
    gitState(before, context),
    recentCalls(context),
  ]);
  // A tab that did not answer may just have gone.
  const attachment = before.attached && processes === null ? await link.attachment() : before;
  return {
    container: container.id,
    name: container.name,
    attached: attachment.attached,
    open_url: openUrl,
    limits: containerLimits,
    // The tab tells ports only: which URLs they have is the deployment's to say.
    previews: portsOf(attachment).map((port) => ({
      port,
      url: `${previewOrigin(previews, port)}/`,
    })),
    processes,
    ...git,
    recent,
    ...describeState(attachment, openUrl),
  };
}

/** @returns null when the tab does not say, or the caller may not know */
async function runningProcesses(
  attachment: Attachment,
  context: EdgeContext,
): Promise<Output["processes"]> {
  const answer = await askTab("list_processes", attachment, context);
  if (answer === null) return null;
  return answer.processes
    .filter(({ status }) => status === "running")
    .slice(0, PROCESSES_MAX)
    .map(({ id, pid, command, client, ports }) => ({
      id,
      pid,
      command: sentenceOf(command),
      client,
      ports,
    }));
}

/** Of the workspace as a whole; a repository below it is git_status's. */
async function gitState(
  attachment: Attachment,
  context: EdgeContext,
): Promise<Pick<Output, "branch" | "dirty_files">> {
  const answer = await askTab("git_status", attachment, context);
  return { branch: answer?.branch ?? null, dirty_files: answer?.total ?? null };
}

/** @returns null when the tab does not say, or the caller may not know */
async function askTab<Name extends "list_processes" | "git_status">(
  name: Name,
  attachment: Attachment,
  { link, scopes, signal }: EdgeContext,
): Promise<OperationOutput<Name> | null> {
  const operation = registry[name];
  const isReady = attachment.attached && attachment.runtime.state === "ready";
  if (!isReady || !scopes.includes(operation.scope)) return null;
  // The client asked for the status alone, so the page shows no call of it.
  const request = { operation: operation.name, input: operation.input.parse({}), client: "" };
  try {
    const answer = await link.call({ ...request, timeoutMs: TAB_WAIT_MS[name] }, signal);
    return operation.output.parse(answer) as OperationOutput<Name>;
  } catch {
    return null;
  }
}

/** Of each operation only for those who may use it. */
async function recentCalls({ link, scopes }: EdgeContext): Promise<Output["recent"]> {
  const now = Date.now();
  const calls = await link.recent();
  return calls.flatMap(({ operation: name, client, summary, outcome, at }) => {
    const operation = findOperation(name);
    if (operation === undefined || !scopes.includes(operation.scope)) return [];
    const age_s = Math.max(0, Math.round((now - at) / 1_000));
    return [{ client, summary, outcome, age_s }];
  });
}

function portsOf(attachment: Attachment): readonly number[] {
  if (!attachment.attached || attachment.runtime.state !== "ready") return [];
  return attachment.runtime.ports;
}

type State = Pick<Output, "state" | "detail" | "root" | "cwd" | "runtime">;

function describeState(attachment: Attachment, openUrl: string): State {
  if (!attachment.attached) {
    return {
      state: "waiting_for_tab",
      detail: `No sandbox page is open. Ask the user to open ${openUrl} and leave it open.`,
      root: null,
      cwd: null,
      runtime: null,
    };
  }
  const { runtime } = attachment;
  switch (runtime.state) {
    case "booting":
      return {
        state: "booting",
        detail: `The container is starting: ${runtime.stage}.`,
        root: null,
        cwd: null,
        runtime: null,
      };
    case "ready":
      return {
        state: "ready",
        detail: "The container is ready; calls run now.",
        root: runtime.root,
        cwd: runtime.root,
        runtime: runtime.capabilities,
      };
    case "error":
      return {
        state: "error",
        detail: `The container could not start: ${runtime.message}`,
        root: null,
        cwd: null,
        runtime: null,
      };
  }
}
