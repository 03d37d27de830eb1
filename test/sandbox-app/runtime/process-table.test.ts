import { describe, expect, it } from "vitest";
import { INIT, ProcessTable } from "#sandbox/runtime/embedded/kernel/old-process-table.ts";

const exited = { code: 0, signal: null };

describe("the process table", () => {
  it("names a tree, children first", () => {
    const table = new ProcessTable(() => 1);
    const shell = table.add(["bash"]);
    const child = table.add(["make"], shell.pid);
    const grandchild = table.add(["cc"], child.pid);
    const other = table.add(["ls"]);
    expect(table.tree(shell.pid).map(({ pid }) => pid)).toEqual([
      grandchild.pid,
      child.pid,
      shell.pid,
    ]);
    expect(table.list().map(({ pid }) => pid)).toEqual([2, 3, 4, other.pid]);
  });

  it("gives orphans to init, and never a pid twice", () => {
    const table = new ProcessTable(() => 1);
    const parent = table.add(["sh"]);
    const child = table.add(["sleep"], parent.pid);
    expect(table.end(parent.pid, exited)).toMatchObject({
      pid: parent.pid,
      state: { status: "ended", exit: exited },
    });
    expect(table.end(parent.pid, exited)).toBeNull();
    expect(table.get(child.pid)?.parent).toBe(INIT);
    expect(table.add(["late"], parent.pid)).toMatchObject({ parent: INIT, pid: child.pid + 1 });
    expect(table.size).toBe(2);
  });
});
