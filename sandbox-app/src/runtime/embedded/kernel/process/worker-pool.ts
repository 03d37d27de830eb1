import type { ToProcess } from "../../process/messages.ts";
import type { ProgramKind } from "../programs.ts";

/** Wait before the next spare starts, so that it does not compete with the process just started. */
const SPARE_DELAY_MS = 50;

/** Makes workers; the mark, unlike that of any other, becomes part of the worker's address. */
type Create = Readonly<Record<ProgramKind, (mark: string) => Worker>>;

/**
 * Makes workers for processes, and keeps one of each kind ready that was ever asked for: loading a
 * shell or Node takes longer than running it.
 */
export class WorkerPool {
  readonly #create: Create;
  readonly #calmAt: number;
  readonly #spares = new Map<ProgramKind, Worker>();
  readonly #marks = new WeakMap<Worker, string>();
  readonly #timers = new Map<ProgramKind, ReturnType<typeof setTimeout>>();

  #nextMark = 1;

  /** @param calmAfterMs until when no spare is made but by `prepare`: others need the processor */
  constructor(create: Create, { calmAfterMs = 0 } = {}) {
    this.#create = create;
    this.#calmAt = performance.now() + calmAfterMs;
  }

  /** Makes a spare before the first is asked for. */
  prepare(kind: ProgramKind): void {
    if (this.#spares.has(kind)) return;
    const worker = this.#make(kind);
    this.#spares.set(kind, worker);
    // One whose script could not be loaded (offline for a moment) must not become a process.
    worker.addEventListener("error", () => {
      if (this.#spares.get(kind) === worker) this.#spares.delete(kind);
    });
  }

  take(kind: ProgramKind): Worker {
    const worker = this.#spares.get(kind) ?? this.#make(kind);
    this.#spares.delete(kind);
    if (!this.#timers.has(kind)) {
      const refill = (): void => {
        this.#timers.delete(kind);
        this.prepare(kind);
      };
      const delayMs = Math.max(SPARE_DELAY_MS, this.#calmAt - performance.now());
      this.#timers.set(kind, setTimeout(refill, delayMs));
    }
    return worker;
  }

  /** What the browser names the worker with when it tells what it measured. */
  markOf(worker: Worker): string {
    return this.#marks.get(worker) ?? "";
  }

  /** The spares are to collect their garbage. */
  collect(): void {
    const message: ToProcess = { type: "collect" };
    for (const worker of this.#spares.values()) worker.postMessage(message, []);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const worker of this.#spares.values()) worker.terminate();
    this.#timers.clear();
    this.#spares.clear();
  }

  #make(kind: ProgramKind): Worker {
    const mark = String(this.#nextMark++);
    const worker = this.#create[kind](mark);
    this.#marks.set(worker, mark);
    return worker;
  }
}
