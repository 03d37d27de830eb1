import { type FileMap, compareFiles, type Side } from "../diff/file-change.ts";
import { findRenames } from "../diff/renames.ts";
import { readerOf } from "../diff/sources.ts";
import { type Bytes, comparePaths, isBinary } from "../objects/bytes.ts";
import { Mode } from "../objects/tree.ts";
import type { Repository } from "../repository/repository.ts";
import { type Labels, mergeFile } from "./merge-file.ts";

type File = { readonly mode: number; readonly oid: string };

export interface Conflict {
  readonly path: string;
  readonly base: File | null;
  readonly ours: File | null;
  readonly theirs: File | null;
}

export interface TreeMerge {
  /** What is to be on disk, also where there is a conflict. */
  readonly files: FileMap;
  readonly conflicts: readonly Conflict[];
  /** What git says meanwhile, in the order of the paths. */
  readonly messages: readonly string[];
}

/** Three versions of the files, as a merge takes them. */
interface Versions {
  readonly base: Map<string, File>;
  readonly ours: Map<string, File>;
  readonly theirs: Map<string, File>;
}

/** Merges the files of two commits that come from a third one; renamed files are found again. */
export async function mergeTrees(
  repository: Repository,
  trees: { readonly base: FileMap; readonly ours: FileMap; readonly theirs: FileMap },
  labels: Labels,
): Promise<TreeMerge> {
  const versions: Versions = {
    base: new Map(trees.base),
    ours: new Map(trees.ours),
    theirs: new Map(trees.theirs),
  };
  await followRenames(repository, versions);
  const merge = new Merge(repository, labels);
  const paths = [...versions.base.keys(), ...versions.ours.keys(), ...versions.theirs.keys()];
  for (const path of [...new Set(paths)].toSorted(comparePaths)) {
    const get = (files: Map<string, File>): File | null => files.get(path) ?? null;
    await merge.path(path, get(versions.base), get(versions.ours), get(versions.theirs));
  }
  return merge;
}

/** Where one side renamed a file that the other one changed, the change goes to the new name. */
async function followRenames(repository: Repository, versions: Versions): Promise<void> {
  const read = readerOf(repository, null);
  const renamesOf = async (files: FileMap) => {
    const changes = compareFiles(versions.base, files);
    const found = await findRenames(changes, read, false);
    return found.flatMap(({ status, before, after }): [Side, Side][] =>
      status === "R" && before && after ? [[before, after]] : [],
    );
  };
  const [left, right] = [await renamesOf(versions.ours), await renamesOf(versions.theirs)];
  for (const [renames, others, across] of [
    [left, right, versions.theirs],
    [right, left, versions.ours],
  ] as const) {
    for (const [from, to] of renames) {
      const sameRename = others.some(([a, b]) => a.path === from.path && b.path === to.path);
      const otherwise = others.some(([a]) => a.path === from.path);
      const changed = across.get(from.path);
      if (sameRename) moveBase(versions, from.path, to.path);
      if (sameRename || otherwise || changed === undefined || across.has(to.path)) continue;
      moveBase(versions, from.path, to.path);
      across.delete(from.path);
      across.set(to.path, changed);
    }
  }
}

function moveBase({ base }: Versions, from: string, to: string): void {
  const file = base.get(from);
  if (file === undefined) return;
  base.delete(from);
  base.set(to, file);
}

class Merge implements TreeMerge {
  readonly files = new Map<string, File>();
  readonly conflicts: Conflict[] = [];
  readonly messages: string[] = [];
  readonly #repository: Repository;
  readonly #labels: Labels;

  constructor(repository: Repository, labels: Labels) {
    this.#repository = repository;
    this.#labels = labels;
  }

  async path(path: string, base: File | null, ours: File | null, theirs: File | null) {
    if (same(ours, theirs) || same(base, theirs)) this.#take(path, ours);
    else if (same(base, ours)) this.#take(path, theirs);
    else if (ours !== null && theirs !== null) await this.#both(path, base, ours, theirs);
    else this.#deleted(path, base, ours, theirs);
  }

  #take(path: string, file: File | null): void {
    if (file !== null) this.files.set(path, file);
  }

  #deleted(path: string, base: File | null, ours: File | null, theirs: File | null): void {
    const { ours: mine, theirs: other } = this.#labels;
    const [gone, kept] = ours === null ? [mine, other] : [other, mine];
    this.messages.push(
      `CONFLICT (modify/delete): ${path} deleted in ${gone} and modified in ${kept}.  ` +
        `Version ${kept} of ${path} left in tree.`,
    );
    this.#take(path, ours ?? theirs);
    this.conflicts.push({ path, base, ours, theirs });
  }

  async #both(path: string, base: File | null, ours: File, theirs: File): Promise<void> {
    const mode = base !== null && base.mode === ours.mode ? theirs.mode : ours.mode;
    const areFiles = [ours, theirs].every((file) => isRegular(file));
    if (!areFiles) {
      this.#conflict(path, base, ours, theirs, ours);
      return;
    }
    const merged = await this.#contents(path, base, ours, theirs);
    const oid = this.#repository.objects.write("blob", merged.content);
    const modesClash = base === null && ours.mode !== theirs.mode;
    if (merged.conflicts === 0 && !modesClash) this.files.set(path, { mode, oid });
    else this.#conflict(path, base, ours, theirs, { mode, oid });
  }

  async #contents(
    path: string,
    base: File | null,
    ours: File,
    theirs: File,
  ): Promise<{ content: Bytes; conflicts: number }> {
    const read = (file: File): Promise<Bytes> => this.#repository.objects.readAs(file.oid, "blob");
    const [mine, other] = [await read(ours), await read(theirs)];
    if (ours.oid === theirs.oid || base?.oid === theirs.oid) return { content: mine, conflicts: 0 };
    if (base?.oid === ours.oid) return { content: other, conflicts: 0 };
    this.messages.push(`Auto-merging ${path}`);
    const original = base !== null && isRegular(base) ? await read(base) : new Uint8Array(0);
    if ([mine, other, original].some(isBinary)) {
      const { ours: one, theirs: two } = this.#labels;
      this.messages.unshift(`warning: Cannot merge binary files: ${path} (${one} vs. ${two})`);
      return { content: mine, conflicts: 1 };
    }
    return mergeFile(original, mine, other, this.#labels);
  }

  #conflict(path: string, base: File | null, ours: File, theirs: File, kept: File): void {
    this.messages.push(
      `CONFLICT (${base === null ? "add/add" : "content"}): Merge conflict in ${path}`,
    );
    this.files.set(path, kept);
    this.conflicts.push({ path, base, ours, theirs });
  }
}

function same(one: File | null, other: File | null): boolean {
  return one?.oid === other?.oid && one?.mode === other?.mode;
}

function isRegular({ mode }: File): boolean {
  return mode === Mode.file || mode === Mode.executable;
}
