import type { MeasuredWorker } from "../frame/memory-messages.ts";
import { PROCESS_MEMORY_MAX_BYTES } from "./limits.ts";
import { isAlive, type Process } from "./process/process.ts";

/** From one measurement to the next: each makes every worker collect its garbage. */
const MEASURE_EVERY_MS = 5_000;

/** The same when a process takes half of what it may: it could soon take all. */
const MEASURE_LARGE_EVERY_MS = 2_000;

/** Bytes that come and go in a program that does nothing. */
const UNREST_BYTES = 1_048_576;

/**
 * The browser measures a thread when it collects its garbage, and waits 10 to 20 s for it to do so by
 * itself. So it is asked to, when all of them know that they are to be measured; on a machine that is
 * busy that takes longer.
 */
const COLLECT_AFTER_MS = [500, 3_000];

/** An answer that has not come by then does not come: the browser's own time is 60 s. */
const ANSWER_MAX_MS = 120_000;

export interface MemoryWatchHost {
  /** Has every worker measured; the answer goes to `measured`. */
  measure(): void;
  /** Has every worker collect its garbage. */
  collect(): void;
  /** Milliseconds, of any clock that only goes forward. */
  now(): number;
}

/**
 * Keeps what the browser measures of each process's memory. No worker knows its own: only a window
 * can ask, for all of them at once, and each has to turn its event loop to be measured. There is one
 * measurement after the other for as long as anything does something, and none while nothing does.
 */
export class MemoryWatch {
  readonly #host: MemoryWatchHost;
  readonly #processes = new Map<string, Process>();
  #askedAt = Number.NEGATIVE_INFINITY;
  #isAsking = false;
  #collections = 0;
  #isDenied = false;
  /** At the last measurement something took more, or less, than before. */
  #isChanging = false;

  constructor(host: MemoryWatchHost) {
    this.#host = host;
  }

  /** @param mark that the browser names the worker of the process with */
  follow(process: Process, mark: string): void {
    this.#processes.set(mark, process);
  }

  /** Asks when it is time to; call it now and then. */
  look(): void {
    for (const [mark, process] of this.#processes) {
      if (!isAlive(process)) this.#processes.delete(mark);
    }
    const sinceMs = this.#host.now() - this.#askedAt;
    if (this.#isAsking && sinceMs < ANSWER_MAX_MS) {
      if (sinceMs < (COLLECT_AFTER_MS[this.#collections] ?? ANSWER_MAX_MS)) return;
      this.#collections++;
      this.#host.collect();
    } else if (sinceMs >= this.#everyMs() && this.#isWanted()) {
      this.#askedAt = this.#host.now();
      this.#isAsking = true;
      this.#collections = 0;
      this.#host.measure();
    }
  }

  /** @param workers null when the browser does not measure: it is not asked again */
  measured(workers: readonly MeasuredWorker[] | null): void {
    this.#isAsking = false;
    this.#isDenied = workers === null;
    this.#isChanging = false;
    for (const { mark, bytes } of workers ?? []) {
      const process = this.#processes.get(mark);
      if (process === undefined) continue;
      if (Math.abs(bytes - (process.memory ?? 0)) > UNREST_BYTES) this.#isChanging = true;
      process.memory = bytes;
    }
  }

  #everyMs(): number {
    for (const { memory } of this.#processes.values()) {
      if (memory !== null && memory > PROCESS_MEMORY_MAX_BYTES / 2) return MEASURE_LARGE_EVERY_MS;
    }
    return MEASURE_EVERY_MS;
  }

  #isWanted(): boolean {
    if (this.#isDenied) return false;
    if (this.#isChanging) return true;
    for (const { memory, load } of this.#processes.values()) {
      if (memory === null || (load !== null && load > 0)) return true;
    }
    return false;
  }
}
