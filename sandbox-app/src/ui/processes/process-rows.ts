import type { CutEvent, RunningProcess, Signal } from "../../runtime/runtime.ts";
import { commandWords, cutWords, processFacts } from "./process-words.ts";

/** A program that was asked to end gets this long before force is offered, in milliseconds. */
export const STOP_GRACE_MS = 2_000;

/** More cuts than this at a time are one trouble, and the newest tell it. */
const CUTS_MAX = 3;

/** What the person may do to a program, or has just done. */
export type StopStage = "stop" | "stopping" | "kill" | "killing";

/** A signal that the person sent from the page. */
export interface StopRequest {
  readonly signal: Signal;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What was asked to end, in words. */
  readonly name: string;
}

/** By key of the program. */
export type StopRequests = ReadonlyMap<string, StopRequest>;

export interface ProcessRow {
  /** A pid is used again; with the time of the start it is not. */
  readonly key: string;
  readonly pid: number;
  /** The row that this one hangs from; null at the top. */
  readonly parent: number | null;
  readonly depth: number;
  /** Visible characters only. */
  readonly command: string;
  readonly facts: readonly string[];
  readonly stage: StopStage;
}

/** A program that the watchdog ended, as the page tells of it. */
export interface CutNotice {
  readonly id: number;
  readonly text: string;
}

/** Who started whom: each program is followed by what it started, in order of pid. */
export function processRows(
  running: readonly RunningProcess[],
  requests: StopRequests,
  now: number,
): readonly ProcessRow[] {
  const alive = running.filter(({ state }) => state !== "ended");
  const rows = new Map<number, ProcessRow>();
  const add = (process: RunningProcess, above: ProcessRow | null): void => {
    if (rows.has(process.pid)) return;
    const row = rowOf(process, above, requests, now);
    rows.set(row.pid, row);
    for (const child of alive) if (child.parent === row.pid) add(child, row);
  };
  const pids = new Set(alive.map(({ pid }) => pid));
  for (const process of alive) if (!pids.has(process.parent)) add(process, null);
  // Whoever names itself as its parent is shown all the same.
  for (const process of alive) add(process, null);
  return [...rows.values()];
}

function rowOf(
  process: RunningProcess,
  above: ProcessRow | null,
  requests: StopRequests,
  now: number,
): ProcessRow {
  const key = processKey(process);
  return {
    key,
    pid: process.pid,
    parent: above?.pid ?? null,
    depth: above === null ? 0 : above.depth + 1,
    command: commandWords(process.argv),
    facts: processFacts(process, now),
    stage: stopStage(requests.get(key), now),
  };
}

export function processKey({ pid, startedAt }: RunningProcess): string {
  return `${pid}:${startedAt}`;
}

/** What the button of a program does now. */
export function stopStage(request: StopRequest | undefined, now: number): StopStage {
  if (request === undefined) return "stop";
  if (now - request.at >= STOP_GRACE_MS) return "kill";
  return request.signal === "SIGKILL" ? "killing" : "stopping";
}

/** What was asked to end: those that still run, and the names of those that have ended. */
export function settledRequests(
  requests: StopRequests,
  running: readonly RunningProcess[],
): { readonly open: StopRequests; readonly ended: readonly string[] } {
  const alive = new Set(running.filter(({ state }) => state !== "ended").map(processKey));
  const entries = [...requests];
  return {
    open: new Map(entries.filter(([key]) => alive.has(key))),
    ended: entries.filter(([key]) => !alive.has(key)).map(([, { name }]) => name),
  };
}

/** The newest first. */
export function withCut(cuts: readonly CutNotice[], event: CutEvent): readonly CutNotice[] {
  const id = (cuts[0]?.id ?? 0) + 1;
  return [{ id, text: cutWords(event) }, ...cuts].slice(0, CUTS_MAX);
}
