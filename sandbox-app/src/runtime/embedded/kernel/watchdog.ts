import type { CutEvent } from "../../runtime.ts";
import {
  BUSY_MAX_MS,
  PROCESS_MEMORY_MAX_BYTES,
  WATCH_ACTIVE_MS,
  WATCH_INTERVAL_MS,
} from "./limits.ts";
import { isAlive, type Process } from "./process/process.ts";

/** The load is the mean of what was found in so long a time. */
const LOAD_WINDOW_MS = 2_000;

const MIB = 1_048_576;

export interface WatchdogHost {
  processes(): readonly Process[];
  /** Ends the process, with a word to its standard error. */
  cut(process: Process, event: CutEvent): void;
  /** Milliseconds, of any clock that only goes forward. */
  now(): number;
}

interface Sample {
  readonly at: number;
  readonly busy: number;
}

interface Record {
  /** Of the last LOAD_WINDOW_MS, the newest last. */
  samples: Sample[];
  /** When it was last seen to do something else than compute. */
  idleAt: number;
  lookAt: number;
}

/** Measures how busy each process is, and ends those that go beyond a limit. */
export class Watchdog {
  readonly #host: WatchdogHost;
  readonly #records = new WeakMap<Process, Record>();

  constructor(host: WatchdogHost) {
    this.#host = host;
  }

  /**
   * Looks at every process whose turn it is.
   *
   * @returns milliseconds until it wants to look again
   */
  look(): number {
    const now = this.#host.now();
    let next = now + WATCH_INTERVAL_MS;
    for (const process of this.#host.processes()) {
      if (!isAlive(process)) continue;
      const record = this.#records.get(process) ?? this.#begin(process, now);
      if (record.lookAt <= now) this.#measure(process, record, now);
      next = Math.min(next, record.lookAt);
      const event = excessOf(process, now - record.idleAt);
      if (event !== null) this.#host.cut(process, event);
    }
    return next - now;
  }

  #begin(process: Process, now: number): Record {
    const record: Record = { samples: [], idleAt: now, lookAt: now + WATCH_ACTIVE_MS };
    this.#records.set(process, record);
    process.body.look();
    return record;
  }

  #measure(process: Process, record: Record, now: number): void {
    const { busy, isGettingOn, hasCalled } = process.body.look();
    const isStopped = process.state.status === "stopped";
    if (isStopped || isGettingOn) record.idleAt = now;
    record.samples = record.samples.filter(({ at }) => now - at < LOAD_WINDOW_MS);
    record.samples.push({ at: now, busy: isStopped ? 0 : busy });
    const sum = record.samples.reduce((total, sample) => total + sample.busy, 0);
    process.load = sum / record.samples.length;
    const isActive = !isStopped && (hasCalled || process.load > 0);
    record.lookAt = now + (isActive ? WATCH_ACTIVE_MS : WATCH_INTERVAL_MS);
  }
}

function excessOf({ pid, argv, memory }: Process, busyMs: number): CutEvent | null {
  if (memory !== null && memory > PROCESS_MEMORY_MAX_BYTES) {
    const message = `it used ${inMib(memory)} of memory, and ${inMib(PROCESS_MEMORY_MAX_BYTES)} is the limit`;
    return { pid, argv, limit: "memory", message };
  }
  if (busyMs < BUSY_MAX_MS) return null;
  const message = `it computed for ${Math.round(busyMs / 60_000)} minutes without a pause`;
  return { pid, argv, limit: "busy", message };
}

function inMib(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}
