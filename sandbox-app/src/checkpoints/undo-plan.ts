import type { Left } from "./checkpoint-log.ts";
import { isSame, type Picture } from "./picture.ts";
import { pathsOf, type RestorePlan, type Skip } from "./restore-plan.ts";

/** What taking one call back would do, in words for the person. Paths are relative to the root. */
export interface UndoPlan {
  /** Files and directories that become what they were. */
  readonly restored: readonly string[];
  readonly removed: readonly string[];
  /** Of these, those that were changed after the call: what they are now is lost from the workspace. */
  readonly lost: readonly string[];
  /** Other calls ran at the same time, and what they changed is among it. */
  readonly isShared: boolean;
  readonly skipped: readonly Skip[];
}

/** @param now what stands where, from which the plan was made */
export function planUndo(plan: RestorePlan, left: Left, now: Picture): UndoPlan {
  const removed = [...plan.removeFiles, ...plan.removeDirectories].toSorted();
  const all = pathsOf(plan);
  return {
    restored: all.filter((path) => !removed.includes(path)),
    removed,
    lost: all.filter((path) => !isSame(now.get(path), left.paths.get(path))),
    isShared: left.isShared,
    skipped: plan.skips,
  };
}
