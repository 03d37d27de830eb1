import type { SignalName } from "../system-calls.ts";
import { isAlive, type Process } from "./process.ts";

type Disposition = "end" | "stop" | "continue" | "nothing" | "event";

/** What signals do by default (signal(7)); those not named end the process. */
const defaults: Readonly<Partial<Record<SignalName, Disposition>>> = {
  SIGCHLD: "nothing",
  SIGWINCH: "nothing",
  SIGCONT: "continue",
  SIGSTOP: "stop",
  SIGTSTP: "stop",
  SIGTTIN: "stop",
  SIGTTOU: "stop",
};

/** Signals whose action a process cannot change. */
export const unchangeable: ReadonlySet<SignalName> = new Set<SignalName>(["SIGKILL", "SIGSTOP"]);

export interface SignalHost {
  end(process: Process, signal: SignalName): void;
  /** A process goes on after a stop. */
  continued(process: Process): void;
  /** A process has stopped: its parent may want to know. */
  stopped(process: Process): void;
}

export function deliver(process: Process, signal: SignalName, host: SignalHost): void {
  if (!isAlive(process)) return;
  if (signal === "SIGCONT" && process.state.status === "stopped") {
    process.state = { status: "running" };
    process.body.resume();
    host.continued(process);
  }
  switch (dispositionOf(process, signal)) {
    case "end":
      host.end(process, signal);
      break;
    case "stop":
      if (process.state.status === "stopped") break;
      process.state = { status: "stopped", signal, isTold: false };
      host.stopped(process);
      break;
    case "event":
      process.body.send({ type: "signal", signal });
      break;
    case "continue":
    case "nothing":
      break;
  }
}

export function ignores(process: Process, signal: SignalName): boolean {
  return process.actions.get(signal) === "ignore";
}

function dispositionOf(process: Process, signal: SignalName): Disposition {
  const action = process.actions.get(signal);
  if (action === undefined) return defaults[signal] ?? "end";
  return action === "ignore" ? "nothing" : "event";
}
