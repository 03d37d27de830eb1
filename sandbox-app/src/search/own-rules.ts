import { decodeText } from "../dispatch/bytes.ts";
import { FileError, type Files } from "../runtime/runtime.ts";
import { IgnoreRules } from "./ignore-rules.ts";

/** Never looked into, whatever a `.gitignore` says: what git keeps, and what packages bring. */
export const skippedDirectories: ReadonlySet<string> = new Set([".git", "node_modules"]);

/**
 * The rules that hold in a directory, but for its own: those of the directories above it.
 *
 * @param top absolute path where the rules begin, usually the workspace
 * @param start relative to the top; `""` for the top itself
 */
export async function rulesAbove(files: Files, top: string, start: string): Promise<IgnoreRules> {
  let rules = IgnoreRules.none;
  const parts = start === "" ? [] : start.split("/");
  for (let depth = 0; depth < parts.length; depth += 1) {
    rules = await withOwnRules(files, top, parts.slice(0, depth).join("/"), rules);
    // Whoever points into what is left out wants what is in it.
    if (rules.ignores(parts.slice(0, depth + 1).join("/"), true)) rules = IgnoreRules.none;
  }
  return rules;
}

/** The rules that hold in a directory: those above it, and its own `.gitignore` if it has one. */
export async function withOwnRules(
  files: Files,
  top: string,
  directory: string,
  above: IgnoreRules,
): Promise<IgnoreRules> {
  try {
    const text = decodeText(await files.read(`${absolute(top, directory)}/.gitignore`));
    return text === undefined ? above : above.with(directory, text);
  } catch (error) {
    if (error instanceof FileError) return above;
    throw error;
  }
}

/** @param path relative to the top; `""` for the top itself */
export function absolute(top: string, path: string): string {
  return path === "" ? top : `${top}/${path}`;
}
