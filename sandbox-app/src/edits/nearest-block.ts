import { splitLines } from "./lines.ts";

/** Lines of a text that are most like the sought ones. */
export interface NearestBlock {
  /** Number of the first line, from 1. */
  readonly line: number;
  readonly lines: readonly string[];
}

/** Below this likeness a line is another line (0: no pair of characters in common, 1: all). */
const LIKENESS_MIN = 0.5;

/**
 * Finds the block to which a caller most probably meant to point.
 *
 * Lines that are the same but for space around them vote for where the block begins, long ones with
 * more weight: `}` says little. Where no line is the same, the most telling line decides by the pairs
 * of characters it has in common with each line of the text.
 *
 * @returns null when nothing in the text is like it
 */
export function nearestBlock(text: string, sought: string): NearestBlock | null {
  const lines = splitLines(text);
  const wanted = splitLines(sought);
  const start = startByVotes(lines, wanted) ?? startByLikeness(lines, wanted);
  if (start === null) return null;
  const from = Math.max(0, start);
  return { line: from + 1, lines: lines.slice(from, Math.max(from + 1, start + wanted.length)) };
}

function startByVotes(lines: readonly string[], wanted: readonly string[]): number | null {
  const places = new Map<string, number[]>();
  for (const [index, line] of wanted.entries()) {
    const key = line.trim();
    if (key !== "") places.set(key, [...(places.get(key) ?? []), index]);
  }
  const votes = new Map<number, number>();
  for (const [index, line] of lines.entries()) {
    const key = line.trim();
    for (const place of places.get(key) ?? []) {
      const start = index - place;
      votes.set(start, (votes.get(start) ?? 0) + key.length);
    }
  }
  let best: { start: number; weight: number } | null = null;
  for (const [start, weight] of votes) {
    if (best === null || weight > best.weight) best = { start, weight };
  }
  return best?.start ?? null;
}

function startByLikeness(lines: readonly string[], wanted: readonly string[]): number | null {
  const telling = wanted.reduce((longest, line) =>
    line.trim().length > longest.trim().length ? line : longest,
  );
  const pairs = pairsOf(telling);
  let best: { index: number; likeness: number } | null = null;
  for (const [index, line] of lines.entries()) {
    const likeness = likenessOf(pairs, pairsOf(line));
    if (likeness >= LIKENESS_MIN && likeness > (best?.likeness ?? 0)) best = { index, likeness };
  }
  return best === null ? null : best.index - wanted.indexOf(telling);
}

function pairsOf(line: string): Set<string> {
  const text = line.trim().replace(/\s+/g, " ");
  const pairs = new Set<string>();
  for (let at = 0; at + 1 < text.length; at += 1) pairs.add(text.slice(at, at + 2));
  return pairs;
}

/** Sørensen–Dice coefficient of two sets. */
function likenessOf(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  if (one.size + other.size === 0) return 0;
  let common = 0;
  for (const pair of one) if (other.has(pair)) common += 1;
  return (2 * common) / (one.size + other.size);
}
