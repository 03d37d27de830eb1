/**
 * How closely the file has what was asked for: as it is, but for the ends of its lines (`\r\n`), or
 * but for space at the ends of its lines as well.
 */
export type Fit = "exact" | "line_endings" | "trailing_space";

/** A part of a text, in UTF-16 code units; `end` is past the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Found {
  readonly fit: Fit;
  /** In order; at least one. They may overlap: `aa` is twice in `aaa`. */
  readonly spans: readonly Span[];
}

/** What each tolerance does not look at. Space is what editors strip: blanks and tabs. */
const overlooked: Readonly<Record<Exclude<Fit, "exact">, RegExp>> = {
  line_endings: /\r(?=\n)/g,
  trailing_space: /[ \t]*\r(?=\n)|[ \t]+(?=\n|$)/g,
};

/**
 * Finds every place where a text has the wanted one, by the strictest rule that finds any: what is
 * there exactly never competes with what is there nearly.
 *
 * @returns null when there is no such place
 */
export function findText(text: string, wanted: string): Found | null {
  // A place that begins or ends between `\r` and `\n` would leave half of a line's end behind.
  const exact = spansOf(text, wanted).filter(
    ({ start, end }) => !isWithinLineEnd(text, start) && !isWithinLineEnd(text, end),
  );
  if (exact.length > 0) return { fit: "exact", spans: exact };
  for (const fit of ["line_endings", "trailing_space"] as const) {
    const shorter = overlook(text, overlooked[fit]);
    const sought = wanted.replace(overlooked[fit], "");
    // Blank lines alone fit nearly everywhere.
    if (sought.trim() === "") continue;
    const spans = spansOf(shorter.text, sought).map((span) => shorter.inOriginal(span));
    if (spans.length > 0) return { fit, spans };
  }
  return null;
}

function spansOf(text: string, wanted: string): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) {
    spans.push({ start: at, end: at + wanted.length });
  }
  return spans;
}

/** @returns those of the places that do not lie over one before them */
export function withoutOverlaps(spans: readonly Span[]): Span[] {
  let end = 0;
  return spans.filter((span) => {
    if (span.start < end) return false;
    end = span.end;
    return true;
  });
}

function isWithinLineEnd(text: string, place: number): boolean {
  return text.charAt(place) === "\n" && text.charAt(place - 1) === "\r";
}

interface Shorter {
  readonly text: string;
  inOriginal(span: Span): Span;
}

/** A text without some of its parts, and the way back from its places to the original's. */
function overlook(original: string, parts: RegExp): Shorter {
  /** Where each kept run begins: in the shorter text, and in the original. */
  const runs: { readonly shorter: number; readonly original: number }[] = [];
  const kept: string[] = [];
  let length = 0;
  let from = 0;
  const keepUntil = (end: number): void => {
    if (end === from) return;
    runs.push({ shorter: length, original: from });
    kept.push(original.slice(from, end));
    length += end - from;
  };
  for (const { index, 0: part } of original.matchAll(parts)) {
    keepUntil(index);
    from = index + part.length;
  }
  keepUntil(original.length);
  const originalOf = (place: number): number => {
    const run = runs.findLast(({ shorter }) => shorter <= place);
    return run === undefined ? place : run.original + place - run.shorter;
  };
  const inOriginal = ({ start, end }: Span): Span => ({
    start: originalStart(start),
    end: originalOf(end - 1) + 1,
  });
  /** A span that starts with a line's end starts with what was overlooked before it. */
  const originalStart = (start: number): number => {
    const place = originalOf(start);
    if (original.charAt(place) !== "\n") return place;
    return start === 0 ? 0 : originalOf(start - 1) + 1;
  };
  return { text: kept.join(""), inOriginal };
}
