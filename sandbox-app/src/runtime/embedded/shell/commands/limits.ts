import type { BashOptions } from "just-bash/browser";
import { WORKSPACE_MAX_BYTES } from "#protocol/limits.ts";

/**
 * just-bash counts work to protect the thread that it usually shares. Here a process is a worker of
 * its own, which the kernel ends at once, so counting would only cut honest work short: what may
 * run for long is left open, what takes memory is bound by the workspace, and recursion by the
 * stack of a worker.
 */
export const shellLimits: NonNullable<BashOptions["executionLimits"]> = {
  maxCommandCount: Number.MAX_SAFE_INTEGER,
  maxLoopIterations: Number.MAX_SAFE_INTEGER,
  maxAwkIterations: Number.MAX_SAFE_INTEGER,
  maxSedIterations: Number.MAX_SAFE_INTEGER,
  maxJqIterations: Number.MAX_SAFE_INTEGER,
  maxWorkUnits: Number.MAX_SAFE_INTEGER,
  maxTraversalEntries: Number.MAX_SAFE_INTEGER,
  maxTraversalWork: Number.MAX_SAFE_INTEGER,
  maxGlobOperations: Number.MAX_SAFE_INTEGER,
  maxExecutionTimeMs: Number.MAX_SAFE_INTEGER,
  maxInputBytes: WORKSPACE_MAX_BYTES,
  maxLiveBytes: WORKSPACE_MAX_BYTES,
  maxOutputSize: WORKSPACE_MAX_BYTES,
  maxStringLength: WORKSPACE_MAX_BYTES,
};
