import { lineEndingsOf } from "../line-endings.ts";
import type { Hunk } from "./patch.ts";

/** Where a hunk was not put, and why. */
export interface HunkRefusal {
  /** Which hunk, from 0. */
  readonly hunk: number;
  readonly reason: "not_found" | "not_unique" | "anchor_not_found" | "no_lines";
  /** Lines, from 1, where it could be; of `not_unique` only. */
  readonly lines: readonly number[];
}

export type Hunked =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly refusal: HunkRefusal };

/** Places that are named where there are several; nobody reads more. */
const PLACES_MAX = 20;

/** A line and how it ends: with `\n`, with `\r\n`, or, the last one, with nothing. */
interface Line {
  readonly text: string;
  readonly end: string;
}

/** How alike two lines have to be: as they are, or but for space at their ends. */
const sameness: readonly ((one: string, other: string) => boolean)[] = [
  (one, other) => one === other,
  (one, other) => one.trimEnd() === other.trimEnd(),
];

/**
 * Applies hunks in their order, each after the one before it; all of them, or none.
 *
 * The lines of a hunk decide where it belongs, not its number. Where they are in several places, the
 * number decides if it names one of them exactly, or the first place after an anchor. What a hunk
 * keeps stays as the file has it, byte for byte; what it adds ends as the lines around it.
 */
export function applyHunks(original: string, hunks: readonly Hunk[]): Hunked {
  const source = linesOf(original);
  const newline = lineEndingsOf(original) === "crlf" ? "\r\n" : "\n";
  const result: Line[] = [];
  let cursor = 0;
  for (const [index, hunk] of hunks.entries()) {
    const place = findHunk(source, hunk, cursor);
    if (typeof place !== "number") return { ok: false, refusal: { hunk: index, ...place } };
    result.push(...source.slice(cursor, place));
    cursor = place;
    for (const { sign, text } of hunk.lines) {
      if (sign === " ") result.push(source[cursor] as Line);
      if (sign === "+") result.push({ text, end: newline });
      if (sign !== "+") cursor += 1;
    }
  }
  const rest = source.slice(cursor);
  result.push(...rest);
  return { ok: true, text: join(result, newline, wantedEnd(hunks, source, rest.length === 0)) };
}

function linesOf(text: string): Line[] {
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((whole) => {
    const [end = ""] = /\r?\n$/.exec(whole) ?? [];
    return { text: whole.slice(0, whole.length - end.length), end };
  });
}

type Missed = Omit<HunkRefusal, "hunk">;

function findHunk(source: readonly Line[], hunk: Hunk, cursor: number): number | Missed {
  const from = afterAnchors(source, hunk.anchors, cursor);
  if (from === null) return { reason: "anchor_not_found", lines: [] };
  const old = hunk.lines.filter(({ sign }) => sign !== "+").map(({ text }) => text);
  if (old.length === 0) return placeOfAddition(source, hunk, from);
  for (const isSame of sameness) {
    const places = placesOf(source, old, from, isSame);
    const fitting = hunk.atEnd
      ? places.filter((place) => place + old.length === source.length)
      : places;
    const [first] = fitting;
    if (first === undefined) continue;
    if (fitting.length === 1 || hunk.anchors.length > 0) return first;
    const told = fitting.find((place) => place + 1 === hunk.line);
    if (told !== undefined) return told;
    const lines = fitting.slice(0, PLACES_MAX).map((place) => place + 1);
    return { reason: "not_unique", lines };
  }
  return { reason: "not_found", lines: [] };
}

/** Lines alone, with nothing around them: at the end, in an empty file, or right after an anchor. */
function placeOfAddition(source: readonly Line[], hunk: Hunk, from: number): number | Missed {
  if (hunk.lines.length === 0) return { reason: "no_lines", lines: [] };
  if (hunk.anchors.length > 0 && !hunk.atEnd) return from;
  if (hunk.line !== null && hunk.line < source.length) {
    // Without context the number is the line after which it goes; 0 is the top of the file.
    return Math.max(from, hunk.line);
  }
  return source.length;
}

function placesOf(
  source: readonly Line[],
  old: readonly string[],
  from: number,
  isSame: (one: string, other: string) => boolean,
): number[] {
  const places: number[] = [];
  for (let at = from; at + old.length <= source.length; at += 1) {
    if (old.every((text, index) => isSame((source[at + index] as Line).text, text)))
      places.push(at);
  }
  return places;
}

/** @returns the line after the last anchor; null when one of them is not there */
function afterAnchors(
  source: readonly Line[],
  anchors: readonly string[],
  cursor: number,
): number | null {
  let from = cursor;
  for (const anchor of anchors) {
    const exact = source.findIndex(({ text }, at) => at >= from && text.trim() === anchor);
    const part = source.findIndex(({ text }, at) => at >= from && text.includes(anchor));
    const found = exact === -1 ? part : exact;
    if (found === -1) return null;
    from = found + 1;
  }
  return from;
}

/** Whether the last line is to end with a newline; null: as it comes. */
function wantedEnd(
  hunks: readonly Hunk[],
  source: readonly Line[],
  isTouched: boolean,
): boolean | null {
  if (!isTouched) return null;
  const told = hunks.at(-1)?.endsWithNewline ?? null;
  if (told !== null) return told;
  // A patch that says nothing leaves the end of the file as it was.
  return source.length === 0 || source.at(-1)?.end !== "";
}

function join(lines: readonly Line[], newline: string, endsWithNewline: boolean | null): string {
  return lines
    .map(({ text, end }, index) => {
      if (index < lines.length - 1) return text + (end === "" ? newline : end);
      if (endsWithNewline === null) return text + end;
      return endsWithNewline ? text + (end === "" ? newline : end) : text;
    })
    .join("");
}
