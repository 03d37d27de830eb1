import { describe, expect, it } from "vitest";
import {
  BUSY_MAX_MS,
  OUTPUT_MAX_BYTES,
  PROCESS_MEMORY_MAX_BYTES,
} from "#sandbox/runtime/embedded/kernel/limits.ts";
import { outputMeter } from "#sandbox/runtime/embedded/kernel/output-meter.ts";
import { newProcess } from "#sandbox/runtime/embedded/kernel/process/new-process.ts";
import type { Activity, Process } from "#sandbox/runtime/embedded/kernel/process/process.ts";
import { Watchdog } from "#sandbox/runtime/embedded/kernel/watchdog.ts";
import type { CutEvent } from "#sandbox/runtime/runtime.ts";

class Stage {
  readonly process: Process;
  readonly cuts: CutEvent[] = [];
  /** What the next looks find. */
  found: Activity = { busy: 0, isGettingOn: true, hasCalled: false };
  looks = 0;
  #now = 0;
  readonly #watchdog: Watchdog;

  constructor() {
    const argv = ["node", "x.js"];
    const process = newProcess({ pid: 7, parent: null, argv, terminal: null, startedAt: 0 });
    process.body = {
      ...process.body,
      look: () => {
        this.looks++;
        return this.found;
      },
    };
    this.process = process;
    this.#watchdog = new Watchdog({
      processes: () => [process],
      cut: (_, event) => this.cuts.push(event),
      now: () => this.#now,
    });
  }

  /** Lets so much time go by, with a look whenever one is wanted. */
  pass(ms: number): void {
    const end = this.#now + ms;
    while (this.#now < end) this.#now += this.#watchdog.look();
  }
}

const quiet: Activity = { busy: 0, isGettingOn: true, hasCalled: false };
const computing: Activity = { busy: 1, isGettingOn: false, hasCalled: false };

describe("the watchdog", () => {
  it("takes the mean of what it finds for the load", () => {
    const stage = new Stage();
    expect(stage.process.load).toBeNull();
    stage.pass(6_000);
    expect(stage.process.load).toBe(0);
    stage.found = computing;
    stage.pass(3_500);
    expect(stage.process.load).toBe(1);
    stage.found = quiet;
    stage.pass(1_000);
    expect(stage.process.load).toBeCloseTo(0.5, 1);
    expect(stage.cuts).toEqual([]);
  });

  it("looks seldom at what is quiet, often at what does something", () => {
    const stage = new Stage();
    stage.pass(10_000);
    expect(stage.looks).toBeLessThan(15);
    stage.looks = 0;
    stage.found = { busy: 0, isGettingOn: true, hasCalled: true };
    stage.pass(10_000);
    expect(stage.looks).toBeGreaterThan(80);
  });

  it("ends what computes far too long, not what pauses now and then", () => {
    const stage = new Stage();
    for (let minute = 0; minute < 30; minute++) {
      stage.found = computing;
      stage.pass(60_000);
      stage.found = quiet;
      stage.pass(1_000);
    }
    expect(stage.cuts).toEqual([]);
    stage.found = computing;
    stage.pass(BUSY_MAX_MS + 1_000);
    expect(stage.cuts[0]).toMatchObject({ pid: 7, limit: "busy" });
    expect(stage.cuts[0]?.message).toBe("it computed for 10 minutes without a pause");
  });

  it("lets be what makes calls all the time, and says that it is busy", () => {
    const stage = new Stage();
    stage.found = { busy: 1, isGettingOn: true, hasCalled: true };
    stage.pass(2 * BUSY_MAX_MS);
    expect(stage.cuts).toEqual([]);
    expect(stage.process.load).toBe(1);
  });

  it("lets a stopped process be, however long", () => {
    const stage = new Stage();
    stage.found = computing;
    stage.process.state = { status: "stopped", signal: "SIGSTOP", isTold: true };
    stage.pass(2 * BUSY_MAX_MS);
    expect(stage.cuts).toEqual([]);
    expect(stage.process.load).toBe(0);
  });

  it("ends what takes more memory than it may have", () => {
    const stage = new Stage();
    stage.process.memory = PROCESS_MEMORY_MAX_BYTES;
    stage.pass(1_000);
    expect(stage.cuts).toEqual([]);
    stage.process.memory = PROCESS_MEMORY_MAX_BYTES + 1_048_576;
    stage.pass(1_000);
    expect(stage.cuts[0]).toEqual({
      pid: 7,
      argv: ["node", "x.js"],
      limit: "memory",
      message: "it used 513 MiB of memory, and 512 MiB is the limit",
    });
  });
});

describe("the output of a program", () => {
  it("is cut once, with all that the program started, when it is far too much", () => {
    const { process } = new Stage();
    const told: string[] = [];
    const meter = outputMeter(
      {
        cut: (_, { limit, message }) => told.push(`${limit}: ${message}`),
        signalSession: (session, signal) => told.push(`${session} ${signal}`),
      },
      process,
    );
    meter(OUTPUT_MAX_BYTES);
    expect(told).toEqual([]);
    meter(1);
    meter(1);
    expect(told).toEqual(["output: it wrote more than 1024 MiB of output", "7 SIGKILL"]);
  });
});
