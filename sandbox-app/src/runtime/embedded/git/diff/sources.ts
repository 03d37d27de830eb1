import type { Bytes } from "../objects/bytes.ts";
import { encode } from "../objects/bytes.ts";
import { Mode, type TreeEntry } from "../objects/tree.ts";
import type { Repository } from "../repository/repository.ts";
import type { Worktree } from "../worktree/worktree.ts";
import { compareFiles, type FileChange, type FileMap, type Side } from "./file-change.ts";

/** What differs, and how the contents are read. */
export interface Comparison {
  readonly changes: readonly FileChange[];
  readonly read: (side: Side) => Promise<Bytes>;
  /** Whether the new side is the disk, whose files need not be objects. */
  readonly isDisk?: boolean;
}

export function readerOf(repository: Repository, worktree: Worktree | null) {
  return async ({ path, mode, oid }: Side): Promise<Bytes> => {
    if (mode === Mode.submodule) return encode(`Subproject commit ${oid}\n`);
    // A file on disk need not be an object yet.
    const file = worktree !== null && !repository.objects.has(oid) ? worktree.read(path) : null;
    return file?.content ?? repository.objects.readAs(oid, "blob");
  };
}

export function indexFiles(repository: Repository): FileMap {
  return new Map(
    repository.index.entries
      .filter(({ stage, isIntent }) => stage === 0 && !isIntent)
      .map((entry) => [entry.path, entry]),
  );
}

/** What is tracked, as it is on disk. */
function diskFiles(repository: Repository, worktree: Worktree): FileMap {
  const found = new Map<string, { mode: number; oid: string }>();
  for (const path of repository.index.paths) {
    const entry = repository.index.get(path);
    const file = entry === undefined ? worktree.read(path) : worktree.current(entry);
    if (file !== null) found.set(path, file);
  }
  return found;
}

function conflicts(repository: Repository): FileChange[] {
  return repository.index.unmerged.map((path) => {
    const side = { path, mode: Mode.file, oid: "0".repeat(40) };
    return { status: "U", before: side, after: side, similarity: 0 };
  });
}

export function withoutPaths(changes: readonly FileChange[], paths: readonly string[]) {
  const gone = new Set(paths);
  return changes.filter(({ before, after }) => !gone.has(after?.path ?? before?.path ?? ""));
}

/** Worktree against index: what `git diff` shows. */
export function compareWorktree(repository: Repository, worktree: Worktree): Comparison {
  const changes = compareFiles(indexFiles(repository), diskFiles(repository, worktree));
  return {
    changes: [...withoutPaths(changes, [...repository.index.unmerged]), ...conflicts(repository)],
    read: readerOf(repository, worktree),
    isDisk: true,
  };
}

/** Index against a tree: what `git diff --cached` shows. */
export function compareIndex(repository: Repository, tree: FileMap): Comparison {
  const changes = compareFiles(tree, indexFiles(repository));
  return {
    changes: [...withoutPaths(changes, repository.index.unmerged), ...conflicts(repository)],
    read: readerOf(repository, null),
  };
}

/** Worktree against a tree: what `git diff <commit>` shows. */
export function compareWorktreeWith(
  repository: Repository,
  worktree: Worktree,
  tree: FileMap,
): Comparison {
  const changes = compareFiles(tree, diskFiles(repository, worktree));
  return { changes, read: readerOf(repository, worktree), isDisk: true };
}

/** Two trees; equal directories are not looked into. */
export async function compareTrees(
  repository: Repository,
  before: string | null,
  after: string | null,
): Promise<Comparison> {
  const [from, to] = [new Map(), new Map()] as [MutableFiles, MutableFiles];
  await collectDifferent(repository, before, after, "", from, to);
  return { changes: compareFiles(from, to), read: readerOf(repository, null) };
}

type MutableFiles = Map<string, { mode: number; oid: string }>;

async function collectDifferent(
  repository: Repository,
  before: string | null,
  after: string | null,
  below: string,
  from: MutableFiles,
  to: MutableFiles,
): Promise<void> {
  const [old, now] = [await entriesOf(repository, before), await entriesOf(repository, after)];
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const [a, b] = [old.get(name), now.get(name)];
    if (a?.oid === b?.oid && a?.mode === b?.mode) continue;
    const path = `${below}${name}`;
    const [treeA, treeB] = [treeOf(a), treeOf(b)];
    if (a && treeA === null) from.set(path, a);
    if (b && treeB === null) to.set(path, b);
    if (treeA !== null || treeB !== null)
      await collectDifferent(repository, treeA, treeB, `${path}/`, from, to);
  }
}

async function entriesOf(
  repository: Repository,
  tree: string | null,
): Promise<ReadonlyMap<string, TreeEntry>> {
  const entries = tree === null ? [] : await repository.tree(tree);
  return new Map(entries.map((entry) => [entry.name, entry]));
}

function treeOf(entry: TreeEntry | undefined): string | null {
  return entry?.mode === Mode.directory ? entry.oid : null;
}
