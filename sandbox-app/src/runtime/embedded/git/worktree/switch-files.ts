import { GitFailure } from "../cli/failure.ts";
import type { FileMap } from "../diff/file-change.ts";
import { comparePaths } from "../objects/bytes.ts";
import { NO_STAMP } from "../index/index-file.ts";
import type { Repository } from "../repository/repository.ts";
import { checkPath } from "./safe-path.ts";
import type { IgnoreRules } from "./ignore.ts";
import type { Worktree } from "./worktree.ts";

/** For whom files are changed, in the words of the refusals. */
export type SwitchVerb = "checkout" | "merge";

const advice: Readonly<Record<SwitchVerb, { changed: string; untracked: string }>> = {
  checkout: {
    changed: "Please commit your changes or stash them before you switch branches.",
    untracked: "Please move or remove them before you switch branches.",
  },
  merge: {
    changed: "Please commit your changes or stash them before you merge.",
    untracked: "Please move or remove them before you merge.",
  },
};

/**
 * Takes index and worktree from one set of files to another. What differs from the first set stays when
 * the second one does not touch it.
 *
 * @throws GitFailure, with nothing done, when a change of the person's would be lost
 */
export async function switchFiles(
  repository: Repository,
  worktree: Worktree,
  rules: IgnoreRules,
  { from, to }: { readonly from: FileMap; readonly to: FileMap },
  verb: SwitchVerb,
): Promise<void> {
  const touched = [...new Set([...from.keys(), ...to.keys()])]
    .filter((path) => !sameFile(from.get(path), to.get(path)))
    .filter((path) => !sameFile(repository.index.get(path), to.get(path)))
    .toSorted(comparePaths);
  refuseLoss(repository, worktree, rules, touched, { from, to }, verb);
  await putFiles(repository, worktree, touched, to);
}

/** Writes the files of these paths, and removes those that are not to be there. */
export async function putFiles(
  repository: Repository,
  worktree: Worktree,
  paths: readonly string[],
  files: FileMap,
): Promise<void> {
  const { index } = repository;
  for (const path of paths) checkPath(path);
  for (const path of paths) {
    if (files.has(path)) continue;
    worktree.remove(path);
    index.remove(path);
  }
  for (const path of paths) {
    const file = files.get(path);
    if (file === undefined) continue;
    await worktree.write(path, file.mode, file.oid);
    index.set(path, file.mode, file.oid, worktree.stamp(path) ?? NO_STAMP);
  }
}

function refuseLoss(
  repository: Repository,
  worktree: Worktree,
  rules: IgnoreRules,
  touched: readonly string[],
  { from, to }: { readonly from: FileMap; readonly to: FileMap },
  verb: SwitchVerb,
): void {
  const { index } = repository;
  const [changed, overwritten]: [string[], string[]] = [[], []];
  for (const path of touched) {
    const entry = index.get(path);
    const before = from.get(path);
    if (entry !== undefined && !sameFile(entry, before)) changed.push(path);
    else if (entry === undefined && before !== undefined && to.has(path)) changed.push(path);
    else if (entry !== undefined && worktree.status(path) !== null && worktree.isChanged(entry))
      changed.push(path);
    else if (entry === undefined && isInTheWay(worktree, rules, path, to)) overwritten.push(path);
  }
  const { changed: changedAdvice, untracked } = advice[verb];
  const list = (paths: readonly string[]): string => paths.map((path) => `\t${path}\n`).join("");
  let text = "";
  if (changed.length > 0)
    text += `error: Your local changes to the following files would be overwritten by ${verb}:\n${list(changed)}${changedAdvice}\n`;
  if (overwritten.length > 0)
    text += `error: The following untracked working tree files would be overwritten by ${verb}:\n${list(overwritten)}${untracked}\n`;
  if (text !== "") throw new GitFailure(`${text}Aborting`, 1);
}

export function sameFile(
  one: { readonly mode: number; readonly oid: string } | undefined,
  other: { readonly mode: number; readonly oid: string } | undefined,
): boolean {
  return one?.oid === other?.oid && one?.mode === other?.mode;
}

function isInTheWay(worktree: Worktree, rules: IgnoreRules, path: string, to: FileMap): boolean {
  return to.has(path) && worktree.status(path) !== null && !rules.ignores(path, false);
}
