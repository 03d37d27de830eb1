import { type Change, changedLines } from "./changed-lines.ts";

/** Most of a function's line that a hunk's header shows. */
const HEADING_MAX = 80;

/** The lines of a unified diff, without the header of the file; byte texts in and out. */
export function formatHunks(
  before: readonly string[],
  after: readonly string[],
  context: number,
): string {
  let text = "";
  for (const group of groups(changedLines(before, after), context)) {
    text += formatHunk(before, after, group, context);
  }
  return text;
}

/** Changes so near to each other that their context meets. */
function groups(changes: readonly Change[], context: number): Change[][] {
  const found: Change[][] = [];
  for (const change of changes) {
    const last = found.at(-1);
    const end = last?.at(-1)?.oldEnd;
    if (last !== undefined && end !== undefined && change.oldStart - end <= 2 * context)
      last.push(change);
    else found.push([change]);
  }
  return found;
}

function formatHunk(
  before: readonly string[],
  after: readonly string[],
  changes: readonly Change[],
  context: number,
): string {
  const [first, last] = [changes[0], changes.at(-1)];
  if (first === undefined || last === undefined) return "";
  const lead = Math.min(context, first.oldStart, first.newStart);
  const trail = Math.min(context, before.length - last.oldEnd, after.length - last.newEnd);
  const [oldStart, newStart] = [first.oldStart - lead, first.newStart - lead];
  const oldCount = last.oldEnd + trail - oldStart;
  const newCount = last.newEnd + trail - newStart;
  let text = `@@ -${range(oldStart, oldCount)} +${range(newStart, newCount)} @@`;
  text += `${headingBefore(before, oldStart)}\n`;
  let at = oldStart;
  for (const change of changes) {
    for (; at < change.oldStart; at += 1) text += line(" ", before[at]);
    for (; at < change.oldEnd; at += 1) text += line("-", before[at]);
    for (let added = change.newStart; added < change.newEnd; added += 1)
      text += line("+", after[added]);
  }
  for (; at < last.oldEnd + trail; at += 1) text += line(" ", before[at]);
  return text;
}

function range(start: number, count: number): string {
  const first = count === 0 ? start : start + 1;
  return count === 1 ? String(first) : `${first},${count}`;
}

function line(sign: string, text = ""): string {
  return text.endsWith("\n") ? `${sign}${text}` : `${sign}${text}\n\\ No newline at end of file\n`;
}

/** The last line above that begins like a declaration. */
function headingBefore(lines: readonly string[], start: number): string {
  for (let at = start - 1; at >= 0; at -= 1) {
    const text = lines[at] ?? "";
    if (!/^[A-Za-z_$]/.test(text)) continue;
    return ` ${text.trimEnd().slice(0, HEADING_MAX).trimEnd()}`;
  }
  return "";
}
