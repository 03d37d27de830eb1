import { describe, expect, it } from "vitest";
import {
  BUSY_MAX_MS,
  OUTPUT_MAX_BYTES,
  PROCESS_MEMORY_MAX_BYTES,
  WATCH_INTERVAL_MS,
} from "#sandbox/runtime/embedded/kernel/limits.ts";
import { outputMeter } from "#sandbox/runtime/embedded/kernel/output-meter.ts";
import { newProcess } from "#sandbox/runtime/embedded/kernel/process/new-process.ts";
import type { Process } from "#sandbox/runtime/embedded/kernel/process/process.ts";
import { Watchdog } from "#sandbox/runtime/embedded/kernel/watchdog.ts";
import type { CutEvent } from "#sandbox/runtime/runtime.ts";

class Stage {
  readonly process: Process;
  readonly cuts: CutEvent[] = [];
  isAnswering = true;
  hasCalled = false;
  now = 0;
  readonly #watchdog: Watchdog;

  constructor() {
    const argv = ["node", "x.js"];
    const process = newProcess({ pid: 7, parent: null, argv, terminal: null, startedAt: 0 });
    process.body = {
      ...process.body,
      isAnswering: () => this.isAnswering,
      hasCalled: () => this.hasCalled,
    };
    this.process = process;
    this.#watchdog = new Watchdog({
      processes: () => [process],
      cut: (_, event) => this.cuts.push(event),
      now: () => this.now,
    });
  }

  look(times = 1): void {
    for (let time = 0; time < times; time++) {
      this.#watchdog.look();
      this.now += WATCH_INTERVAL_MS;
    }
  }
}

describe("the watchdog", () => {
  it("measures how busy a process is", () => {
    const stage = new Stage();
    expect(stage.process.load).toBeNull();
    stage.look(6);
    expect(stage.process.load).toBe(0);
    stage.isAnswering = false;
    stage.look(2);
    expect(stage.process.load).toBe(0.4);
    stage.look(20);
    expect(stage.process.load).toBe(1);
    expect(stage.cuts).toEqual([]);
  });

  it("ends what computes far too long, not what pauses now and then", () => {
    const stage = new Stage();
    stage.isAnswering = false;
    for (let minute = 0; minute < 30; minute++) {
      stage.look(60);
      stage.isAnswering = true;
      stage.look();
      stage.isAnswering = false;
    }
    expect(stage.cuts).toEqual([]);
    stage.look(BUSY_MAX_MS / WATCH_INTERVAL_MS + 1);
    expect(stage.cuts[0]).toMatchObject({ pid: 7, limit: "busy" });
    expect(stage.cuts[0]?.message).toBe("it computed for 10 minutes without a pause");
  });

  it("lets be what makes calls all the time, and says that it is busy", () => {
    const stage = new Stage();
    stage.isAnswering = false;
    stage.hasCalled = true;
    stage.look((2 * BUSY_MAX_MS) / WATCH_INTERVAL_MS);
    expect(stage.cuts).toEqual([]);
    expect(stage.process.load).toBe(1);
  });

  it("lets a stopped process be, however long", () => {
    const stage = new Stage();
    stage.isAnswering = false;
    stage.process.state = { status: "stopped", signal: "SIGSTOP", isTold: true };
    stage.look((2 * BUSY_MAX_MS) / WATCH_INTERVAL_MS);
    expect(stage.cuts).toEqual([]);
  });

  it("ends what reports more memory than it may have", () => {
    const stage = new Stage();
    stage.process.memory = PROCESS_MEMORY_MAX_BYTES;
    stage.look();
    expect(stage.cuts).toEqual([]);
    stage.process.memory = PROCESS_MEMORY_MAX_BYTES + 1_048_576;
    stage.look();
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
