/** How a key is compared; letters as in sort(1). */
export interface Ordering {
  readonly letters: string;
}

export interface SortKey extends Ordering {
  readonly fromField: number;
  readonly fromChar: number;
  /** Infinity: to the end of the line. */
  readonly toField: number;
  /** 0: to the end of the field. */
  readonly toChar: number;
}

const ORDERINGS = "bdfgihMnRrV";

/** `-k 2,3n`: null when it is none. */
export function parseKey(text: string): SortKey | null {
  const match = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?$/.exec(text);
  if (match === null) return null;
  const [, field, char, first = "", toField, toChar, second = ""] = match;
  const letters = first + second;
  if (Number(field) < 1 || Array.from(letters).some((letter) => !ORDERINGS.includes(letter)))
    return null;
  return {
    fromField: Number(field),
    fromChar: Number(char ?? 1),
    toField: toField === undefined ? Infinity : Number(toField),
    toChar: Number(toChar ?? 0),
    letters,
  };
}

/** The part of a line that a key means. Without a delimiter, blanks before a field belong to it. */
export function keyText(line: string, key: SortKey, delimiter: string | null): string {
  const skips = key.letters.includes("b") || (delimiter === null && /[nghMV]/.test(key.letters));
  const starts = fieldStarts(line, delimiter);
  const start = starts[key.fromField - 1];
  if (start === undefined) return "";
  const blanks = skips ? (/^[ \t]*/.exec(line.slice(start))?.[0].length ?? 0) : 0;
  const from = start + blanks + key.fromChar - 1;
  if (key.toField === Infinity) return line.slice(from);
  const lastStart = starts[key.toField - 1];
  if (lastStart === undefined) return line.slice(from);
  const next = starts[key.toField];
  const fieldEnd = next === undefined ? line.length : next - (delimiter?.length ?? 0);
  return line.slice(from, key.toChar === 0 ? fieldEnd : Math.min(lastStart + key.toChar, fieldEnd));
}

function fieldStarts(line: string, delimiter: string | null): number[] {
  const starts = [0];
  if (delimiter === null) {
    for (const match of line.matchAll(/(?<=[^ \t])(?=[ \t])/g)) starts.push(match.index);
    return starts;
  }
  for (let at = line.indexOf(delimiter); at !== -1; at = line.indexOf(delimiter, at + 1))
    starts.push(at + delimiter.length);
  return starts;
}

const MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const UNITS = "KMGTPEZY";

/** Compares two keys as their letters say; `r` is not looked at. */
export function compareKeys(a: string, b: string, letters: string): number {
  if (letters.includes("n")) return numberOf(a) - numberOf(b);
  if (letters.includes("g")) return generalOf(a) - generalOf(b);
  if (letters.includes("h")) return humanOf(a) - humanOf(b);
  if (letters.includes("M")) return monthOf(a) - monthOf(b);
  if (letters.includes("V")) return compareVersions(a, b);
  const fold = (text: string): string => {
    let folded = text;
    if (letters.includes("d")) folded = folded.replaceAll(/[^\p{L}\p{Nd}\s]/gu, "");
    if (letters.includes("i")) folded = folded.replaceAll(/[^ -~]/g, "");
    return letters.includes("f") ? folded.toUpperCase() : folded;
  };
  return compareText(fold(a), fold(b));
}

/** By code points, as strings of UTF-8 compare. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function numberOf(text: string): number {
  return Number(/^\s*(-?\d*\.?\d*)/.exec(text)?.[1] ?? "") || 0;
}

function generalOf(text: string): number {
  const number = Number.parseFloat(text);
  return Number.isNaN(number) ? Number.NEGATIVE_INFINITY : number;
}

function humanOf(text: string): number {
  const match = /^\s*(-?\d*\.?\d*)([KkMGTPEZY]?)/.exec(text);
  const number = Number(match?.[1] ?? "") || 0;
  const unit = (match?.[2] ?? "").toUpperCase();
  // A larger unit is larger whatever the number (sort(1)); within a unit the number counts.
  return number * 1024 ** (unit === "" ? 0 : UNITS.indexOf(unit) + 1);
}

function monthOf(text: string): number {
  return MONTHS.indexOf(text.trimStart().slice(0, 3).toUpperCase());
}

/** As filevercmp of gnulib orders: digits by value, `~` before everything, letters before others. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [pieces(a), pieces(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [one = "", other = ""] = [left[at], right[at]];
    const isNumber = at % 2 === 1;
    const order = isNumber
      ? Number(one === "" ? 0 : one) - Number(other === "" ? 0 : other)
      : compareVersionText(one, other);
    if (order !== 0) return order;
  }
  return compareText(a, b);
}

function pieces(text: string): string[] {
  return text.split(/(\d+)/);
}

function compareVersionText(a: string, b: string): number {
  const rank = (char: string | undefined): number => {
    if (char === undefined) return 0;
    if (char === "~") return -1;
    return /[A-Za-z]/.test(char) ? char.charCodeAt(0) : char.charCodeAt(0) + 256;
  };
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const order = rank(a[at]) - rank(b[at]);
    if (order !== 0) return order;
  }
  return 0;
}
