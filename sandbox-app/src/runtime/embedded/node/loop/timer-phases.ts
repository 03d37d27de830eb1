import { TimerHeap } from "./timer-heap.ts";
import type { Immediate, Timeout } from "./timer-objects.ts";

/**
 * Which timer or immediate comes next. A phase takes what is there when it begins: an immediate that an
 * immediate starts waits for the next round, as does a timer that a timer starts.
 */
export class TimerPhases {
  /** The loop's time, whole milliseconds (`uv_now`): of the turn, and of each start of a timer. */
  now = 0;
  readonly #clock: () => number;
  readonly #changed: () => void;
  readonly #timeouts = new TimerHeap<Timeout>();
  #immediates: Immediate[] = [];
  /** Those of the phase that runs. */
  #current: Immediate[] = [];
  #phase: "immediates" | "timers" = "timers";
  /** Timers with a later number were started within the phase. */
  #lastOfPhase = Number.POSITIVE_INFINITY;
  #sequence = 0;
  #referenced = 0;

  /** @param clock monotonic milliseconds */
  constructor(clock: () => number, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
    this.update();
  }

  update(): void {
    this.now = Math.floor(this.#clock());
  }

  /** Something with a reference is pending. */
  get isAlive(): boolean {
    return this.#referenced > 0;
  }

  get activeNames(): string[] {
    return [
      ...Array.from({ length: this.#referenced }, () => "Timeout").slice(this.#pendingImmediates),
      ...Array.from({ length: this.#pendingImmediates }, () => "Immediate"),
    ];
  }

  get #pendingImmediates(): number {
    return this.#immediates.length + this.#current.length;
  }

  get hasDue(): boolean {
    if (this.#pendingImmediates > 0) return true;
    const first = this.#timeouts.first;
    return first !== undefined && first.deadline <= this.now;
  }

  /** When the next timer is due; null when there is none. */
  get deadline(): number | null {
    return this.#timeouts.first?.deadline ?? null;
  }

  add(timeout: Timeout): void {
    this.update();
    timeout.deadline = this.now + timeout.delay;
    timeout.sequence = ++this.#sequence;
    this.#timeouts.add(timeout);
    this.#changed();
  }

  remove(timeout: Timeout): void {
    this.#timeouts.remove(timeout);
  }

  addImmediate(immediate: Immediate): void {
    this.#immediates.push(immediate);
    this.#changed();
  }

  removeImmediate(immediate: Immediate): void {
    this.#immediates = this.#immediates.filter((other) => other !== immediate);
    this.#current = this.#current.filter((other) => other !== immediate);
  }

  /** Counts references: +1 and -1. */
  refer(change: 1 | -1): void {
    this.#referenced += change;
    if (change < 0) this.#changed();
  }

  /** After an event from outside immediates come before timers. */
  expectImmediates(): void {
    if (this.#phase === "timers") this.#beginImmediates();
  }

  /** The next callback that is due; null when there is none now. */
  next(): (() => void) | null {
    // Twice at most: the rest of this phase, then the other one, then this one anew.
    for (let phases = 0; phases < 3; phases++) {
      const callback = this.#phase === "timers" ? this.#nextTimeout() : this.#nextImmediate();
      if (callback !== null) return callback;
      if (this.#phase === "timers") this.#beginImmediates();
      else this.#beginTimers();
    }
    return null;
  }

  #beginImmediates(): void {
    this.#phase = "immediates";
    this.#current = this.#immediates;
    this.#immediates = [];
  }

  #beginTimers(): void {
    this.#phase = "timers";
    this.#lastOfPhase = this.#sequence;
  }

  #nextImmediate(): (() => void) | null {
    const immediate = this.#current.shift();
    return immediate === undefined ? null : () => immediate.fire();
  }

  #nextTimeout(): (() => void) | null {
    const first = this.#timeouts.first;
    if (first === undefined || first.deadline > this.now || first.sequence > this.#lastOfPhase) {
      return null;
    }
    this.#timeouts.remove(first);
    return () => first.fire();
  }
}
