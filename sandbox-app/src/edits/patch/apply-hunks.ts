import type { Fit } from "../find-text.ts";
import { asLinesEnd, lineEndingsOf } from "../line-endings.ts";
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

/** A line as it is, with the `\r` of a `\r\n`; and its `\n`, which only the last one may lack. */
interface Line {
  readonly text: string;
  readonly end: "\n" | "";
}

/** How alike lines have to be: as they are, but for `\r` at their ends, or but for space there too. */
const looks: readonly { readonly fit: Fit; readonly seen: (line: string) => string }[] = [
  { fit: "exact", seen: (line) => line },
  { fit: "line_endings", seen: (line) => line.replace(/\r$/, "") },
  { fit: "trailing_space", seen: (line) => line.replace(/[ \t]*\r?$/, "") },
];

interface Place {
  readonly at: number;
  readonly fit: Fit;
}

/**
 * Applies hunks in their order, each after the one before it; all of them, or none.
 *
 * The lines of a hunk decide where it belongs, not its number. Where they are in several places, the
 * number decides if it names one of them exactly, or the first place after an anchor. What a hunk
 * keeps stays as the file has it, byte for byte; what it adds ends as the lines around it.
 */
export function applyHunks(original: string, hunks: readonly Hunk[]): Hunked {
  const source = linesOf(original);
  const endings = lineEndingsOf(original);
  const result: Line[] = [];
  let cursor = 0;
  for (const [index, hunk] of hunks.entries()) {
    const place = findHunk(source, hunk, cursor);
    if ("reason" in place) return { ok: false, refusal: { hunk: index, ...place } };
    result.push(...source.slice(cursor, place.at));
    cursor = place.at;
    const old = source.slice(place.at, place.at + oldLines(hunk).length);
    const added = (text: string): Line => ({
      text: asLinesEnd(`${text}\n`, joined(old), place.fit, endings).slice(0, -1),
      end: "\n",
    });
    const last = hunk.lines.findLast(({ sign }) => sign !== "-");
    for (const line of hunk.lines) {
      if (line.sign === " ") result.push(source[cursor] as Line);
      if (line.sign === "+") {
        const isUnended = line === last && hunk.endsWithNewline === false;
        result.push(isUnended ? { text: line.text, end: "" } : added(line.text));
      }
      if (line.sign !== "+") cursor += 1;
    }
  }
  const rest = source.slice(cursor);
  result.push(...rest);
  const newline = endings === "crlf" ? "\r\n" : "\n";
  return { ok: true, text: join(result, newline, wantedEnd(hunks, source, rest.length === 0)) };
}

function linesOf(text: string): Line[] {
  const lines = text.split("\n").map((line): Line => ({ text: line, end: "\n" }));
  const last = lines.pop()?.text ?? "";
  return last === "" ? lines : [...lines, { text: last, end: "" }];
}

function joined(lines: readonly Line[]): string {
  return lines.map(({ text, end }) => text + end).join("");
}

function oldLines({ lines }: Hunk): string[] {
  return lines.filter(({ sign }) => sign !== "+").map(({ text }) => text);
}

type Missed = Omit<HunkRefusal, "hunk">;

function findHunk(source: readonly Line[], hunk: Hunk, cursor: number): Place | Missed {
  const from = afterAnchors(source, hunk.anchors, cursor);
  if (from === null) return { reason: "anchor_not_found", lines: [] };
  const old = oldLines(hunk);
  if (old.length === 0) return placeOfAddition(source, hunk, from);
  for (const { fit, seen } of looks) {
    const places = placesOf(source, old, from, seen);
    const fitting = hunk.atEnd
      ? places.filter((place) => place + old.length === source.length)
      : places;
    const [first] = fitting;
    if (first === undefined) continue;
    if (fitting.length === 1 || hunk.anchors.length > 0) return { at: first, fit };
    const told = fitting.find((place) => place + 1 === hunk.line);
    if (told !== undefined) return { at: told, fit };
    const lines = fitting.slice(0, PLACES_MAX).map((place) => place + 1);
    return { reason: "not_unique", lines };
  }
  return { reason: "not_found", lines: [] };
}

/** Lines alone, with nothing around them: at the end, in an empty file, or right after an anchor. */
function placeOfAddition(source: readonly Line[], hunk: Hunk, from: number): Place | Missed {
  if (hunk.lines.length === 0) return { reason: "no_lines", lines: [] };
  if (hunk.anchors.length > 0 && !hunk.atEnd) return { at: from, fit: "exact" };
  // Without context the number is the line after which it goes; 0 is the top of the file.
  const isTold = hunk.line !== null && hunk.line < source.length;
  return { at: isTold ? Math.max(from, hunk.line ?? 0) : source.length, fit: "exact" };
}

function placesOf(
  source: readonly Line[],
  old: readonly string[],
  from: number,
  seen: (line: string) => string,
): number[] {
  const wanted = old.map(seen);
  const places: number[] = [];
  for (let at = from; at + wanted.length <= source.length; at += 1) {
    const isHere = wanted.every((text, index) => seen((source[at + index] as Line).text) === text);
    if (isHere) places.push(at);
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
  const last = lines.at(-1);
  if (last === undefined) return "";
  const all = lines.slice(0, -1).map(({ text, end }) => text + (end === "" ? newline : end));
  if (endsWithNewline === null || (endsWithNewline && last.end !== "")) {
    return all.join("") + last.text + last.end;
  }
  if (endsWithNewline) return all.join("") + last.text + newline;
  // With its newline, a line loses the `\r` that belongs to it.
  return all.join("") + (last.end === "" ? last.text : last.text.replace(/\r$/, ""));
}
