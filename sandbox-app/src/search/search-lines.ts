import type { LineMatcher } from "./line-matcher.ts";

/** A line that matches, or stands near one that does. */
export interface FoundLine {
  /** From 1. */
  readonly line: number;
  readonly text: string;
  readonly isMatch: boolean;
}

export interface FoundLines {
  /** Lines that match, also those that are not shown. */
  readonly count: number;
  readonly lines: readonly FoundLine[];
}

/**
 * Looks through a text, line by line.
 *
 * @param shown matching lines to return at most
 * @param context lines before and after each of them
 */
export function searchLines(
  text: string,
  matches: LineMatcher,
  { shown, context }: { readonly shown: number; readonly context: number },
): FoundLines {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  if (lines.at(-1) === "") lines.pop();
  const hits = lines.flatMap((line, index) => (matches(line) ? [index] : []));
  const isHit = new Set(hits);
  const wanted = new Set<number>();
  for (const hit of hits.slice(0, shown)) {
    const last = Math.min(lines.length - 1, hit + context);
    for (let at = Math.max(0, hit - context); at <= last; at += 1) wanted.add(at);
  }
  const found = [...wanted].map((index) => ({
    line: index + 1,
    text: lines[index] ?? "",
    isMatch: isHit.has(index),
  }));
  return { count: hits.length, lines: found };
}
