import {
  type Difference,
  type Entry,
  isIgnored,
  isSame,
  kindOf,
  type Picture,
  type Standing,
  type Unkept,
} from "./picture.ts";

type FileEntry = Extract<Entry, { type: "file" }>;

/** A path at which something else stands than is to stand there. */
interface Step {
  readonly path: string;
  readonly entry: Exclude<Entry, { type: "unkept" }> | undefined;
  readonly stands: Standing;
}

/** Why a path stays as it is; `in_the_way`: something that is not kept stands there or above it. */
export type SkipReason = Unkept | "in_the_way";

export interface Skip {
  readonly path: string;
  readonly why: SkipReason;
}

/** What a restore does, in this order. Paths are relative to the root of the workspace. */
export interface RestorePlan {
  /** Directories that stay and get another mode: what is in them is changed before that. */
  readonly openDirectories: readonly { readonly path: string; readonly mode: number }[];
  /** Files that go. */
  readonly removeFiles: readonly string[];
  /** Directories that go when they are empty by then, the deepest first. */
  readonly removeDirectories: readonly string[];
  /** Directories that come back, those above first. */
  readonly makeDirectories: readonly string[];
  readonly writeFiles: readonly { readonly path: string; readonly entry: FileEntry }[];
  /** Of what is there already or is back by then. */
  readonly setModes: readonly { readonly path: string; readonly mode: number }[];
  readonly skips: readonly Skip[];
}

/**
 * How the workspace becomes again what it was. What was not kept is left alone, and named.
 *
 * @param was what stood where, of all that may have changed since
 * @param isWanted which paths are to be so again
 */
export function planRestore(
  now: Picture,
  was: Difference,
  isWanted: (path: string) => boolean,
): RestorePlan {
  const wanted = [...was].filter(([path]) => isWanted(path)).toSorted(byPath);
  // Files that give way to what is to be below them.
  const goes = new Set<string>();
  const skips: Skip[] = [];
  const steps: Step[] = [];
  for (const [path, entry] of wanted) {
    const stands = now.get(path);
    if (isSame(entry, stands)) continue;
    const why = reasonToSkip(path, entry, stands, { now, goes });
    if (why !== undefined) skips.push({ path, why });
    else if (entry?.type !== "unkept") steps.push({ path, entry, stands });
    if (why === undefined && entry?.type !== "file") goes.add(path);
  }
  const leaving = (kind: "file" | "directory"): string[] =>
    steps
      .filter(({ entry, stands }) => kindOf(stands) === kind && entry?.type !== kind)
      .map(({ path }) => path);
  return {
    openDirectories: steps.flatMap(({ path, entry, stands }) =>
      entry?.type === "directory" && stands?.type === "directory"
        ? [{ path, mode: entry.mode }]
        : [],
    ),
    removeFiles: leaving("file"),
    removeDirectories: leaving("directory").toReversed(),
    makeDirectories: steps
      .filter(({ entry, stands }) => entry?.type === "directory" && kindOf(stands) !== "directory")
      .map(({ path }) => path),
    writeFiles: steps.flatMap(({ path, entry, stands }) =>
      entry?.type === "file" && !hasContent(stands, entry) ? [{ path, entry }] : [],
    ),
    setModes: steps.flatMap(({ path, entry, stands }) =>
      entry === undefined || hasMode(stands, entry) ? [] : [{ path, mode: entry.mode }],
    ),
    skips,
  };
}

/** Every path that a plan changes. */
export function pathsOf(plan: RestorePlan): string[] {
  const files = plan.writeFiles.map(({ path }) => path);
  const modes = plan.setModes.map(({ path }) => path);
  const gone = [...plan.removeFiles, ...plan.removeDirectories];
  return [...new Set([...gone, ...plan.makeDirectories, ...files, ...modes])].toSorted();
}

function reasonToSkip(
  path: string,
  entry: Standing,
  stands: Standing,
  { now, goes }: { readonly now: Picture; readonly goes: ReadonlySet<string> },
): SkipReason | undefined {
  if (entry?.type === "unkept") return entry.why;
  // What git has begun to ignore since was kept before, and comes back or goes like all else.
  if (stands?.type === "unkept" && (!isIgnored(stands) || stands.is === "symlink"))
    return stands.why;
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
    const above = path.slice(0, end);
    const there = now.get(above);
    const kind = kindOf(there);
    if (kind === undefined || kind === "directory") continue;
    if (kind === "symlink" || !goes.has(above)) return "in_the_way";
  }
  return undefined;
}

/** What is written over keeps its mode. */
function hasMode(stands: Standing, { type, mode }: NonNullable<Step["entry"]>): boolean {
  return stands?.type === type && stands.mode === mode;
}

function hasContent(stands: Standing, { hash }: FileEntry): boolean {
  return stands?.type === "file" && stands.hash === hash;
}

/** Whether a path is one of these, or below one; without any, each is. */
export function isWithin(path: string, paths: readonly string[] | undefined): boolean {
  if (paths === undefined) return true;
  return paths.some((top) => top === "." || path === top || path.startsWith(`${top}/`));
}

function byPath([one]: readonly [string, Standing], [other]: readonly [string, Standing]): number {
  return one < other ? -1 : 1;
}
