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
  const left = new Version(ours, changedLines(base, ours));
  const right = new Version(theirs, changedLines(base, theirs));
  const blocks: Block[] = [];
  let at = 0;
  while (left.next !== Infinity || right.next !== Infinity) {
    const start = Math.min(left.next, right.next);
    left.begin(start);
    right.begin(start);
    let [before, end] = [start, start];
    do {
      before = end;
      end = right.take(left.take(end));
    } while (end !== before);
    blocks.push({ kind: "same", lines: base.slice(at, start) });
    blocks.push(blockOf(left, right, end));
    at = end;
  }
  blocks.push({ kind: "same", lines: base.slice(at) });
  return blocks;
}

function blockOf(left: Version, right: Version, end: number): Block {
  const [ours, theirs] = [left.until(end), right.until(end)];
  if (!left.isChanged) return { kind: "same", lines: theirs };
  if (!right.isChanged || sameLines(ours, theirs)) return { kind: "same", lines: ours };
  return { kind: "conflict", ours, theirs };
}

/** One of the two versions, gone through along the base. */
class Version {
  /** Whether it changed something since `begin`. */
  isChanged = false;
  readonly #lines: Lines;
  readonly #changes: readonly Change[];
  #at = 0;
  #start = 0;
  /** How much longer it is than the base so far. */
  #move = 0;

  constructor(lines: Lines, changes: readonly Change[]) {
    this.#lines = lines;
    this.#changes = changes;
  }

  /** Line of the base where the next change is. */
  get next(): number {
    return this.#changes[this.#at]?.oldStart ?? Infinity;
  }

  begin(line: number): void {
    this.isChanged = false;
    this.#start = line + this.#move;
  }

  /**
   * Takes the changes up to a line; those that meet, even without a line between them, belong together.
   *
   * @returns where the last one ends
   */
  take(line: number): number {
    let end = line;
    for (let change = this.#changes[this.#at]; change && change.oldStart <= end;) {
      end = Math.max(end, change.oldEnd);
      this.#move += change.newEnd - change.newStart - (change.oldEnd - change.oldStart);
      this.isChanged = true;
      this.#at += 1;
      change = this.#changes[this.#at];
    }
    return end;
  }

  /** Its lines since `begin`, up to a line of the base. */
  until(line: number): Lines {
    return this.#lines.slice(this.#start, line + this.#move);
  }
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
