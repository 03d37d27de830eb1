import type { OperationOutput } from "#protocol/registry.ts";
import type { RunningProcess } from "../../runtime/runtime.ts";
import type { Command } from "./command.ts";
import { shownLine } from "./shown-line.ts";

type Row = OperationOutput<"list_processes">["processes"][number];

/**
 * What runs, and what has ended, as a list for a client. Each program stands with the command that
 * started it, or with the first of its ancestors that no command started.
 *
 * @param running commands, whose programs are among those of the runtime
 * @param programs what the runtime runs
 */
export function listCommands(
  running: readonly Command[],
  ended: readonly Command[],
  programs: readonly RunningProcess[],
): Row[] {
  const commandPids = new Set(running.map(({ pid }) => pid));
  const pids = new Set(programs.map(({ pid }) => pid));
  const trees = new Map<number, RunningProcess[]>();
  const parents = new Map(programs.map(({ pid, parent }) => [pid, parent]));
  for (const program of programs) {
    const root = rootOf(
      program.pid,
      (pid) => (commandPids.has(pid) ? undefined : parents.get(pid)),
      pids,
    );
    trees.set(root, [...(trees.get(root) ?? []), program]);
  }
  const others = programs.filter(({ pid }) => trees.has(pid) && !commandPids.has(pid));
  return [
    ...running.map((command) => rowOf(command, trees.get(command.pid ?? -1) ?? [])),
    ...others.map((program) => otherRow(program, trees.get(program.pid) ?? [])),
    ...ended.map((command) => ({ ...rowOf(command, []), pid: null })),
  ];
}

function rootOf(
  pid: number,
  parentOf: (pid: number) => number | undefined,
  known: ReadonlySet<number>,
): number {
  const seen = new Set<number>();
  let at = pid;
  for (;;) {
    seen.add(at);
    const parent = parentOf(at);
    if (parent === undefined || !known.has(parent) || seen.has(parent)) return at;
    at = parent;
  }
}

function rowOf(command: Command, tree: readonly RunningProcess[]): Row {
  const { id, line, client } = command.start;
  return {
    id,
    pid: command.pid,
    command: shownLine(line),
    ...command.standing,
    client,
    started: new Date(command.startedAt).toISOString(),
    ...takes(tree),
  };
}

function otherRow(program: RunningProcess, tree: readonly RunningProcess[]): Row {
  return {
    id: null,
    pid: program.pid,
    command: shownLine(program.argv.join(" ")),
    status: "running",
    exit_code: null,
    client: null,
    started: new Date(program.startedAt).toISOString(),
    ...takes(tree),
  };
}

function takes(tree: readonly RunningProcess[]): Pick<Row, "ports" | "memory"> {
  const measured = tree.flatMap(({ memory }) => (memory === null ? [] : [memory]));
  return {
    ports: tree.flatMap(({ ports }) => [...ports]).toSorted((one, other) => one - other),
    memory: measured.length === 0 ? null : measured.reduce((sum, bytes) => sum + bytes, 0),
  };
}
