import type { Descriptors } from "../open/descriptors.ts";
import type { Caller } from "../open/open-file.ts";
import type { Terminal } from "../open/terminal.ts";
import type { WaitQueue, Waits } from "../open/waits.ts";
import type { ProcessStart, SignalName, SystemEvent } from "../system-calls.ts";

/** The kernel itself: parent of everything that has no other, as on every Unix. */
export const INIT = 1;

export interface ExitStatus {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: SignalName | null;
}

export type ProcessState =
  | { readonly status: "running" }
  /** `isTold`: a parent that asks for stopped children knows of it. */
  | { readonly status: "stopped"; readonly signal: SignalName; readonly isTold: boolean }
  /** It has exited, and what it wrote is still on its way. */
  | { readonly status: "exiting" }
  /** A zombie, until its parent has waited for it. */
  | { readonly status: "ended"; readonly exit: ExitStatus };

/** What a look at a process finds. */
export interface Activity {
  /** Share of the time in which it was busy, 0 to 1: one sample, the mean of many is the load. */
  readonly busy: number;
  /** It has turned its event loop, made a call, or waits for the kernel. */
  readonly isGettingOn: boolean;
  readonly hasCalled: boolean;
}

/** What runs a process: a worker, or in tests a function in the same thread. */
export interface ProcessBody {
  start(start: ProcessStart): void;
  send(event: SystemEvent): void;
  /** What it has been doing since the last look. */
  look(): Activity;
  /** It is to collect its garbage. */
  collect(): void;
  /** Goes on after a stop. */
  resume(): void;
  /** Ends it at once, whatever it is doing. Nothing is told afterwards. */
  terminate(): void;
}

export interface Process extends Caller {
  readonly pid: number;
  parent: number;
  group: number;
  /** Pid of the process that the page or a call started, and that this one descends from. */
  readonly session: number;
  readonly argv: readonly string[];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly descriptors: Descriptors;
  /** The terminal that the session runs in. */
  readonly terminal: Terminal | null;
  readonly actions: Map<SignalName, "ignore" | "event">;
  /** Of its writes, which go on when it has exited; `waits` holds all others. */
  readonly writeWaits: Waits;
  readonly pendingWrites: Set<Promise<unknown>>;
  /** A child has ended or stopped. */
  readonly childChanged: WaitQueue;
  readonly watches: Map<number, () => void>;
  readonly exited: PromiseWithResolvers<ExitStatus>;
  body: ProcessBody;
  state: ProcessState;
  /** Bytes, as the browser measured them last. */
  memory: number | null;
  /** Share of the last two seconds in which it was busy, 0 to 1. */
  load: number | null;
}

export function isAlive({ state }: Process): boolean {
  return state.status === "running" || state.status === "stopped";
}
