import { expect, it } from "vitest";
import { Command } from "#sandbox/dispatch/commands/command.ts";
import { LogRoom } from "#sandbox/dispatch/commands/log-room.ts";
import { listCommands } from "#sandbox/dispatch/commands/list-commands.ts";
import type { ProcessExit, RunningProcess } from "#sandbox/runtime/runtime.ts";
import { HandClock } from "../../../support/hand-clock.ts";

const STARTED = "2023-11-14T22:13:20.000Z";

function command(id: string, pid: string, line = "npm run dev"): Command {
  const process = {
    id: pid,
    stdin: new WritableStream<Uint8Array>(),
    stdout: new ReadableStream<Uint8Array>(),
    stderr: null,
    exit: new Promise<ProcessExit>(() => {}),
    kill: () => {},
  };
  const start = { id, number: 1, line, client: "Claude" };
  return new Command(start, process, new LogRoom().open(), new HandClock());
}

const program = (
  pid: number,
  parent: number,
  over: Partial<RunningProcess> = {},
): RunningProcess => ({
  pid,
  parent,
  argv: ["node", "x.js"],
  startedAt: Date.parse(STARTED),
  state: "running",
  ports: [],
  memory: null,
  load: null,
  ...over,
});

it("counts what a command started as the command's", () => {
  const programs = [
    program(5, 1, { memory: 10 }),
    program(6, 5, { ports: [5_173], memory: 20 }),
    program(9, 6, { ports: [80] }),
  ];
  expect(listCommands([command("p_1", "5")], [], programs)).toEqual([
    {
      id: "p_1",
      pid: 5,
      command: "npm run dev",
      status: "running",
      exit_code: null,
      client: "Claude",
      started: STARTED,
      ports: [80, 5_173],
      memory: 30,
    },
  ]);
});

it("keeps a command apart that another one's program started, and terminals, and orphans", () => {
  const shell = { argv: ["bash"] };
  const programs = [
    program(2, 1, shell),
    program(3, 2, { ports: [3_000] }),
    program(5, 1),
    program(6, 5),
    program(8, 7, { argv: ["sleep", "9"] }),
  ];
  const rows = listCommands([command("p_1", "5"), command("p_2", "6")], [], programs);
  expect(rows.map(({ id, pid, command: line, ports }) => [id, pid, line, ports])).toEqual([
    ["p_1", 5, "npm run dev", []],
    ["p_2", 6, "npm run dev", []],
    [null, 2, "bash", [3_000]],
    [null, 8, "sleep 9", []],
  ]);
});

it("ends on a circle of parents, and without any", () => {
  expect(listCommands([], [], [program(2, 3), program(3, 2)]).length).toBeGreaterThan(0);
  expect(listCommands([], [], [])).toEqual([]);
});

it("cuts a long line, and lists what has ended without a pid", () => {
  const ended = command("p_9", "5", "x".repeat(5_000));
  ended.lost();
  const [row] = listCommands([], [ended], []);
  expect(row).toMatchObject({ id: "p_9", pid: null, status: "killed", memory: null });
  expect(row?.command).toHaveLength(200);
});
