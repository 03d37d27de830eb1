import type { Clock } from "../../../../connection/clock.ts";
import { FencedError } from "../saved/disk.ts";
import type { ContainerLog, LayerImage } from "../saved/container-log.ts";
import { type Layer, layers } from "../saved/node.ts";
import type { Collector } from "./collector.ts";

/** Quiet after the last change before it is saved: programs write in bursts. */
const QUIET_MS = 500;
/** Under constant change a flush comes this often at least: what a crash may cost. */
const LONGEST_MS = 5_000;
/** After a failure, the next attempt by itself; a full disk seldom gets free by the second. */
const RETRY_MS = 15_000;

export type SaveState =
  /** All is saved, at that time. */
  | { readonly state: "saved"; readonly at: number }
  | { readonly state: "unsaved" }
  /** The browser gives no more room; work goes on in memory. */
  | { readonly state: "full" }
  | { readonly state: "failing"; readonly message: string }
  /** Another kernel has taken the container over; this one saves nothing any more. */
  | { readonly state: "fenced" };

export interface SaverOptions {
  readonly log: ContainerLog;
  readonly collector: Collector;
  readonly clock: Clock;
  readonly tell: (state: SaveState) => void;
}

/** When to save next: after the quiet, but not later than the longest wait. */
export function dueAt(firstChange: number, lastChange: number): number {
  return Math.min(lastChange + QUIET_MS, firstChange + LONGEST_MS);
}

/** Saves what changes: one flush at a time, soon after the changes. */
export class Saver {
  readonly #log: ContainerLog;
  readonly #collector: Collector;
  readonly #clock: Clock;
  readonly #tell: (state: SaveState) => void;
  #firstChange: number | null = null;
  #lastChange = 0;
  #cancelTimer: (() => void) | null = null;
  #flushing: Promise<void> | null = null;
  #hasFailed = false;
  #isStopped = false;

  constructor({ log, collector, clock, tell }: SaverOptions) {
    this.#log = log;
    this.#collector = collector;
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Whether nothing has changed since the last save that succeeded. */
  get isClean(): boolean {
    return this.#collector.isClean && this.#flushing === null;
  }

  /** To be called at each change; costs nothing worth naming. */
  changed(): void {
    this.#lastChange = this.#clock.now();
    if (this.#firstChange !== null || this.#isStopped) return;
    this.#firstChange = this.#lastChange;
    // After a failure the next attempt has its time already.
    if (this.#hasFailed) return;
    this.#tell({ state: "unsaved" });
    if (this.#flushing === null) this.#schedule(QUIET_MS);
  }

  /** Resolves when no save is under way. */
  async settled(): Promise<void> {
    while (this.#flushing !== null) await this.#flushing;
  }

  /** @returns whether all that had changed when it was called is saved; never rejects */
  async flush(compact: readonly Layer[] = []): Promise<boolean> {
    // Without a pause when none is under way: two must not begin together.
    while (this.#flushing !== null) await this.#flushing;
    if (this.#isStopped) return false;
    if (this.#collector.isClean && compact.length === 0) return true;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#flushing = this.#save(compact).finally(() => {
      this.#flushing = null;
    });
    await this.#flushing;
    if (this.#isStopped || this.#hasFailed) return false;
    if (this.#firstChange !== null) this.#schedule(QUIET_MS);
    return true;
  }

  /** Gives every layer a new base, so that a damaged one is no longer needed. */
  async renew(): Promise<void> {
    await this.flush(layers);
  }

  /** Nothing is written after this. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer?.();
    this.#collector.stop();
  }

  #schedule(ms: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#clock.after(ms, () => {
      this.#cancelTimer = null;
      if (this.#hasFailed || this.#firstChange === null) return void this.flush();
      const rest = dueAt(this.#firstChange, this.#lastChange) - this.#clock.now();
      if (rest > 0) this.#schedule(rest);
      else void this.flush();
    });
  }

  async #save(compact: readonly Layer[]): Promise<void> {
    this.#firstChange = null;
    const changes = this.#collector.collect();
    const due = new Set([...compact, ...this.#log.dueAfter(changes)]);
    // In the same moment as the changes: nothing runs between.
    const images: LayerImage[] = [...due].map((layer) => ({
      layer,
      changes: this.#collector.image(layer),
    }));
    try {
      if (changes.length > 0) await this.#log.append(changes);
    } catch (error) {
      this.#collector.giveBack(changes);
      this.#failed(error);
      return;
    }
    this.#hasFailed = false;
    try {
      if (images.length > 0) await this.#log.compact(images);
    } catch (error) {
      // The changes are saved in the journal; the base comes with a later flush.
      if (error instanceof FencedError) return this.#failed(error);
    }
    this.#tell(
      this.#collector.isClean ? { state: "saved", at: this.#clock.now() } : { state: "unsaved" },
    );
  }

  #failed(error: unknown): void {
    if (error instanceof FencedError) {
      this.stop();
      this.#tell({ state: "fenced" });
      return;
    }
    this.#hasFailed = true;
    const isFull = error instanceof DOMException && error.name === "QuotaExceededError";
    const message = error instanceof Error ? error.message : String(error);
    this.#tell(isFull ? { state: "full" } : { state: "failing", message });
    this.#schedule(RETRY_MS);
  }
}
