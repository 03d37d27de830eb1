import * as z from "zod";
import { DiscoError, type ErrorBody } from "#protocol/errors.ts";
import type { Outcome, WorkFrame } from "#protocol/frames.ts";
import { FRAME_MAX_BYTES } from "#protocol/limits.ts";
import type { Operation } from "#protocol/operation.ts";
import { findOperation, type OperationName, type TabOperationName } from "#protocol/registry.ts";
import type { Checkpoints } from "../checkpoints/checkpoints.ts";
import type { ReadyRuntime, RuntimeAccess, TabContext, TabHandlers } from "./context.ts";

/** Longest message of an error on the wire (ErrorBody); a path alone may be as long. */
const ERROR_MESSAGE_MAX_CHARS = 4_000;

/** What surrounds the outcome in its frame: type, call id, epoch. */
const ENVELOPE_BYTES = 1_024;

/** The most bytes that one UTF-16 code unit becomes in UTF-8 (RFC 3629, section 3). */
const UTF8_BYTES_PER_CHAR_MAX = 3;

/** A call that this tab can run; its input has been parsed again [CALL-8]. */
export interface PreparedCall {
  readonly operation: Operation & { readonly name: OperationName };
  readonly input: Record<string, unknown>;
}

/** @throws DiscoError unknown_operation or invalid_input */
export function prepare(work: WorkFrame): PreparedCall {
  const operation = findOperation(work.operation);
  if (!operation || operation.runs !== "tab") {
    throw new DiscoError("unknown_operation", `This page knows no operation ${work.operation}.`);
  }
  if (work.type === "call" && !operation.hints.readOnly) {
    throw new DiscoError(
      "internal",
      `${operation.name} changes the workspace and must be offered.`,
    );
  }
  const parsed = operation.input.safeParse(work.input);
  if (parsed.success) return { operation, input: parsed.data };
  const issues = parsed.error.issues.map(({ path, message }) => ({
    argument: path.map(String).join("."),
    wants: message,
  }));
  throw new DiscoError("invalid_input", z.prettifyError(parsed.error), { details: { issues } });
}

type CallContext = Omit<TabContext, keyof ReadyRuntime | "checkpoint"> & {
  /** Is told of the checkpoint that the call leaves, however it ends. */
  readonly kept: (checkpoint: string) => void;
};

/** Runs a prepared call; whatever goes wrong becomes an outcome, so that each call has one [CALL-4]. */
export async function perform(
  call: PreparedCall,
  handlers: TabHandlers,
  access: () => RuntimeAccess,
  { kept, ...context }: CallContext,
): Promise<Outcome> {
  try {
    context.signal.throwIfAborted();
    const { runtime, commands, checkpoints } = requireRuntime(access());
    const ready = { runtime, commands, checkpoints };
    const run = call.operation.hints.readOnly ? runHandler : runWithCheckpoint;
    const output = await run(call, handlers, { ...context, ...ready, checkpoint: null }, kept);
    return fitToFrame({ ok: true, output }, call.operation.name);
  } catch (error) {
    return failedOutcome(asRuntimeFailure(error, access(), call.operation.hints.readOnly));
  }
}

function runHandler(
  { operation, input }: PreparedCall,
  handlers: TabHandlers,
  context: TabContext,
): Promise<Record<string, unknown>> {
  return handlers[operation.name as TabOperationName](input as never, context);
}

/** What a changing call changes can be taken back, however it ends; nothing changes unkept. */
async function runWithCheckpoint(
  call: PreparedCall,
  handlers: TabHandlers,
  context: TabContext,
  kept: CallContext["kept"],
): Promise<Record<string, unknown>> {
  const { checkpoints, client, signal } = context;
  const { operation, input } = call;
  const summary = operation.summarize(input);
  const about = { operation: operation.name, client, summary };
  const checkpoint = await beginUnlessStopped(checkpoints, about, signal);
  let isKept = false;
  let output: Record<string, unknown>;
  try {
    signal.throwIfAborted();
    output = await runHandler(call, handlers, { ...context, checkpoint });
  } finally {
    isKept = await checkpoints.end(checkpoint);
    if (isKept) kept(checkpoint);
  }
  const tells = "checkpoint" in operation.output.shape;
  return isKept && tells ? { ...output, checkpoint } : output;
}

/** Until the checkpoint is taken nothing has happened: whoever stops the call then need not wait for it. */
async function beginUnlessStopped(
  checkpoints: Checkpoints,
  about: Parameters<Checkpoints["begin"]>[0],
  signal: AbortSignal,
): Promise<string> {
  const begun = checkpoints.begin(about);
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason as Error);
  signal.addEventListener("abort", stop);
  try {
    return await Promise.race([begun, stopped]);
  } catch (error) {
    void begun.then((id) => checkpoints.end(id)).catch(() => {});
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** When the runtime failed under a call, that is what is wrong, and not the call. */
function asRuntimeFailure(error: unknown, access: RuntimeAccess, isRead: boolean): unknown {
  if (error instanceof DiscoError || access.state !== "error") return error;
  return isRead
    ? new DiscoError("runtime_failed", access.message, { cause: error })
    : new DiscoError("outcome_unknown", `The runtime failed meanwhile: ${access.message}`);
}

function requireRuntime(access: RuntimeAccess) {
  if (access.state === "ready") return access;
  if (access.state === "error") throw new DiscoError("runtime_failed", access.message);
  throw new DiscoError("runtime_not_ready", "The container is still starting in the page.");
}

/** What is not of the catalogue is `internal`; its text goes to the console of the tab only. */
export function failedOutcome(error: unknown): Outcome {
  const known = DiscoError.from(error);
  if (known.code === "internal") console.error("A call failed:", error);
  return { ok: false, error: boundError(known.toBody()) };
}

function boundError(body: ErrorBody): ErrorBody {
  if (body.message.length <= ERROR_MESSAGE_MAX_CHARS) return body;
  return { ...body, message: `${body.message.slice(0, ERROR_MESSAGE_MAX_CHARS - 1)}…` };
}

/** An outcome above FRAME_MAX_BYTES cannot be sent, and would be tried again after each welcome. */
function fitToFrame(outcome: Outcome, operation: string): Outcome {
  const text = JSON.stringify(outcome);
  const room = FRAME_MAX_BYTES - ENVELOPE_BYTES;
  if (text.length * UTF8_BYTES_PER_CHAR_MAX <= room) return outcome;
  if (new TextEncoder().encode(text).length <= room) return outcome;
  return failedOutcome(new DiscoError("too_large", `The output of ${operation} is too large.`));
}
