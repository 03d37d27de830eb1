import { errorCatalogue } from "#protocol/error-catalogue.ts";
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
interface Sentence {
  readonly verb: string;
  readonly object: string;
}

/** The verbs of the operations' summaries: what could not be done, and what may have been. */
const FORMS: Readonly<Record<string, readonly [infinitive: string, participle: string]>> = {
  Listed: ["list", "listed"],
  Read: ["read", "read"],
  Searched: ["search", "searched"],
  Wrote: ["write", "written"],
  Appended: ["append", "appended"],
  Edited: ["edit", "edited"],
  Applied: ["apply", "applied"],
  Checked: ["check", "checked"],
  Made: ["make", "made"],
  Moved: ["move", "moved"],
  Copied: ["copy", "copied"],
  Deleted: ["delete", "deleted"],
  Restored: ["restore", "restored"],
  Ran: ["run", "run"],
  Started: ["start", "started"],
  Sent: ["send", "sent"],
  Cloned: ["clone", "cloned"],
  Committed: ["commit", "committed"],
  Pulled: ["pull", "pulled"],
  Pushed: ["push", "pushed"],
  Stopped: ["stop", "stopped"],
};

/** What a call does or did, in a sentence that does not claim what did not happen. */
export function callSentence(summary: string, outcome: CallOutcome | undefined): Sentence {
  const sentence = splitSummary(summary);
  if (outcome === undefined || outcome.ok) return sentence;
  const forms = FORMS[sentence.verb];
  if (forms === undefined)
    return { verb: "Failed:", object: `${sentence.verb} ${sentence.object}` };
  const verb =
    outcome.error.code === "outcome_unknown" ? `May have ${forms[1]}` : `Could not ${forms[0]}`;
  return { verb, object: sentence.object };
}

function splitSummary(summary: string): Sentence {
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
  const { files, stats } = outcome.output;
  if (status === "running") return "still running";
  if (status === "killed" || status === "conflicts") return status;
  if (typeof exit === "number") return `exit ${exit}`;
  if (Array.isArray(entries))
    return count(typeof total === "number" ? total : entries.length, "entry", "entries");
  if (typeof lines === "number" && lines > 0) return count(lines, "line", "lines");
  if (typeof bytes === "number") return count(bytes, "byte", "bytes");
  if (typeof files === "number") return count(files, "file", "files");
  // Of a commit, whose files are a list that may be cut.
  if (isCounted(stats)) return count(stats.files, "file", "files");
  return "done";
}

function isCounted(stats: unknown): stats is { readonly files: number } {
  return (
    typeof stats === "object" &&
    stats !== null &&
    "files" in stats &&
    typeof stats.files === "number"
  );
}

/** One thing that a call's details show; its text is safe to show as a text node. */
export interface Detail {
  readonly label: string;
  readonly text: string;
  /** It fits beside its label. */
  readonly short: boolean;
}

/**
 * Arguments, output and error of a call, each as visible text; what is empty is left out. The output
 * is the outcome's own, head and tail; until there is one, the latest that was put out.
 */
export function callDetails(row: ActivityRow): readonly Detail[] {
  const { input, end } = row;
  return [
    detail("operation", row.operation),
    ...Object.entries(input).flatMap(([name, value]) => shown(name, value)),
    ...(end?.outcome.ok ? [] : latestOutput(row)),
    ...(end === null ? [] : outcomeDetails(end.outcome)),
  ];
}

function latestOutput({ tail, tailCut, end }: ActivityRow): Detail[] {
  if (tail === "" && end !== null) return [];
  return [detail(tailCut ? "latest output" : "output", visibleOutput(tail) || "No output yet.")];
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
  const { verb, object } = callSentence(clipped(summary, 120), event.outcome);
  const failed = event.outcome.ok ? "Failed: " : "";
  return `${failed}${verb} ${object}, ${outcomeWords(event.outcome)}`;
}

function outcomeDetails(outcome: CallOutcome): Detail[] {
  if (!outcome.ok) {
    const { code, message } = outcome.error;
    return [
      detail("error", visibleBlock(`${code}: ${clipped(message, DETAIL_MAX_CHARS)}`)),
      detail("next step", errorCatalogue[code].next),
    ];
  }
  // An image as base64 says nothing to a reader.
  const { image: _, ...output } = outcome.output;
  return Object.entries(output).flatMap(([name, value]) =>
    isStream(name) && typeof value === "string"
      ? streamDetail(`→ ${name}`, value)
      : shown(`→ ${name}`, value),
  );
}

function isStream(name: string): boolean {
  return name === "stdout" || name === "stderr" || name === "output";
}

function streamDetail(label: string, text: string): Detail[] {
  return text === "" ? [] : [detail(label, visibleOutput(bothEnds(text)))];
}

/** An output that is too long loses its middle: how it began and how it ended both explain it. */
function bothEnds(text: string): string {
  const left = text.length - 2 * DETAIL_MAX_CHARS;
  if (left <= 0) return text;
  const head = text.slice(0, DETAIL_MAX_CHARS);
  return `${head}\n… ${left} characters are not shown …\n${text.slice(-DETAIL_MAX_CHARS)}`;
}

function wentWell(outcome: CallOutcome): boolean {
  if (!outcome.ok) return false;
  const { status, exit_code: exit } = outcome.output;
  return status !== "killed" && (typeof exit !== "number" || exit === 0);
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
