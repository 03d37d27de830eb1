import { DiscoError } from "#protocol/errors.ts";
import { PATH_MAX_CHARS } from "#protocol/limits.ts";
import { FileError, type Runtime } from "../runtime/runtime.ts";

/** Longest name of one file or directory, as on Linux (NAME_MAX). */
const NAME_MAX_BYTES = 255;

/**
 * How often a path is looked up when it appears and goes in between. Only a program that does nothing
 * else could change it more often.
 */
const LOOKS_MAX = 5;

/** A path of a caller, resolved against the root by its text alone. */
export interface WorkspacePath {
  /** Normalised: no `.`, no `..`, no double slash. */
  readonly absolute: string;
  /** Relative to the root; `.` for the root itself. */
  readonly relative: string;
}

/** Where a path really is, after its symbolic links. */
export interface Location extends WorkspacePath {
  /** The path to use; below the real root. */
  readonly real: string;
  readonly exists: boolean;
}

/**
 * Resolves a path of a caller: relative to the root, or absolute below it.
 *
 * @throws DiscoError path_outside_workspace, or invalid_input for what no file can be called
 */
export function resolvePath(root: string, path: string): WorkspacePath {
  if (path.includes("\0") || !path.isWellFormed()) {
    throw new DiscoError("invalid_input", "The path has characters that no file name can have.");
  }
  const base = root === "/" ? "" : root;
  const parts: string[] = [];
  const isAbsolute = path.startsWith("/");
  for (const part of (isAbsolute ? path : `${base}/${path}`).split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  const absolute = `/${parts.join("/")}`;
  if (absolute !== root && !absolute.startsWith(`${base}/`)) throw outside(path);
  checkLength(absolute, parts);
  return { absolute, relative: absolute.slice(base.length + 1) || "." };
}

function checkLength(absolute: string, parts: readonly string[]): void {
  const encoder = new TextEncoder();
  const isLong = parts.some((part) => encoder.encode(part).length > NAME_MAX_BYTES);
  if (absolute.length > PATH_MAX_CHARS || isLong) {
    throw new DiscoError("invalid_input", "The path, or a name in it, is too long.");
  }
}

/**
 * Resolves a path and follows its symbolic links, so that none leads out of the workspace. A program
 * in the container can still change a link between this look and the use: the rule keeps callers
 * inside, and the browser keeps the container inside.
 *
 * @throws DiscoError path_outside_workspace, invalid_input, or not_a_directory when a file stands
 *   where a directory must
 */
export async function locate(runtime: Runtime, path: string): Promise<Location> {
  const resolved = resolvePath(runtime.root, path);
  let known = resolved.absolute;
  let missing = "";
  const [realRoot, realPath] = await Promise.all([
    runtime.files.realpath(runtime.root),
    realpathOf(runtime, known, path),
  ]);
  let real = realPath;
  while (real === undefined) {
    const cut = known.lastIndexOf("/");
    missing = known.slice(cut) + missing;
    known = known.slice(0, cut) || "/";
    real = await realpathOf(runtime, known, path);
  }
  if (real !== realRoot && !real.startsWith(realRoot === "/" ? "/" : `${realRoot}/`)) {
    throw outside(path);
  }
  return { ...resolved, real: real + missing, exists: missing === "" };
}

/**
 * Like `locate`, for what must be there.
 *
 * @throws DiscoError file_not_found besides
 */
export async function locateExisting(runtime: Runtime, path: string): Promise<Location> {
  const location = await locate(runtime, path);
  if (location.exists) return location;
  throw new DiscoError("file_not_found", `${location.relative} does not exist.`);
}

/**
 * Like `locateExisting`, for what stands at the path itself: a symbolic link in the last part is not
 * followed.
 *
 * @throws DiscoError file_not_found, path_outside_workspace, invalid_input or not_a_directory
 */
export async function locateEntry(
  runtime: Runtime,
  path: string,
): Promise<WorkspacePath & { readonly real: string }> {
  const resolved = resolvePath(runtime.root, path);
  if (resolved.relative === ".") return locateExisting(runtime, path);
  const cut = resolved.absolute.lastIndexOf("/");
  const parent = await locateExisting(runtime, resolved.absolute.slice(0, cut) || "/");
  const real = `${parent.real === "/" ? "" : parent.real}${resolved.absolute.slice(cut)}`;
  if ((await unlessMissing(runtime.files.stat(real))) !== undefined) return { ...resolved, real };
  throw new DiscoError("file_not_found", `${resolved.relative} does not exist.`);
}

/**
 * The real path, or undefined when nothing is there.
 *
 * Other calls make and remove files between two looks: what realpath missed and stat then finds is
 * looked up again, and only a link that stays is one that leads nowhere.
 *
 * @throws DiscoError path_outside_workspace for such a link
 */
async function realpathOf(
  { files }: Runtime,
  known: string,
  path: string,
): Promise<string | undefined> {
  for (let look = 0; look < LOOKS_MAX; look++) {
    const real = await unlessMissing(files.realpath(known));
    if (real !== undefined) return real;
    if ((await unlessMissing(files.stat(known))) === undefined) return undefined;
  }
  throw danglingLink(path);
}

async function unlessMissing<Result>(look: Promise<Result>): Promise<Result | undefined> {
  try {
    return await look;
  } catch (error) {
    if (error instanceof FileError && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function outside(path: string): DiscoError {
  return new DiscoError("path_outside_workspace", `${path} is not in the workspace.`);
}

/** Where a file would be made through such a link cannot be known beforehand. */
function danglingLink(path: string): DiscoError {
  const message = `${path} leads through a symbolic link to something that does not exist.`;
  return new DiscoError("path_outside_workspace", message);
}
