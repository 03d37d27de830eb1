import { callError } from "../file-errors.ts";
import type { Kernel } from "../kernel.ts";
import { isAlive, type Process } from "../process/process.ts";
import { unchangeable } from "../process/signals.ts";
import { type SignalName, SignalNumber, type WaitResult } from "../system-calls.ts";
import type { CallHandlers } from "./handlers.ts";
import { spawnChild } from "./spawn.ts";

type ProcessCalls = Pick<CallHandlers, "spawn" | "wait" | "kill" | "signalAction" | "processes">;

/** Calls on processes. */
export function processCalls(kernel: Kernel): ProcessCalls {
  return {
    spawn: (process, request) => spawnChild(kernel, process, request),
    wait: (process, pid, { poll = false, stopped = false } = {}) =>
      waitForChild(kernel, process, { pid, poll, stopped }),
    kill: (process, pid, signal) => {
      if (signal !== 0) checkSignal(signal, "kill");
      const targets = targetsOf(kernel, process, pid);
      if (targets.length === 0) throw callError("ESRCH", "kill");
      if (signal !== 0) for (const target of targets) kernel.signal(target, signal);
    },
    signalAction: ({ actions }, signal, action) => {
      checkSignal(signal, "sigaction");
      if (unchangeable.has(signal)) throw callError("EINVAL", "sigaction");
      if (action === "default") actions.delete(signal);
      else if (action === "ignore" || action === "event") actions.set(signal, action);
      else throw callError("EINVAL", "sigaction");
    },
    processes: () => kernel.processes(),
  };
}

interface WaitOptions {
  readonly pid: number;
  readonly poll: boolean;
  readonly stopped: boolean;
}

function waitForChild(
  kernel: Kernel,
  process: Process,
  options: WaitOptions,
): WaitResult | null | Promise<WaitResult | null> {
  const found = takeChild(kernel, process, options);
  if (found !== null || options.poll) return found;
  return (async () => {
    for (;;) {
      await process.childChanged.wait(process.waits);
      const changed = takeChild(kernel, process, options);
      if (changed !== null) return changed;
    }
  })();
}

/** @throws FileError ECHILD when there is no such child */
function takeChild(kernel: Kernel, process: Process, { pid, stopped }: WaitOptions) {
  const children = kernel.table
    .children(process.pid)
    .filter((child) => pid === -1 || (pid < 0 ? child.group === -pid : child.pid === pid));
  if (children.length === 0) throw callError("ECHILD", "wait");
  for (const child of children) {
    if (child.state.status === "ended") {
      kernel.reap(child);
      return { pid: child.pid, ...child.state.exit };
    }
    if (stopped && child.state.status === "stopped" && !child.state.isTold) {
      child.state = { ...child.state, isTold: true };
      return { pid: child.pid, code: null, signal: null, stopped: child.state.signal };
    }
  }
  return null;
}

/** Whom `kill` means (POSIX.1-2017, kill); zombies count as there. */
function targetsOf({ table }: Kernel, process: Process, pid: number): Process[] {
  if (pid > 0) {
    const target = table.get(pid);
    return target === undefined ? [] : [target];
  }
  if (pid === -1) return table.list().filter((other) => other !== process && isAlive(other));
  return table.group(pid === 0 ? process.group : -pid);
}

function checkSignal(signal: unknown, call: string): asserts signal is SignalName {
  if (typeof signal !== "string" || !Object.hasOwn(SignalNumber, signal)) {
    throw callError("EINVAL", call);
  }
}
