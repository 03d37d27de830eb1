import type { CallEvent } from "../../tab/events.ts";

/** Rows that are kept; more than a person scrolls back, little enough to render at once. */
export const ROWS_MAX = 300;
/** Output kept per call: the tail that explains what a command is doing. */
export const OUTPUT_TAIL_CHARS = 4_000;
/** Clients shown in the top bar's memory; the longest silent ones are forgotten. */
export const CLIENTS_MAX = 12;

export type CallOutcome = Extract<CallEvent, { type: "ended" }>["outcome"];

/** One call as the activity list shows it. Every text in it is untrusted. */
export interface ActivityRow {
  readonly call: string;
  readonly operation: string;
  readonly client: string;
  readonly summary: string;
  readonly input: Record<string, unknown>;
  readonly startedAt: number;
  /** Null while it runs. */
  readonly end: { readonly at: number; readonly outcome: CallOutcome } | null;
  readonly tail: string;
  /** True when earlier output was dropped from the tail. */
  readonly tailCut: boolean;
  /** With which what the call changed is taken back; null: it has changed nothing. */
  readonly checkpoint: string | null;
}

export interface SeenClient {
  readonly name: string;
  /** Milliseconds since the epoch of its latest call's start or end. */
  readonly lastAt: number;
  readonly running: number;
}

export interface Activity {
  /** Newest first. */
  readonly rows: readonly ActivityRow[];
  /** In order of first appearance, so that names do not jump about. */
  readonly clients: readonly SeenClient[];
}

export const noActivity: Activity = { rows: [], clients: [] };

/** What the list is after an event. An event of a call that is not listed changes nothing. */
export function withCallEvent(activity: Activity, event: CallEvent): Activity {
  if (event.type === "started") return withStart(activity, event);
  const row = activity.rows.find(({ call }) => call === event.call);
  if (row === undefined || row.end !== null) return activity;
  if (event.type === "output") return withRow(activity, appended(row, event.text));
  const { at, outcome, checkpoint = null } = event;
  const ended = { ...row, end: { at, outcome }, checkpoint };
  return { rows: withRow(activity, ended).rows, clients: seen(activity, row.client, event.at, -1) };
}

/** The list without the calls that have ended. Clients stay. */
export function withoutEnded(activity: Activity): Activity {
  return { ...activity, rows: activity.rows.filter(({ end }) => end === null) };
}

export function runningCount(activity: Activity): number {
  return activity.rows.filter(({ end }) => end === null).length;
}

function withStart(activity: Activity, event: Extract<CallEvent, { type: "started" }>): Activity {
  if (activity.rows.some(({ call }) => call === event.call)) return activity;
  const { call, operation, client, summary, input, at } = event;
  const row: ActivityRow = {
    call,
    operation,
    client,
    summary,
    input,
    startedAt: at,
    end: null,
    tail: "",
    tailCut: false,
    checkpoint: null,
  };
  return { rows: bounded([row, ...activity.rows]), clients: seen(activity, client, at, 1) };
}

/** Running calls are never dropped for old ones that have ended. */
function bounded(rows: readonly ActivityRow[]): readonly ActivityRow[] {
  if (rows.length <= ROWS_MAX) return rows;
  const oldest = rows.findLastIndex(({ end }) => end !== null);
  return rows.toSpliced(oldest === -1 ? rows.length - 1 : oldest, 1);
}

function withRow(activity: Activity, row: ActivityRow): Activity {
  return { ...activity, rows: activity.rows.map((old) => (old.call === row.call ? row : old)) };
}

function appended(row: ActivityRow, text: string): ActivityRow {
  const all = row.tail + text;
  if (all.length <= OUTPUT_TAIL_CHARS) return { ...row, tail: all };
  return { ...row, tail: all.slice(-OUTPUT_TAIL_CHARS), tailCut: true };
}

function seen(activity: Activity, name: string, at: number, change: 1 | -1): readonly SeenClient[] {
  const known = activity.clients.find((client) => client.name === name);
  const now = { name, lastAt: at, running: Math.max(0, (known?.running ?? 0) + change) };
  if (known) return activity.clients.map((client) => (client === known ? now : client));
  const clients = [...activity.clients, now];
  if (clients.length <= CLIENTS_MAX) return clients;
  const silent = clients.reduce((a, b) => (b.lastAt < a.lastAt ? b : a));
  return clients.filter((client) => client !== silent);
}
