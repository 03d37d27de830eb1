import { FileError, type FileType, type Files } from "../runtime/runtime.ts";
import type { IgnoreRules } from "../search/ignore-rules.ts";
import { rulesAbove, skippedDirectories, withOwnRules } from "../search/own-rules.ts";

/** Entries that one listing looks at; a larger tree is told as truncated. */
export const TREE_ENTRIES_MAX = 100_000;

/** Directories read at the same time: hides the way to the runtime without flooding it. */
const PARALLEL = 16;

interface TreeEntry {
  /** Relative to the directory that is listed. */
  readonly path: string;
  readonly type: FileType;
}

/** A directory that is still to be looked into; `""` for the one that is listed. */
interface Ahead {
  readonly path: string;
  /** Those above it; undefined when nothing is to be hidden. */
  readonly rules: IgnoreRules | undefined;
}

/** Where what git ignores is told from the rest. */
export interface Hiding {
  /** Absolute path where the rules begin, usually the workspace. */
  readonly top: string;
}

export interface Tree {
  readonly entries: readonly TreeEntry[];
  /** What was left out; a directory counts once, whatever is in it. */
  readonly hidden: number;
  readonly complete: boolean;
}

/**
 * Everything below a directory, to a depth, sorted by path in code unit order. Follows no links.
 *
 * @param directory absolute, after its links; below the top, if any
 * @param hiding leaves out what git ignores, and what it or packages keep; undefined: nothing
 */
export async function listTree(
  files: Files,
  directory: string,
  depth: number,
  signal: AbortSignal,
  hiding?: Hiding,
): Promise<Tree> {
  const entries: TreeEntry[] = [];
  let hidden = 0;
  const start = hiding && directory.slice(hiding.top.length + 1);
  const rules = hiding && (await rulesAbove(files, hiding.top, start ?? ""));
  let level: Ahead[] = [{ path: "", rules }];
  for (let left = depth; left > 0 && level.length > 0; left--) {
    const below: Ahead[] = [];
    for (let at = 0; at < level.length && entries.length < TREE_ENTRIES_MAX; at += PARALLEL) {
      signal.throwIfAborted();
      const batch = level.slice(at, at + PARALLEL);
      const lists = await Promise.all(
        batch.map((ahead) => listOne(files, directory, ahead, start ?? "", hiding?.top)),
      );
      for (const list of lists) {
        hidden += list.hidden;
        entries.push(...list.entries);
        const directories = list.entries.filter(({ type }) => type === "directory");
        below.push(...directories.map(({ path }) => ({ path, rules: list.rules })));
      }
    }
    level = below;
  }
  const complete = entries.length < TREE_ENTRIES_MAX;
  entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { entries: entries.slice(0, TREE_ENTRIES_MAX), hidden, complete };
}

async function listOne(
  files: Files,
  directory: string,
  { path, rules: above }: Ahead,
  start: string,
  top: string | undefined,
): Promise<{ entries: TreeEntry[]; hidden: number; rules: IgnoreRules | undefined }> {
  const list = await listDirectory(files, directory, path);
  if (above === undefined || top === undefined) return { entries: list, hidden: 0, rules: above };
  const hasRules = list.some((entry) => nameOf(entry) === ".gitignore" && entry.type === "file");
  const rules = hasRules ? await withOwnRules(files, top, joined(start, path), above) : above;
  const entries = list.filter((entry) => {
    if (entry.type === "directory" && skippedDirectories.has(nameOf(entry))) return false;
    return !rules.ignores(joined(start, entry.path), entry.type === "directory");
  });
  return { entries, hidden: list.length - entries.length, rules };
}

async function listDirectory(files: Files, directory: string, path: string): Promise<TreeEntry[]> {
  try {
    const list = await files.list(joined(directory, path));
    return list.map(({ name, type }) => ({ path: joined(path, name), type }));
  } catch (error) {
    // A subdirectory that is gone by now has no entries; the one that was asked for must be there.
    if (path !== "" && error instanceof FileError) return [];
    throw error;
  }
}

function nameOf({ path }: TreeEntry): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function joined(above: string, below: string): string {
  if (above === "") return below;
  return below === "" ? above : `${above}/${below}`;
}
