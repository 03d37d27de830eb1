import type { Change } from "./changes.ts";

/** The lines of one side, and whether the last of them had its end. */
export interface Side {
  readonly lines: readonly string[];
  readonly endsInLine: boolean;
}

function shownLine(mark: string, side: Side, index: number): string {
  const isOpen = index === side.lines.length - 1 && !side.endsInLine;
  return `${mark}${side.lines[index] ?? ""}\n${isOpen ? "\\ No newline at end of file\n" : ""}`;
}

function range(from: number, to: number): string {
  return to - from <= 1 ? String(to === from ? from : from + 1) : `${from + 1},${to}`;
}

/** The format of diff without options (POSIX.1-2017, diff, "Diff Default Output Format"). */
export function normalFormat(changes: readonly Change[], a: Side, b: Side): string {
  let text = "";
  for (const { aFrom, aTo, bFrom, bTo } of changes) {
    const letter = aFrom === aTo ? "a" : bFrom === bTo ? "d" : "c";
    text += `${range(aFrom, aTo)}${letter}${range(bFrom, bTo)}\n`;
    for (let at = aFrom; at < aTo; at++) text += shownLine("< ", a, at);
    if (letter === "c") text += "---\n";
    for (let at = bFrom; at < bTo; at++) text += shownLine("> ", b, at);
  }
  return text;
}

/** Groups of changes that share their context. */
function hunks(changes: readonly Change[], context: number): Change[][] {
  const groups: Change[][] = [];
  for (const change of changes) {
    const last = groups.at(-1)?.at(-1);
    if (last !== undefined && change.aFrom - last.aTo <= context * 2) groups.at(-1)?.push(change);
    else groups.push([change]);
  }
  return groups;
}

interface View {
  readonly aFrom: number;
  readonly aTo: number;
  readonly bFrom: number;
  readonly bTo: number;
}

function windowOf(group: readonly Change[], context: number, a: Side): View | null {
  const [first, last] = [group[0], group.at(-1)];
  if (first === undefined || last === undefined) return null;
  const before = Math.min(context, first.aFrom);
  const after = Math.min(context, a.lines.length - last.aTo);
  return {
    aFrom: first.aFrom - before,
    aTo: last.aTo + after,
    bFrom: first.bFrom - before,
    bTo: last.bTo + after,
  };
}

export interface Labels {
  readonly a: string;
  readonly b: string;
}

/** `diff -u` (POSIX.1-2017, diff, "Diff -u or -U Output Format"). */
export function unifiedFormat(
  changes: readonly Change[],
  [a, b]: readonly [Side, Side],
  labels: Labels,
  context: number,
): string {
  let text = `--- ${labels.a}\n+++ ${labels.b}\n`;
  for (const group of hunks(changes, context)) {
    const view = windowOf(group, context, a);
    if (view === null) continue;
    const span = (from: number, to: number): string => {
      const count = to - from;
      const start = count === 0 ? from : from + 1;
      return count === 1 ? String(start) : `${start},${count}`;
    };
    text += `@@ -${span(view.aFrom, view.aTo)} +${span(view.bFrom, view.bTo)} @@\n`;
    let at = view.aFrom;
    for (const change of group) {
      for (; at < change.aFrom; at++) text += shownLine(" ", a, at);
      for (; at < change.aTo; at++) text += shownLine("-", a, at);
      for (let bt = change.bFrom; bt < change.bTo; bt++) text += shownLine("+", b, bt);
    }
    for (; at < view.aTo; at++) text += shownLine(" ", a, at);
  }
  return text;
}

/** `diff -c` (POSIX.1-2017, diff, "Diff -c or -C Output Format"). */
export function contextFormat(
  changes: readonly Change[],
  [a, b]: readonly [Side, Side],
  labels: Labels,
  context: number,
): string {
  let text = `*** ${labels.a}\n--- ${labels.b}\n`;
  for (const group of hunks(changes, context)) {
    const view = windowOf(group, context, a);
    if (view === null) continue;
    const span = (from: number, to: number): string =>
      to - from <= 1 ? String(to) : `${from + 1},${to}`;
    text += `***************\n*** ${span(view.aFrom, view.aTo)} ****\n`;
    if (group.some(({ aFrom, aTo }) => aFrom !== aTo))
      text += contextSide(a, view.aFrom, view.aTo, group, (change) => [
        change.aFrom,
        change.aTo,
        "-",
      ]);
    text += `--- ${span(view.bFrom, view.bTo)} ----\n`;
    if (group.some(({ bFrom, bTo }) => bFrom !== bTo))
      text += contextSide(b, view.bFrom, view.bTo, group, (change) => [
        change.bFrom,
        change.bTo,
        "+",
      ]);
  }
  return text;
}

function contextSide(
  side: Side,
  from: number,
  to: number,
  group: readonly Change[],
  of: (change: Change) => readonly [number, number, string],
): string {
  let text = "";
  for (let at = from; at < to; at++) {
    const change = group.find((one) => at >= of(one)[0] && at < of(one)[1]);
    const isBoth =
      change !== undefined && change.aFrom !== change.aTo && change.bFrom !== change.bTo;
    const mark = change === undefined ? " " : isBoth ? "!" : of(change)[2];
    text += shownLine(`${mark} `, side, at);
  }
  return text;
}
