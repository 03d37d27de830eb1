/** Words that one sequence may make; more would take all memory. */
const SEQUENCE_MAX = 1_000_000;

/**
 * Brace expansion, which bash does on the text of a word before anything else: `a{b,c}` and
 * `{1..9..2}`. Quotes, `${…}`, `$(…)` and backquotes are kept as they are.
 */
export function expandBraces(text: string): string[] {
  for (let open = findOpen(text, 0); open !== -1; open = findOpen(text, open + 1)) {
    const group = readGroup(text, open);
    if (group === null) continue;
    const middles = alternativesOf(group.pieces);
    if (middles === null) continue;
    const before = text.slice(0, open);
    const after = expandBraces(text.slice(group.end));
    return middles.flatMap((middle) => after.map((rest) => before + middle + rest));
  }
  return [text];
}

interface Group {
  /** Between the commas at the outermost level. */
  readonly pieces: readonly string[];
  /** Offset after the closing brace. */
  readonly end: number;
}

function alternativesOf(pieces: readonly string[]): string[] | null {
  if (pieces.length > 1) return pieces.flatMap((piece) => expandBraces(piece));
  return sequence(pieces[0] ?? "");
}

function findOpen(text: string, from: number): number {
  for (let at = from; at < text.length; at = skip(text, at)) {
    if (text.charAt(at) === "{") return at;
  }
  return -1;
}

function readGroup(text: string, open: number): Group | null {
  const pieces: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let at = open; at < text.length; at = skip(text, at)) {
    const char = text.charAt(at);
    if (char === "{") depth++;
    else if (char === "}" && --depth === 0) {
      return { pieces: [...pieces, text.slice(start, at)], end: at + 1 };
    } else if (char === "," && depth === 1) {
      pieces.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return null;
}

const pairs: Readonly<Record<string, string>> = { "(": ")", "{": "}" };

/** Offset after the character at `at`, or after the quote or expansion that starts there. */
function skip(text: string, at: number): number {
  const char = text.charAt(at);
  if (char === "\\") return at + 2;
  if (char === "'" || char === "`") return past(text, at + 1, char);
  if (char === '"') {
    let end = at + 1;
    while (end < text.length && text.charAt(end) !== '"') end = skip(text, end);
    return end + 1;
  }
  const opener = text.charAt(at + 1);
  const isExpansion = char === "$" || (/[<>]/.test(char) && opener === "(");
  const closer = isExpansion ? pairs[opener] : undefined;
  return closer === undefined ? at + 1 : pastNested(text, at + 1, opener, closer);
}

function pastNested(text: string, open: number, opener: string, closer: string): number {
  let depth = 0;
  for (let at = open; at < text.length;) {
    const char = text.charAt(at);
    if (char === closer && --depth === 0) return at + 1;
    if (char === opener) depth++;
    at = char === opener ? at + 1 : skip(text, at);
  }
  return text.length;
}

function past(text: string, from: number, char: string): number {
  const end = text.indexOf(char, from);
  return end === -1 ? text.length : end + 1;
}

/** `1..5`, `05..1..2`, `a..e`; null when it is none. */
function sequence(text: string): string[] | null {
  const match = /^(?:(-?\d+)\.\.(-?\d+)|([A-Za-z])\.\.([A-Za-z]))(?:\.\.(-?\d+))?$/.exec(text);
  if (match === null) return null;
  const [, from, to, first = "", last = "", by = "1"] = match;
  const size = Math.abs(Number(by)) || 1;
  if (from === undefined || to === undefined) {
    const codes = steps(first.charCodeAt(0), last.charCodeAt(0), size);
    return codes?.map((code) => escaped(String.fromCharCode(code))) ?? null;
  }
  const isPadded = /^-?0\d/.test(from) || /^-?0\d/.test(to);
  const width = isPadded ? Math.max(from.length, to.length) : 0;
  return steps(Number(from), Number(to), size)?.map((value) => padded(value, width)) ?? null;
}

/** Values from `start` to `end`, up or down; null when they are too many. */
function steps(start: number, end: number, size: number): number[] | null {
  const count = Math.floor(Math.abs(end - start) / size) + 1;
  const step = start <= end ? size : -size;
  if (count > SEQUENCE_MAX) return null;
  return Array.from({ length: count }, (_, index) => start + index * step);
}

function padded(value: number, width: number): string {
  const sign = value < 0 ? "-" : "";
  return sign + String(Math.abs(value)).padStart(width - sign.length, "0");
}

/** Between `Z` and `a` stand characters that would mean something. */
function escaped(char: string): string {
  return /[\w]/.test(char) ? char : `\\${char}`;
}
