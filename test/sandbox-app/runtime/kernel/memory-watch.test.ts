import { describe, expect, it } from "vitest";
import { MemoryWatch } from "#sandbox/runtime/embedded/kernel/memory-watch.ts";
import { newProcess } from "#sandbox/runtime/embedded/kernel/process/new-process.ts";
import type { Process } from "#sandbox/runtime/embedded/kernel/process/process.ts";

const MIB = 1_048_576;

/** A watch whose clock is turned by hand, with what it asks for. */
class Stage {
  readonly asked: string[] = [];
  readonly watch = new MemoryWatch({
    measure: () => this.asked.push(`measure at ${this.#now}`),
    collect: () => this.asked.push(`collect at ${this.#now}`),
    now: () => this.#now,
  });
  #now = 0;
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
    expect(stage.pass(100)).toEqual(["measure at 0"]);
    stage.watch.measured([
      { mark: "4", bytes: 7 },
      { mark: "9", bytes: 8 },
    ]);
    expect([one.memory, other.memory]).toEqual([null, 7]);
  });

  it("is waited for, and garbage is collected meanwhile", () => {
    const stage = new Stage();
    stage.process("1");
    expect(stage.pass(60_000)).toEqual(["measure at 0", "collect at 500", "collect at 3000"]);
    expect(stage.pass(70_000)[0]).toBe("measure at 120000");
  });

  it("is measured again while something is busy or changes, and not while nothing does", () => {
    const stage = new Stage();
    const process = stage.process("1");
    stage.pass(100);
    stage.watch.measured([{ mark: "1", bytes: 5 * MIB }]);
    expect(stage.pass(10_000)[0]).toBe("measure at 5000");
    stage.watch.measured([{ mark: "1", bytes: 5 * MIB + 100 }]);
    expect(stage.pass(60_000)).toEqual([]);
    process.load = 0.05;
    expect(stage.pass(100)).toHaveLength(1);
  });

  it("is measured more often when there is much", () => {
    const stage = new Stage();
    stage.process("1");
    stage.pass(100);
    stage.watch.measured([{ mark: "1", bytes: 300 * MIB }]);
    expect(stage.pass(3_000)[0]).toBe("measure at 2000");
  });

  it("is not asked for again where the browser does not tell", () => {
    const stage = new Stage();
    stage.process("1");
    stage.pass(100);
    stage.watch.measured(null);
    expect(stage.pass(300_000)).toEqual([]);
  });

  it("of the dead is forgotten", () => {
    const stage = new Stage();
    const process = stage.process("1");
    stage.pass(100);
    process.state = { status: "ended", exit: { code: 0, signal: null } };
    stage.pass(100);
    stage.watch.measured([{ mark: "1", bytes: MIB }]);
    expect(process.memory).toBeNull();
    expect(stage.pass(60_000)).toEqual([]);
  });
});
