import { EDITS_MAX } from "#protocol/limits.ts";
import type { Edit } from "#sandbox/edits/apply-edits.ts";
import { asPut, type Expected, lf, timesIn, withoutTrailing } from "./oracle.ts";
import { type ChangedLines, linesOf, type TextUpdate } from "./transition.ts";

/** Changes of one file that are also tried one by one. */
const SINGLES_MAX = 20;
/** Lines around a change that a caller gives at most to make it unique. */
const CONTEXT_MAX = 60;

export interface EditCase {
  readonly kind: string;
  readonly text: string;
  readonly edits: readonly Edit[];
  readonly expected: Expected;
  /** What git has once this change is made; the rules may give it other line ends. */
  readonly target: string;
}

/** Characters of a text that change. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly now: string;
}

/** How a caller writes what it saw: as it is, or as models do. */
interface Style {
  readonly kind: string;
  /** Lines around a change that are given in any case. */
  readonly context: number;
  readonly write: (text: string) => string;
  readonly writeNew: (text: string) => string;
  readonly isOther: (old: string) => boolean;
}

const asIs: Style = {
  kind: "lines",
  context: 0,
  write: (text) => text,
  writeNew: (text) => text,
  isOther: () => true,
};
const styles: readonly Style[] = [
  {
    kind: "lines typed with LF",
    context: 0,
    write: lf,
    writeNew: lf,
    isOther: (old) => old.includes("\r\n"),
  },
  {
    kind: "lines without their trailing space",
    context: 6,
    write: (text) => withoutTrailing(lf(text)),
    writeNew: (text) => text,
    // Without a newline at its end, the space after the last line is not part of the place.
    isOther: (old) => /[ \t]\r?\n/.test(old) && old.endsWith("\n"),
  },
];

/** The calls of edit_file with which a caller would make the change. */
export function editCases(change: TextUpdate): EditCase[] {
  const { before } = change;
  const places = placesIn(before, change.changed);
  const singles = places.slice(0, SINGLES_MAX);
  const cases = allAtOnce(before, places);
  for (const place of singles) {
    cases.push(...bareLines(before, place), ...withinLine(before, place));
    for (const style of styles) cases.push(...oneEdit(before, place, style));
  }
  return cases.concat(everyPlace(before, places));
}

function placesIn(before: string, changed: readonly ChangedLines[]): Place[] {
  const starts = [0];
  for (const line of linesOf(before)) starts.push(starts.at(-1)! + line.length);
  return changed.map(({ at, old, now }) => {
    const start = starts[at] ?? before.length;
    return { start, end: start + old.join("").length, now: now.join("") };
  });
}

/** All changes of a file in as few calls as may be; from its end, so that no place moves. */
function allAtOnce(before: string, places: readonly Place[]): EditCase[] {
  const cases: EditCase[] = [];
  let [text, target] = [before, before];
  let rest = places.toReversed();
  while (rest.length > 0) {
    const [edits, start]: [Edit[], string] = [[], text];
    for (const place of rest.slice(0, EDITS_MAX)) {
      const made = unique(text, place, asIs);
      if (made === null) return cases;
      const put = text.slice(0, made.start) + made.put + text.slice(made.end);
      target = target.slice(0, place.start) + place.now + target.slice(place.end);
      // In a file of CRLF alone, lines whose ends are all that changes stay as they are.
      if (put !== text) edits.push(made.edit);
      text = put;
    }
    rest = rest.slice(EDITS_MAX);
    if (edits.length === 0) continue;
    cases.push({ kind: "all edits of a file", text: start, edits, expected: { text }, target });
  }
  return cases;
}

function oneEdit(text: string, place: Place, style: Style): EditCase[] {
  const made = unique(text, place, style);
  if (made === null || !style.isOther(text.slice(made.start, made.end))) return [];
  const put = text.slice(0, made.start) + made.put + text.slice(made.end);
  const isSame = made.edit.old_text === made.edit.new_text || put === text;
  const expected: Expected = isSame ? { refused: "identical" } : { text: put };
  return [{ kind: style.kind, text, edits: [made.edit], expected, target: targetOf(text, place) }];
}

