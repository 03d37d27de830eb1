import { errorCatalogue } from "#protocol/errors.ts";
import type { CallEvent } from "../../tab/events.ts";
import { visibleBlock, visibleLine, visibleOutput } from "../text/visible.ts";
import type { ActivityRow, CallOutcome } from "./activity.ts";

/** Most characters of one value in a call's details: a megabyte of file would freeze the page. */
export const DETAIL_MAX_CHARS = 8_000;
const SUMMARY_MAX_CHARS = 400;
/** What fits beside its label in a narrow panel. */
const SHORT_MAX_CHARS = 24;

/** How a call stands, for the mark at the start of its row. */
export type RowState = "running" | "done" | "failed";

export function rowState(row: ActivityRow): RowState {
  if (row.end === null) return "running";
  return wentWell(row.end.outcome) ? "done" : "failed";
}

/** A summary as verb and object: the first word is what happened, the rest what it happened to. */
export function splitSummary(summary: string): { verb: string; object: string } {
  const text = visibleLine(clipped(summary, SUMMARY_MAX_CHARS));
  const space = text.indexOf(" ");
  return space === -1
    ? { verb: text, object: "" }
    : { verb: text.slice(0, space), object: text.slice(space + 1) };
}

/** The outcome in a few words: `exit 1`, `12 entries`, `1.4 KB`, `file not found`. */
export function outcomeWords(outcome: CallOutcome): string {
  if (!outcome.ok) return outcome.error.code.replaceAll("_", " ");
  const { status, exit_code: exit, entries, total, bytes, total_lines: lines } = outcome.output;
  if (status === "timed_out") return "timed out";
  if (status === "killed") return "killed";
  if (typeof exit === "number") return `exit ${exit}`;
  if (Array.isArray(entries))
    return count(typeof total === "number" ? total : entries.length, "entry", "entries");
  if (typeof lines === "number" && lines > 0) return count(lines, "line", "lines");
  if (typeof bytes === "number") return count(bytes, "byte", "bytes");
  return "done";
}

/** One thing that a call's details show; its text is safe to show as a text node. */
export interface Detail {
  readonly label: string;
  readonly text: string;
  /** It fits beside its label. */
  readonly short: boolean;
}

/** Arguments, output and error of a call, each as visible text; what is empty is left out. */
export function callDetails(row: ActivityRow): readonly Detail[] {
  const { input, tail, end } = row;
  const output =
    end === null || tail !== ""
      ? [detail(row.tailCut ? "output (end)" : "output", visibleOutput(tail) || "No output yet.")]
      : [];
  return [
    detail("operation", row.operation),
    ...Object.entries(input).flatMap(([name, value]) => shown(name, value)),
    ...output,
    ...(end === null ? [] : outcomeDetails(end.outcome, tail !== "")),
  ];
}

/** The last line that a running call put out, for its row. */
export function lastLine(tail: string): string {
  const line =
    tail
      .trimEnd()
      .split(/[\r\n]+/)
      .at(-1) ?? "";
  return visibleOutput(line.slice(-SUMMARY_MAX_CHARS));
}

/** What a screen reader is told of an event; null when it is not worth an interruption. */
export function announcement(event: CallEvent, summary: string): string | null {
  if (event.type === "started")
    return `${visibleLine(event.client)}: ${visibleLine(clipped(event.summary, 120))}`;
  if (event.type === "output" || wentWell(event.outcome)) return null;
  return `Failed: ${visibleLine(clipped(summary, 120))}, ${outcomeWords(event.outcome)}`;
}

function outcomeDetails(outcome: CallOutcome, hasTail: boolean): Detail[] {
  if (!outcome.ok) {
    const { code, message } = outcome.error;
    return [
      detail("error", visibleBlock(`${code}: ${clipped(message, DETAIL_MAX_CHARS)}`)),
      detail("next step", errorCatalogue[code].next),
    ];
  }
  const told = Object.entries(outcome.output).filter(
    ([name]) => !(hasTail && (name === "stdout" || name === "stderr")),
  );
  return told.flatMap(([name, value]) => shown(`→ ${name}`, value));
}

function wentWell(outcome: CallOutcome): boolean {
  if (!outcome.ok) return false;
  const { status, exit_code: exit } = outcome.output;
  return status !== "timed_out" && status !== "killed" && (typeof exit !== "number" || exit === 0);
}

function shown(label: string, value: unknown): Detail[] {
  const text = typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");
  if (text === "" || text === "{}" || text === "[]") return [];
  return [
    detail(
      visibleLine(clipped(label, SHORT_MAX_CHARS)),
      visibleBlock(clipped(text, DETAIL_MAX_CHARS)),
    ),
  ];
}

function detail(label: string, text: string): Detail {
  return { label, text, short: text.length <= SHORT_MAX_CHARS && !text.includes("\n") };
}

function clipped(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max)} … (${text.length - max} more)`;
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}
