import type { RunningProcess } from "#sandbox/runtime/runtime.ts";

/** When the programs of the tests start, in milliseconds since the epoch. */
export const STARTED_AT = 1_700_000_000_000;

export function program(pid: number, facts: Partial<RunningProcess> = {}): RunningProcess {
  return {
    pid,
    parent: 1,
    argv: ["node", `${pid}.js`],
    startedAt: STARTED_AT,
    state: "running",
    ports: [],
    memory: null,
    load: null,
    ...facts,
  };
}