/** Takes lines around a change until it is there once; null when there are too many of it. */
function unique(text: string, { start, end, now }: Place, { write, writeNew, context }: Style) {
  const seen = write(text);
  let [from, to] = [start, end];
  for (let lines = 0; lines <= CONTEXT_MAX; lines += 1) {
    const old = text.slice(from, to);
    const wanted = write(old);
    const isAll = from === 0 && to === text.length;
    const isEnough = lines >= context || isAll;
    if (isEnough && wanted.trim() !== "" && timesIn(seen, wanted) === 1) {
      const fresh = text.slice(from, start) + now + text.slice(end, to);
      const edit = { old_text: wanted, new_text: writeNew(fresh), replace_all: false };
      const put = asPut(text, old, edit.new_text, wanted === old);
      return { start: from, end: to, edit, put };
    }
    if (isAll) return null;
    const isUp = to === text.length || (lines % 2 === 0 && from > 0);
    if (isUp) from = text.lastIndexOf("\n", from - 2) + 1;
    else to = text.indexOf("\n", to) + 1 || text.length;
  }
  return null;
}

/** The lines alone: refused where they are several times, or are nothing but space. */
function bareLines(text: string, place: Place): EditCase[] {
  const { start, end, now } = place;
  const old = text.slice(start, end);
  if (old === "") return [];
  const edits = [{ old_text: old, new_text: now, replace_all: false }];
  const expected = expectedOf(text, old, now);
  return [{ kind: "lines alone", text, edits, expected, target: targetOf(text, place) }];
}

function targetOf(text: string, { start, end, now }: Place): string {
  return text.slice(0, start) + now + text.slice(end);
}

function expectedOf(text: string, old: string, now: string): Expected {
  if (old.trim() === "") return { refused: "empty" };
  if (timesIn(text, old) > 1) return { refused: "not_unique" };
  const at = text.indexOf(old);
  const put = text.slice(0, at) + asPut(text, old, now, true) + text.slice(at + old.length);
  return put === text ? { refused: "identical" } : { text: put };
}

/** Only the characters that change, and as many beside them as make them unique. */
function withinLine(text: string, place: Place): EditCase[] {
  const old = text.slice(place.start, place.end);
  if (linesOf(old).length !== 1 || linesOf(place.now).length !== 1) return [];
  const { now } = place;
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const changed = now.slice(head, now.length - tail);
  let [from, to] = [place.start + head, place.end - tail];
  for (let chars = 0; chars < 200; chars += 1) {
    const wanted = text.slice(from, to);
    const fresh = text.slice(from, place.start + head) + changed + text.slice(place.end - tail, to);
    if (isWhole(text, from) && isWhole(text, to) && fresh.isWellFormed()) {
      const expected = expectedOf(text, wanted, fresh);
      if ("text" in expected) {
        const edits = [{ old_text: wanted, new_text: fresh, replace_all: false }];
        const target = targetOf(text, place);
        return [{ kind: "within a line", text, edits, expected, target }];
      }
    }
    if (chars % 2 === 0 ? from > 0 : to === text.length) from = Math.max(0, from - 1);
    else to = Math.min(text.length, to + 1);
  }
  return [];
}

/** Neither between the halves of a character nor within a line's end. */
function isWhole(text: string, place: number): boolean {
  const isLow = /[\uDC00-\uDFFF]/.test(text[place] ?? "");
  return !isLow && !(text[place] === "\n" && text[place - 1] === "\r");
}

/** Where the same lines change in the same way everywhere: one edit with replace_all. */
function everyPlace(text: string, places: readonly Place[]): EditCase[] {
  const groups = Map.groupBy(places, ({ start, end, now }) =>
    JSON.stringify([text.slice(start, end), now]),
  );
  return [...groups].flatMap(([key, group]) => {
    const [old, now] = JSON.parse(key) as [string, string];
    const times = text.split(old).length - 1;
    if (old.trim() === "" || group.length < 2 || times !== group.length) return [];
    const done = text.split(old).join(asPut(text, old, now, true));
    if (done === text) return [];
    const edits = [{ old_text: old, new_text: now, replace_all: true }];
    const target = text.split(old).join(now);
    return [{ kind: "every place", text, edits, expected: { text: done }, target }];
  });
}
