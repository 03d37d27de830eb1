import type { Kernel } from "../kernel.ts";
import type { Process } from "../process/process.ts";
import type { SystemCallArguments, SystemCallName, SystemCallResult } from "../system-calls.ts";
import { descriptorCalls } from "./descriptor-calls.ts";
import { fileCalls } from "./file-calls.ts";
import { processCalls } from "./process-calls.ts";
import { socketCalls } from "./socket-calls.ts";
import { terminalCalls } from "./terminal-calls.ts";

/** One handler for each call; it finishes later where it returns a promise. */
export type CallHandlers = {
  readonly [Name in SystemCallName]: (
    process: Process,
    ...args: SystemCallArguments<Name>
  ) => SystemCallResult<Name> | Promise<SystemCallResult<Name>>;
};

/** All system calls of a kernel. */
export function callHandlers(kernel: Kernel): CallHandlers {
  return {
    ...fileCalls(kernel),
    ...descriptorCalls(kernel),
    ...terminalCalls(),
    ...processCalls(kernel),
    ...socketCalls(kernel),
  };
}
