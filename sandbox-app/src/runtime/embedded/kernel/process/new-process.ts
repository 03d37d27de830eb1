import { Descriptors } from "../open/descriptors.ts";
import type { Terminal } from "../open/terminal.ts";
import { WaitQueue, Waits } from "../open/waits.ts";
import { INIT, type Process, type ProcessBody } from "./process.ts";

export interface ProcessSeed {
  readonly pid: number;
  readonly parent: Process | null;
  readonly argv: readonly string[];
  readonly terminal: Terminal | null;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** A process without descriptors and without a body yet, in a group of its own. */
export function newProcess({ pid, parent, argv, terminal, startedAt }: ProcessSeed): Process {
  return {
    pid,
    parent: parent?.pid ?? INIT,
    group: pid,
    session: parent?.session ?? pid,
    argv,
    startedAt,
    descriptors: new Descriptors(),
    terminal,
    actions: new Map(),
    waits: new Waits(),
    writeWaits: new Waits(),
    pendingWrites: new Set(),
    childChanged: new WaitQueue(),
    watches: new Map(),
    exited: Promise.withResolvers(),
    body: notYet,
    state: { status: "running" },
    memory: null,
    load: null,
  };
}

/** Stands in until the process is launched. */
const notYet: ProcessBody = {
  start() {},
  send() {},
  look: () => ({ busy: 0, isGettingOn: true, hasCalled: false }),
  collect() {},
  resume() {},
  terminate() {},
};
