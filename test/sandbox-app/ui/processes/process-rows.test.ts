import { describe, expect, it } from "vitest";
import {
  processKey,
  processRows,
  settledRequests,
  STOP_GRACE_MS,
  stopStage,
  withCut,
} from "#sandbox/ui/processes/process-rows.ts";
import { program, STARTED_AT } from "./program.ts";

const shape = (...running: ReturnType<typeof program>[]) =>
  processRows(running, new Map(), STARTED_AT).map(({ pid, depth, parent }) => [pid, depth, parent]);

describe("the rows of the processes", () => {
  it("put what a program started below it", () => {
    const rows = shape(
      program(2),
      program(3),
      program(4, { parent: 2 }),
      program(5, { parent: 3 }),
      program(6, { parent: 4 }),
    );
    expect(rows).toEqual([
      [2, 0, null],
      [4, 1, 2],
      [6, 2, 4],
      [3, 0, null],
      [5, 1, 3],
    ]);
  });

  it("leave out what has ended, and show its children at the top", () => {
    expect(shape(program(2, { state: "ended" }), program(4, { parent: 2 }))).toEqual([
      [4, 0, null],
    ]);
  });

  it("show every program once, even those that name each other as parents", () => {
    const rows = shape(
      program(2, { parent: 3 }),
      program(3, { parent: 2 }),
      program(4, { parent: 4 }),
    );
    expect(rows).toEqual([
      [2, 0, null],
      [3, 1, 2],
      [4, 0, null],
    ]);
  });

  it("tell a new program from one that had its pid", () => {
    const asked = { signal: "SIGTERM", at: STARTED_AT, name: "node" } as const;
    const requests = new Map([[processKey(program(2)), asked]]);
    const later = program(2, { startedAt: STARTED_AT + 1 });
    expect(processRows([program(2)], requests, STARTED_AT)[0]?.stage).toBe("stopping");
    expect(processRows([later], requests, STARTED_AT)[0]?.stage).toBe("stop");
  });
});

describe("asking a program to end", () => {
  const before = STARTED_AT + STOP_GRACE_MS - 1;
  const after = STARTED_AT + STOP_GRACE_MS;
  it.each([
    ["SIGTERM", before, "stopping"],
    ["SIGTERM", after, "kill"],
    ["SIGKILL", before, "killing"],
    ["SIGKILL", after, "kill"],
  ] as const)("after %s at %d it offers %s", (signal, now, stage) => {
    expect(stopStage({ signal, at: STARTED_AT, name: "node" }, now)).toBe(stage);
  });

  it("is settled when the program is gone", () => {
    const ask = (name: string) => ({ signal: "SIGTERM", at: STARTED_AT, name }) as const;
    const requests = new Map([
      [processKey(program(2)), ask("two")],
      [processKey(program(3)), ask("three")],
    ]);
    const { open, ended } = settledRequests(requests, [program(2, { state: "ended" }), program(3)]);
    expect([...open.keys()]).toEqual([processKey(program(3))]);
    expect(ended).toEqual(["two"]);
  });
});

describe("the notices of cuts", () => {
  const cut = (pid: number) => ({ pid, argv: ["node"], limit: "memory", message: "big" }) as const;

  it("keep the newest three, each under a name of its own", () => {
    const cuts = [1, 2, 3, 4].reduce<ReturnType<typeof withCut>>(
      (all, pid) => withCut(all, cut(pid)),
      [],
    );
    expect(cuts.map(({ id }) => id)).toEqual([4, 3, 2]);
    expect(cuts[0]?.text).toContain("(pid 4)");
  });
});
