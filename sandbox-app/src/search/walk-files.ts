import { decodeText } from "../dispatch/bytes.ts";
import { type DirectoryEntry, FileError, type Files } from "../runtime/runtime.ts";
import { IgnoreRules } from "./ignore-rules.ts";

/** Never looked into, whatever a `.gitignore` says: what git keeps, and what packages bring. */
export const skippedDirectories: ReadonlySet<string> = new Set([".git", "node_modules"]);

/**
 * The files below a directory that a person would search, sorted by path: no links, nothing of git's own
 * or of packages, nothing that a `.gitignore` from the top down leaves out.
 *
 * @param top absolute path where the rules begin, usually the workspace
 * @param start relative to the top; `""` for the top itself. It is searched even when it is ignored
 */
export async function* walkFiles(
  files: Files,
  top: string,
  start: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let rules = IgnoreRules.none;
  const parts = start === "" ? [] : start.split("/");
  for (let depth = 0; depth < parts.length; depth += 1) {
    rules = await withOwnRules(files, top, parts.slice(0, depth).join("/"), rules);
    // Whoever points into what is left out wants what is in it.
    if (rules.ignores(parts.slice(0, depth + 1).join("/"), true)) rules = IgnoreRules.none;
  }
  yield* walk(files, top, start, rules, signal);
}

async function* walk(
  files: Files,
  top: string,
  directory: string,
  above: IgnoreRules,
  signal: AbortSignal,
): AsyncGenerator<string> {
  signal.throwIfAborted();
  const entries = await listOrNothing(files, absolute(top, directory));
  const hasRules = entries.some(({ name, type }) => name === ".gitignore" && type === "file");
  const rules = hasRules ? await withOwnRules(files, top, directory, above) : above;
  for (const { name, type } of entries.toSorted(byPath)) {
    const path = directory === "" ? name : `${directory}/${name}`;
    if (type === "symlink" || rules.ignores(path, type === "directory")) continue;
    if (type === "file") yield path;
    else if (!skippedDirectories.has(name)) yield* walk(files, top, path, rules, signal);
  }
}

/** A directory's name stands in a path with a slash behind it. */
function byPath(one: DirectoryEntry, other: DirectoryEntry): number {
  return nameInPath(one) < nameInPath(other) ? -1 : 1;
}

function nameInPath({ name, type }: DirectoryEntry): string {
  return type === "directory" ? `${name}/` : name;
}

async function withOwnRules(
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

/** A directory that is gone by now has nothing in it. */
async function listOrNothing(files: Files, path: string): Promise<DirectoryEntry[]> {
  try {
    return await files.list(path);
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}

function absolute(top: string, path: string): string {
  return path === "" ? top : `${top}/${path}`;
}
