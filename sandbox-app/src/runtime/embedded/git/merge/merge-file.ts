import { type Change, changedLines } from "../diff/changed-lines.ts";
import { bytesOf, byteText, splitLines } from "../diff/byte-text.ts";
import { asByteText } from "../diff/byte-text.ts";
import type { Bytes } from "../objects/bytes.ts";

export interface Labels {
  readonly ours: string;
  readonly theirs: string;
}

export interface MergedFile {
  readonly content: Bytes;
  readonly conflicts: number;
}

type Lines = readonly string[];

type Block =
  | { readonly kind: "same"; readonly lines: Lines }
  | { readonly kind: "conflict"; readonly ours: Lines; readonly theirs: Lines };

/** Conflicts with no more than this between them become one, as in git. */
const JOIN_LINES = 3;
const MARKER = 7;

/** Merges two versions of a text that both come from a third one (git-merge-file(1)). */
export function mergeFile(base: Bytes, ours: Bytes, theirs: Bytes, labels: Labels): MergedFile {
  const [original, left, right] = [base, ours, theirs].map((one) => splitLines(byteText(one)));
  const blocks = joined(threeWay(original ?? [], left ?? [], right ?? []).flatMap(refined));
  const text = blocks.map((block) => format(block, labels)).join("");
  const conflicts = blocks.filter(({ kind }) => kind === "conflict").length;
  return { content: bytesOf(text), conflicts };
}

function threeWay(base: Lines, ours: Lines, theirs: Lines): Block[] {
  const [left, right] = [changedLines(base, ours), changedLines(base, theirs)];
  const blocks: Block[] = [];
  let [at, atLeft, atRight] = [0, 0, 0];
  // How much longer each side is than the base so far.
  let [moveLeft, moveRight] = [0, 0];
  while (atLeft < left.length || atRight < right.length) {
    const start = Math.min(
      left[atLeft]?.oldStart ?? Infinity,
      right[atRight]?.oldStart ?? Infinity,
    );
    let end = start;
    const [fromLeft, fromRight] = [atLeft, atRight];
    for (let grew = true; grew;) {
      grew = false;
      while (touches(left[atLeft], start, end, atRight > fromRight || atLeft > fromLeft)) {
        end = Math.max(end, left[atLeft]?.oldEnd ?? end);
        atLeft += 1;
        grew = true;
      }
      while (touches(right[atRight], start, end, atRight > fromRight || atLeft > fromLeft)) {
        end = Math.max(end, right[atRight]?.oldEnd ?? end);
        atRight += 1;
        grew = true;
      }
    }
    blocks.push({ kind: "same", lines: base.slice(at, start) });
    const [nextLeft, nextRight] = [
      moveLeft + growth(left.slice(fromLeft, atLeft)),
      moveRight + growth(right.slice(fromRight, atRight)),
    ];
    const mine = ours.slice(start + moveLeft, end + nextLeft);
    const other = theirs.slice(start + moveRight, end + nextRight);
    if (atLeft === fromLeft) blocks.push({ kind: "same", lines: other });
    else if (atRight === fromRight || sameLines(mine, other))
      blocks.push({ kind: "same", lines: mine });
    else blocks.push({ kind: "conflict", ours: mine, theirs: other });
    [at, moveLeft, moveRight] = [end, nextLeft, nextRight];
  }
  blocks.push({ kind: "same", lines: base.slice(at) });
  return blocks;
}

/** Changes that meet, even without a line between them, belong together. */
function touches(change: Change | undefined, start: number, end: number, hasAny: boolean): boolean {
  if (change === undefined) return false;
  return hasAny ? change.oldStart <= end : change.oldStart === start;
}

function growth(changes: readonly Change[]): number {
  return changes.reduce(
    (sum, { oldStart, oldEnd, newStart, newEnd }) => sum + newEnd - newStart - (oldEnd - oldStart),
    0,
  );
}

/** What both sides of a conflict have in common is none. */
function refined(block: Block): Block[] {
  if (block.kind === "same") return [block];
  const { ours, theirs } = block;
  if (ours.length === 0 || theirs.length === 0) return [block];
  const found: Block[] = [];
  let at = 0;
  for (const { oldStart, oldEnd, newStart, newEnd } of changedLines(ours, theirs)) {
    found.push({ kind: "same", lines: ours.slice(at, oldStart) });
    found.push({
      kind: "conflict",
      ours: ours.slice(oldStart, oldEnd),
      theirs: theirs.slice(newStart, newEnd),
    });
    at = oldEnd;
  }
  found.push({ kind: "same", lines: ours.slice(at) });
  return found;
}

function joined(blocks: readonly Block[]): Block[] {
  const found: Block[] = [];
  for (const block of blocks) {
    if (block.kind === "same" && block.lines.length === 0) continue;
    const [before, between] = [found.at(-2), found.at(-1)];
    if (block.kind === "conflict" && between?.kind === "conflict") {
      found.splice(-1, 1, both(between, [], block));
    } else if (
      block.kind === "conflict" &&
      before?.kind === "conflict" &&
      between?.kind === "same" &&
      between.lines.length <= JOIN_LINES
    ) {
      found.splice(-2, 2, both(before, between.lines, block));
    } else {
      found.push(block);
    }
  }
  return found;
}

type Conflict = Extract<Block, { kind: "conflict" }>;

function both(one: Conflict, between: Lines, other: Conflict): Conflict {
  return {
    kind: "conflict",
    ours: [...one.ours, ...between, ...other.ours],
    theirs: [...one.theirs, ...between, ...other.theirs],
  };
}

function sameLines(one: Lines, other: Lines): boolean {
  return one.length === other.length && one.every((line, at) => line === other[at]);
}

function format(block: Block, labels: Labels): string {
  if (block.kind === "same") return block.lines.join("");
  const end = [...block.ours, ...block.theirs].some((line) => line.endsWith("\r\n"))
    ? "\r\n"
    : "\n";
  const side = (lines: Lines): string => {
    const text = lines.join("");
    return text === "" || text.endsWith("\n") ? text : `${text}${end}`;
  };
  const marker = (sign: string, label: string): string =>
    `${sign.repeat(MARKER)}${label === "" ? "" : ` ${asByteText(label)}`}${end}`;
  return (
    marker("<", labels.ours) +
    side(block.ours) +
    marker("=", "") +
    side(block.theirs) +
    marker(">", labels.theirs)
  );
}
