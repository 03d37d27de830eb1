import { FileError, type Files } from "../runtime/runtime.ts";
import type { RestorePlan, Skip } from "./restore-plan.ts";
import { parentOf } from "../parent-of.ts";

/** The owner may read, write and enter. */
const OWN = 0o700;

/** What a restore has done; paths are relative to the root of the workspace. */
export interface Restored {
  /** Files and directories that are as they were again. */
  readonly restored: readonly string[];
  readonly removed: readonly string[];
  /** Left as they are, and why. */
  readonly skipped: readonly Skip[];
}

/**
 * Does what a plan says, step by step.
 *
 * @param contentOf the content of a hash; what is missing is skipped
 * @throws FileError in the middle, when the runtime refuses a step
 */
export async function applyRestore(
  files: Files,
  root: string,
  plan: RestorePlan,
  contentOf: (hash: string) => Uint8Array<ArrayBuffer> | undefined,
): Promise<Restored> {
  const at = (path: string): string => `${root}/${path}`;
  const restored = new Set<string>();
  const removed: string[] = [];
  const skipped: Skip[] = [...plan.skips];
  const skip = (path: string): unknown => skipped.push({ path, why: "in_the_way" });

  for (const { path, mode } of plan.openDirectories) await files.chmod(at(path), mode | OWN);
  for (const path of plan.removeFiles) {
    if (await isDone(files.remove(at(path)), ["ENOENT"])) removed.push(path);
  }
  for (const path of plan.removeDirectories) {
    // What git ignores is still in it.
    if (await isDone(files.remove(at(path)), ["ENOTEMPTY", "ENOENT"])) removed.push(path);
    else skip(path);
  }
  for (const path of plan.makeDirectories) {
    await files.mkdir(at(path), { recursive: true });
    restored.add(path);
  }
  const there = new Set<string>();
  const stays = new Set(skipped.map(({ path }) => path));
  for (const { path, entry } of plan.writeFiles) {
    const content = contentOf(entry.hash);
    if (stays.has(path)) continue;
    if (content === undefined) {
      skip(path);
      continue;
    }
    const parent = at(parentOf(path));
    if (!there.has(parent)) await files.mkdir(parent, { recursive: true });
    there.add(parent);
    await replace(files, at(path), content, entry.mode);
    restored.add(path);
  }
  for (const { path, mode } of plan.setModes) {
    if (stays.has(path) || (await files.stat(at(path))).mode === mode) continue;
    await files.chmod(at(path), mode);
    restored.add(path);
  }
  return { restored: [...restored].toSorted(), removed: removed.toSorted(), skipped };
}

/** Also a file that nobody may write. */
async function replace(
  files: Files,
  path: string,
  content: Uint8Array,
  mode: number,
): Promise<void> {
  if (await isDone(files.write(path, content), ["EACCES"])) return;
  await files.chmod(path, mode | OWN);
  await files.write(path, content);
  await files.chmod(path, mode);
}

/** @returns false when it failed in one of these ways */
async function isDone(work: Promise<void>, codes: readonly FileError["code"][]): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof FileError && codes.includes(error.code)) return false;
    throw error;
  }
}
