import type { FileMap } from "../diff/file-change.ts";
import { mergeBases } from "../history/merge-base.ts";
import type { Repository } from "../repository/repository.ts";
import { mergeTrees } from "./merge-trees.ts";

const LABELS = { ours: "Temporary merge branch 1", theirs: "Temporary merge branch 2" };

/**
 * Files of the common ancestor. Where histories have crossed there are several: they are merged with
 * each other, oldest first, and conflicts among them stay in the text (git's recursive strategy).
 */
export async function baseFiles(
  repository: Repository,
  bases: readonly string[],
): Promise<FileMap> {
  const [first, ...rest] = bases.toReversed();
  if (first === undefined) return new Map();
  let files = await repository.files((await repository.commit(first)).tree);
  for (const next of rest) {
    const theirs = await repository.files((await repository.commit(next)).tree);
    const base = await baseFiles(repository, await mergeBases(repository, first, next));
    files = (await mergeTrees(repository, { base, ours: files, theirs }, LABELS)).files;
  }
  return files;
}
