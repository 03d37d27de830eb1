import type { AsyncContext } from "../async-context/async-context.ts";
import type { EventLoop, Hold, Natives } from "../context.ts";
import { Holds } from "./holds.ts";
import { Hop } from "./hop.ts";
import { TaskQueue } from "./task-queue.ts";
import { TimerPhases } from "./timer-phases.ts";

/** What the loop asks of the process that it turns for. */
export interface LoopOwner {
  /** An error that left a callback. */
  fail(error: unknown): void;
  /** Nothing is left to do; may start something new. */
  beforeExit(): void;
  /** Nothing was started: the process ends. */
  exit(): void;
}

/**
 * Idle tasks before the end. The browser tells of an unhandled rejection in a task of its own, which
 * it may queue behind the first of ours.
 */
const IDLE_TASKS = 3;

type LoopNatives = Pick<Natives, "setTimeout" | "clearTimeout" | "MessageChannel" | "now">;

/**
 * Node's event loop on top of the browser's. Each callback is a task of its own, so that microtasks
 * run between them as in Node; within a task the ticks come first. Order of the phases: events from
 * outside, immediates, timers (libuv, "The I/O loop").
 */
export class NodeLoop implements EventLoop {
  readonly #natives: LoopNatives;
  readonly #context: AsyncContext;
  readonly #hop: Hop;
  readonly #holds = new Holds(() => this.#schedule());
  readonly #ticks = new TaskQueue();
  /** Callbacks that came while ticks were still to run. */
  readonly #incoming = new TaskQueue();
  readonly timers: TimerPhases;
  #owner: LoopOwner | null = null;
  #isRunning = false;
  #isOver = false;
  #idleTasks = 0;
  #saidBeforeExit = false;
  #alarm: { readonly timer: unknown; readonly deadline: number } | null = null;

  constructor(natives: LoopNatives, context: AsyncContext) {
    this.#natives = natives;
    this.#context = context;
    this.#hop = new Hop(natives, () => this.#step());
    this.timers = new TimerPhases(natives.now, () => this.#schedule());
  }

  /** Until then nothing turns; events wait. */
  start(owner: LoopOwner): void {
    this.#owner = owner;
    this.#schedule();
  }

  /** Nothing runs any more. */
  stop(): void {
    this.#isOver = true;
    this.#disarm();
    this.#hop.close();
  }

  hold(what: string): Hold {
    return this.#holds.take(what);
  }

  get activeHolds(): readonly string[] {
    return [...this.#holds.names, ...this.timers.activeNames];
  }

  enter(callback: () => void): void {
    if (this.#isOver) return;
    if (this.#isRunning) this.#guard(callback);
    else if (this.#owner === null || !this.#ticks.isEmpty || !this.#incoming.isEmpty) {
      this.#incoming.push(callback);
      this.#schedule();
    } else {
      this.timers.expectImmediates();
      this.#event(callback);
    }
  }

  bind<Args extends unknown[], Result>(
    callback: (...args: Args) => Result,
  ): (...args: Args) => Result {
    return this.#context.bind(callback);
  }

  settle<T>(
    what: string,
    pending: Promise<T>,
    callback: (error: unknown, value: T | undefined) => void,
  ): Hold {
    const hold = this.hold(what);
    const bound = this.bind(callback);
    const finish = (error: unknown, value: T | undefined): void =>
      this.enter(() => {
        hold.release();
        bound(error, value);
      });
    // A turn is a task of its own: it starts behind the microtasks of now, never among them.
    pending.then(
      (value) => this.#later(() => finish(null, value)),
      (error: unknown) => this.#later(() => finish(error, undefined)),
    );
    return hold;
  }

  track<T>(what: string, pending: Promise<T>): Promise<T> {
    const hold = this.hold(what);
    const release = (): void => hold.release();
    pending.then(release, release);
    return pending;
  }

  nextTick(callback: (...args: never[]) => void, ...args: unknown[]): void {
    if (this.#isOver) return;
    const bound = this.bind(callback as (...args: unknown[]) => void);
    this.#ticks.push(args.length === 0 ? bound : () => bound(...args));
    if (!this.#isRunning) this.#schedule();
  }

  /** Runs a callback within a microtask: its errors are uncaught exceptions. */
  guard(callback: () => void): void {
    if (!this.#isOver) this.#guard(callback);
  }

  #later(callback: () => void): void {
    this.#incoming.push(callback);
    this.#schedule();
  }

  /** An event, a timer or an immediate: the process has done something since `beforeExit`. */
  #event(callback: () => void): void {
    this.#saidBeforeExit = false;
    this.#turn(callback);
  }

  #turn(callback: () => void): void {
    this.#idleTasks = 0;
    this.#isRunning = true;
    this.timers.update();
    this.#guard(callback);
    this.#drainTicks();
    this.#isRunning = false;
    this.#context.current = undefined;
    this.#schedule();
  }

  /** Nothing is left that could go on. */
  get isIdle(): boolean {
    return !this.#isAlive;
  }

  #drainTicks(): void {
    for (let tick = this.#ticks.take(); tick !== undefined; tick = this.#ticks.take()) {
      this.#guard(tick);
      if (this.#isOver) return;
    }
  }

  #guard(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      if (!this.#isOver) this.#owner?.fail(error);
    }
  }

  #step(): void {
    if (this.#isOver || this.#owner === null) return;
    if (!this.#ticks.isEmpty) {
      this.#turn(() => {});
      return;
    }
    const incoming = this.#incoming.take();
    if (incoming !== undefined) {
      this.timers.expectImmediates();
      this.#event(incoming);
      return;
    }
    this.timers.update();
    const next = this.timers.next();
    if (next !== null) this.#event(next);
    else this.#idle(this.#owner);
  }

  #idle(owner: LoopOwner): void {
    if (this.#isAlive) {
      this.#idleTasks = 0;
      this.#schedule();
      return;
    }
    this.#idleTasks += 1;
    if (this.#idleTasks < IDLE_TASKS) this.#hop.ask();
    else if (this.#saidBeforeExit) owner.exit();
    else {
      this.#saidBeforeExit = true;
      this.#turn(() => owner.beforeExit());
    }
  }

  get #isAlive(): boolean {
    return this.#holds.count > 0 || this.timers.isAlive;
  }

  /** Sees to it that the next step comes in time. */
  #schedule(): void {
    if (this.#isRunning || this.#isOver || this.#owner === null) return;
    const hasWork = !this.#ticks.isEmpty || !this.#incoming.isEmpty || this.timers.hasDue;
    if (hasWork || !this.#isAlive) this.#hop.ask();
    if (this.timers.deadline !== null) this.#arm(this.timers.deadline);
  }

  #arm(deadline: number): void {
    if (this.#alarm !== null && this.#alarm.deadline <= deadline) return;
    this.#disarm();
    const wait = Math.max(0, deadline - this.#natives.now());
    const timer = this.#natives.setTimeout(() => {
      this.#alarm = null;
      this.#hop.ask();
    }, wait);
    this.#alarm = { timer, deadline };
  }

  #disarm(): void {
    if (this.#alarm !== null) this.#natives.clearTimeout(this.#alarm.timer);
    this.#alarm = null;
  }
}
