import type { OutputLog } from "./output-log.ts";

export interface ReadRequest {
  /** Number of the first character that is wanted; at most the log's end. */
  readonly cursor?: number | undefined;
  /** So many last lines; without cursor. */
  readonly tail?: number | undefined;
  /** Characters at most; a surrogate pair comes whole, also when only one is asked for. */
  readonly maxChars: number;
}

/** A part of a log, as `read_output` returns it. */
export interface LogPart {
  readonly output: string;
  readonly cursor: number;
  readonly remaining: number;
  readonly dropped: number;
}

/** From the cursor on; without one, the end of the log. */
export function readLog(log: OutputLog, { cursor, tail, maxChars }: ReadRequest): LogPart {
  const wanted = cursor ?? startOfTail(log, tail, maxChars);
  const from = afterHalfPair(log, Math.max(log.start, wanted));
  const to = cursor === undefined ? log.end : endOfPart(log, from, maxChars);
  return {
    output: log.slice(from, to),
    cursor: to,
    remaining: log.end - to,
    dropped: from - (cursor ?? 0),
  };
}

function startOfTail(log: OutputLog, lines: number | undefined, maxChars: number): number {
  // Two characters at least, so that a surrogate pair at the end comes whole.
  const earliest = Math.max(log.start, log.end - Math.max(2, maxChars));
  if (lines === undefined) return earliest;
  const all = log.slice(earliest, log.end).split(/(?<=\n)/);
  return log.end - all.slice(-lines).join("").length;
}

/** A low surrogate without the high one before it is half of a character. */
function afterHalfPair(log: OutputLog, from: number): number {
  return /^[\uDC00-\uDFFF]/.test(log.slice(from, from + 1)) ? from + 1 : from;
}

function endOfPart(log: OutputLog, from: number, maxChars: number): number {
  const to = Math.min(log.end, from + maxChars);
  const splits = to > from && to < log.end && /[\uD800-\uDBFF]$/.test(log.slice(to - 1, to));
  if (!splits) return to;
  return to - 1 > from ? to - 1 : to + 1;
}
