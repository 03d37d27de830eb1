import { baseName } from "../repository/disk.ts";
import { comparePaths } from "../objects/bytes.ts";
import { type FileChange, pathOf, type Side } from "./file-change.ts";
import { SCORE_MAX, Similarity, type Sized } from "./similarity.ts";

/** Least likeness of a rename, as `-M50%`. */
const LEAST = SCORE_MAX / 2;
/** Least likeness when only the directory changed: half way from there to the same. */
const LEAST_SAME_NAME = LEAST + (SCORE_MAX - LEAST) / 2;
/** Pairs that are compared; beyond it only equal files are found (`diff.renameLimit`, squared). */
const PAIRS_MAX = 1_000_000;
const TYPE_BITS = 0o170000;
const EMPTY_BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

interface Pair {
  readonly from: Side;
  readonly to: Side;
  readonly score: number;
}

type Read = (side: Side) => Promise<Uint8Array>;

/**
 * Turns deleted and added files that are alike into renames (gitdiffcore(7), "diffcore-rename").
 *
 * @param emptyToo whether empty files may have been renamed; a merge does not think so
 */
export async function findRenames(
  changes: readonly FileChange[],
  read: Read,
  emptyToo = true,
): Promise<FileChange[]> {
  const usable = (side: Side | null): Side[] =>
    side === null || (!emptyToo && side.oid === EMPTY_BLOB) ? [] : [side];
  const sources = changes.flatMap(({ status, before }) => (status === "D" ? usable(before) : []));
  const targets = changes.flatMap(({ status, after }) => (status === "A" ? usable(after) : []));
  if (sources.length === 0 || targets.length === 0) return [...changes];
  const search = new RenameSearch(sources, targets, read);
  search.equalFiles();
  await search.sameNames();
  await search.likeFiles();
  const byTarget = new Map(search.pairs.map((pair) => [pair.to, pair]));
  const moved = new Set(search.pairs.map(({ from }) => from));
  return changes
    .flatMap((change): FileChange[] => {
      if (change.status === "D" && change.before && moved.has(change.before)) return [];
      const pair = change.status === "A" && change.after ? byTarget.get(change.after) : undefined;
      if (pair === undefined) return [change];
      const similarity = Math.floor((pair.score * 100) / SCORE_MAX);
      return [{ status: "R", before: pair.from, after: pair.to, similarity }];
    })
    .toSorted((one, other) => comparePaths(pathOf(one), pathOf(other)));
}

class RenameSearch {
  readonly pairs: Pair[] = [];
  #sources: readonly Side[];
  #targets: readonly Side[];
  readonly #read: Read;
  readonly #similarity = new Similarity();
  readonly #contents = new Map<Side, Sized>();

  constructor(sources: readonly Side[], targets: readonly Side[], read: Read) {
    this.#sources = sources;
    this.#targets = targets;
    this.#read = read;
  }

  equalFiles(): void {
    for (const to of this.#targets) {
      const equal = this.#sources.filter(
        (from) => from.oid === to.oid && sameType(from, to) && !this.#isTaken(from),
      );
      const from = equal.find((one) => baseName(one.path) === baseName(to.path)) ?? equal[0];
      if (from !== undefined) this.pairs.push({ from, to, score: SCORE_MAX });
    }
    this.#drop();
  }

  /** Files that were only moved, when each name stands once on both sides. */
  async sameNames(): Promise<void> {
    const [before, after] = [onlyOnes(this.#sources), onlyOnes(this.#targets)];
    for (const [name, from] of before) {
      const to = after.get(name);
      if (from === null || to === undefined || to === null) continue;
      const score = await this.#score(from, to, LEAST_SAME_NAME);
      if (score >= LEAST_SAME_NAME) this.pairs.push({ from, to, score });
    }
    this.#drop();
  }

  async likeFiles(): Promise<void> {
    if (this.#sources.length * this.#targets.length > PAIRS_MAX) return;
    const candidates: (Pair & { readonly sameName: boolean })[] = [];
    for (const to of this.#targets) {
      for (const from of this.#sources) {
        const score = await this.#score(from, to, LEAST);
        const sameName = baseName(from.path) === baseName(to.path);
        if (score >= LEAST) candidates.push({ from, to, score, sameName });
      }
    }
    candidates.sort((a, b) => b.score - a.score || Number(b.sameName) - Number(a.sameName));
    const [usedFrom, usedTo] = [new Set<Side>(), new Set<Side>()];
    for (const { from, to, score } of candidates) {
      if (usedFrom.has(from) || usedTo.has(to)) continue;
      usedFrom.add(from);
      usedTo.add(to);
      this.pairs.push({ from, to, score });
    }
  }

  #isTaken(from: Side): boolean {
    return this.pairs.some((pair) => pair.from === from);
  }

  #drop(): void {
    const [froms, tos] = [this.pairs.map(({ from }) => from), this.pairs.map(({ to }) => to)];
    this.#sources = this.#sources.filter((side) => !froms.includes(side));
    this.#targets = this.#targets.filter((side) => !tos.includes(side));
  }

  async #score(from: Side, to: Side, least: number): Promise<number> {
    // Links and the like are renamed only when they are equal.
    if (!sameType(from, to) || (from.mode & TYPE_BITS) !== 0o100000) return 0;
    return this.#similarity.score(await this.#content(from), await this.#content(to), least);
  }

  async #content(side: Side): Promise<Sized> {
    const known = this.#contents.get(side) ?? { oid: side.oid, bytes: await this.#read(side) };
    this.#contents.set(side, known);
    return known;
  }
}

function sameType(one: Side, other: Side): boolean {
  return (one.mode & TYPE_BITS) === (other.mode & TYPE_BITS);
}

/** By name; null where several have it. */
function onlyOnes(sides: readonly Side[]): Map<string, Side | null> {
  const found = new Map<string, Side | null>();
  for (const side of sides) {
    const name = baseName(side.path);
    found.set(name, found.has(name) ? null : side);
  }
  return found;
}
