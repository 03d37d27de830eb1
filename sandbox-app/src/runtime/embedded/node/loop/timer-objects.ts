import type { HeapEntry } from "./timer-heap.ts";
import type { TimerPhases } from "./timer-phases.ts";

export type TimerCallback = (...args: unknown[]) => void;

/** Longest delay (Node, timers.md): longer ones become 1 ms. */
export const LONGEST_DELAY_MS = 2 ** 31 - 1;

export interface TimerStart {
  readonly callback: TimerCallback;
  /** Milliseconds, at least 1. */
  readonly delay: number;
  readonly args: readonly unknown[];
  readonly repeats: boolean;
}

let lastId = 0;
const byId = new Map<number, Timeout>();

/** What setTimeout and setInterval return (Node, timers.md, "Class: Timeout"). */
export class Timeout implements HeapEntry {
  deadline = 0;
  sequence = 0;
  position = -1;
  readonly delay: number;
  /** A field, and by this name: it is what stacks show. */
  readonly _onTimeout: TimerCallback;
  readonly #phases: TimerPhases;
  readonly #start: TimerStart;
  #isReferenced = true;
  /** Whether it may still fire: that is when its reference counts. */
  #isActive = false;
  #id: number | null = null;

  constructor(phases: TimerPhases, start: TimerStart) {
    this.#phases = phases;
    this.#start = start;
    this.delay = start.delay;
    this._onTimeout = start.callback;
    this.#activate();
    hideOwnFields(this);
  }

  ref(): this {
    if (!this.#isReferenced && this.#isActive) this.#phases.refer(1);
    this.#isReferenced = true;
    return this;
  }

  unref(): this {
    if (this.#isReferenced && this.#isActive) this.#phases.refer(-1);
    this.#isReferenced = false;
    return this;
  }

  hasRef(): boolean {
    return this.#isReferenced;
  }

  refresh(): this {
    this.#phases.remove(this);
    this.#activate();
    return this;
  }

  close(): this {
    this.#phases.remove(this);
    this.#deactivate();
    return this;
  }

  fire(): void {
    const { args, repeats } = this.#start;
    try {
      this._onTimeout(...args);
    } finally {
      // Unless the callback has cleared or refreshed it.
      if (this.#isActive && this.position < 0) {
        if (repeats) this.#phases.add(this);
        else this.#deactivate();
      }
    }
  }

  get _destroyed(): boolean {
    return !this.#isActive;
  }

  get _idleTimeout(): number {
    return this.#isActive ? this.delay : -1;
  }

  [Symbol.toPrimitive](): number {
    this.#id ??= ++lastId;
    if (this.#isActive) byId.set(this.#id, this);
    return this.#id;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #activate(): void {
    if (!this.#isActive && this.#isReferenced) this.#phases.refer(1);
    this.#isActive = true;
    this.#phases.add(this);
  }

  #deactivate(): void {
    if (this.#id !== null) byId.delete(this.#id);
    if (!this.#isActive) return;
    this.#isActive = false;
    if (this.#isReferenced) this.#phases.refer(-1);
  }
}

/** The timer that a number or a numeric string stands for. */
export function timerById(id: unknown): Timeout | undefined {
  return typeof id === "number" || typeof id === "string" ? byId.get(Number(id)) : undefined;
}

/** What setImmediate returns (Node, timers.md, "Class: Immediate"). */
export class Immediate {
  readonly #phases: TimerPhases;
  readonly #callback: TimerCallback;
  readonly #args: readonly unknown[];
  #isReferenced = true;
  #isActive = true;

  constructor(phases: TimerPhases, callback: TimerCallback, args: readonly unknown[]) {
    this.#phases = phases;
    this.#callback = callback;
    this.#args = args;
    phases.refer(1);
    phases.addImmediate(this);
  }

  ref(): this {
    if (!this.#isReferenced && this.#isActive) this.#phases.refer(1);
    this.#isReferenced = true;
    return this;
  }

  unref(): this {
    if (this.#isReferenced && this.#isActive) this.#phases.refer(-1);
    this.#isReferenced = false;
    return this;
  }

  hasRef(): boolean {
    return this.#isReferenced && this.#isActive;
  }

  close(): void {
    this.#phases.removeImmediate(this);
    this.#deactivate();
  }

  fire(): void {
    this.#deactivate();
    Reflect.apply(this.#callback, this, this.#args);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #deactivate(): void {
    if (!this.#isActive) return;
    this.#isActive = false;
    if (this.#isReferenced) this.#phases.refer(-1);
  }
}

/** The heap's fields are ours; a guest that prints the timer does not see them. */
function hideOwnFields(timer: Timeout): void {
  for (const name of ["deadline", "sequence", "position", "_onTimeout"] as const) {
    Object.defineProperty(timer, name, { enumerable: false, writable: true });
  }
}
