import type { CutEvent } from "../../runtime.ts";
import { BUSY_MAX_MS, PROCESS_MEMORY_MAX_BYTES } from "./limits.ts";
import { isAlive, type Process } from "./process/process.ts";

/** Looks that the load is the mean of. */
const SAMPLES = 5;

const MIB = 1_048_576;

export interface WatchdogHost {
  processes(): readonly Process[];
  /** Ends the process, with a word to its standard error. */
  cut(process: Process, event: CutEvent): void;
  /** Milliseconds, of any clock that only goes forward. */
  now(): number;
}

interface Record {
  /** Whether it was busy at the last looks, the newest last. */
  readonly samples: boolean[];
  /** When it was last seen to do something else than compute. */
  idleAt: number;
}

/**
 * Measures how busy each process is, and ends those that go beyond a limit. Busy is what cannot
 * answer a ping: a browser tells nobody the processor time of a worker.
 */
export class Watchdog {
  readonly #host: WatchdogHost;
  readonly #records = new WeakMap<Process, Record>();

  constructor(host: WatchdogHost) {
    this.#host = host;
  }

  /** Looks at every process; call it every WATCH_INTERVAL_MS. */
  look(): void {
    for (const process of this.#host.processes()) {
      if (!isAlive(process)) continue;
      this.#measure(process);
      const event = this.#excess(process);
      if (event !== null) this.#host.cut(process, event);
    }
  }

  #measure(process: Process): void {
    const now = this.#host.now();
    const record = this.#records.get(process);
    if (record === undefined) {
      this.#records.set(process, { samples: [], idleAt: now });
    } else {
      const isStopped = process.state.status === "stopped";
      const isBusy = !isStopped && !process.body.isAnswering();
      // Who makes calls gets on with something, however busily.
      if (!isBusy || process.body.hasCalled()) record.idleAt = now;
      record.samples.push(isBusy);
      if (record.samples.length > SAMPLES) record.samples.shift();
      process.load = record.samples.filter(Boolean).length / record.samples.length;
    }
    process.body.ping();
  }

  #excess(process: Process): CutEvent | null {
    const { pid, argv, memory } = process;
    if (memory !== null && memory > PROCESS_MEMORY_MAX_BYTES) {
      const message = `it used ${inMib(memory)} of memory, and ${inMib(PROCESS_MEMORY_MAX_BYTES)} is the limit`;
      return { pid, argv, limit: "memory", message };
    }
    const busyMs = this.#host.now() - (this.#records.get(process)?.idleAt ?? this.#host.now());
    if (busyMs < BUSY_MAX_MS) return null;
    const message = `it computed for ${Math.round(busyMs / 60_000)} minutes without a pause`;
    return { pid, argv, limit: "busy", message };
  }
}

function inMib(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}
