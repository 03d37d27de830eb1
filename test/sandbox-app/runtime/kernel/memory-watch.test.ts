import { describe, expect, it } from "vitest";
import { MemoryWatch } from "#sandbox/runtime/embedded/kernel/memory-watch.ts";
import { newProcess } from "#sandbox/runtime/embedded/kernel/process/new-process.ts";
import type { Process } from "#sandbox/runtime/embedded/kernel/process/process.ts";

const MIB = 1_048_576;

/** A watch whose clock is turned by hand, with what it asks for. */
class Stage {
  #now = 0;
  readonly asked: string[] = [];
  readonly watch = new MemoryWatch({
    measure: () => this.asked.push(`measure at ${this.#now}`),
    collect: () => this.asked.push(`collect at ${this.#now}`),
    now: () => this.#now,
  });
  #pid = 1;

  process(mark: string): Process {
    const pid = ++this.#pid;
    const process = newProcess({ pid, parent: null, argv: [], terminal: null, startedAt: 0 });
    process.load = 0;
    this.watch.follow(process, mark);
    return process;
  }

  /** @returns what was asked for meanwhile */
  pass(ms: number): string[] {
    const end = this.#now + ms;
    for (; this.#now < end; this.#now += 100) this.watch.look();
    return this.asked.splice(0);
  }
}

describe("the memory of processes", () => {
  it("is measured, each process's by its mark; others are nobody's", () => {
    const stage = new Stage();
    const [one, other] = [stage.process("3"), stage.process("4")];
    expect(stage.pass(5_100)).toEqual(["measure at 5000"]);
    stage.watch.measured([
      { mark: "4", bytes: 7 },
      { mark: "9", bytes: 8 },
    ]);
    expect([one.memory, other.memory]).toEqual([null, 7]);
  });

  it("is waited for, and garbage is collected meanwhile", () => {
    const stage = new Stage();
    stage.process("1");
    const asked = ["measure at 5000", "collect at 5500", "collect at 8000"];
    expect(stage.pass(60_000)).toEqual(asked);
    expect(stage.pass(70_000)[0]).toBe("measure at 125000");
  });

  it("is measured again while something is busy or changes, and not while nothing does", () => {
    const stage = new Stage();
    const process = stage.process("1");
    stage.pass(5_100);
    stage.watch.measured([{ mark: "1", bytes: 5 * MIB }]);
    expect(stage.pass(5_000)).toEqual(["measure at 10000"]);
    stage.watch.measured([{ mark: "1", bytes: 5 * MIB + 100 }]);
    expect(stage.pass(60_000)).toEqual([]);
    process.load = 0.05;
    expect(stage.pass(100)).toHaveLength(1);
  });

  it("is measured more often when there is much", () => {
    const stage = new Stage();
    stage.process("1");
    stage.pass(5_100);
    stage.watch.measured([{ mark: "1", bytes: 300 * MIB }]);
    expect(stage.pass(3_000)[0]).toBe("measure at 7000");
  });

  it("is not asked for again where the browser does not tell", () => {
    const stage = new Stage();
    stage.process("1");
    stage.pass(5_100);
    stage.watch.measured(null);
    expect(stage.pass(300_000)).toEqual([]);
  });

  it("is not measured while programs start and end, unless they do so for long", () => {
    const stage = new Stage();
    const asked: string[] = [];
    for (let mark = 1; mark < 50; mark++) {
      stage.process(String(mark));
      asked.push(...stage.pass(500));
    }
    expect(asked[0]).toBe("measure at 15000");
    stage.watch.measured([]);
    stage.asked.length = 0;
    const last = stage.process("50");
    stage.pass(300);
    last.state = { status: "ended", exit: { code: 0, signal: null } };
    expect(stage.pass(3_000)).toEqual([]);
    expect(stage.pass(300)).toHaveLength(1);
  });

  it("of the dead is forgotten", () => {
    const stage = new Stage();
    const process = stage.process("1");
    stage.pass(5_100);
    process.state = { status: "ended", exit: { code: 0, signal: null } };
    stage.pass(5_100);
    stage.watch.measured([{ mark: "1", bytes: MIB }]);
    expect(process.memory).toBeNull();
    expect(stage.pass(60_000)).toEqual([]);
  });
});
