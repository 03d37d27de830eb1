import { DiscoError } from "#protocol/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { parentOf } from "../../parent-of.ts";
import { statIfThere } from "../file-access.ts";
import { invalidArgument } from "../invalid-argument.ts";
import { locate, locateExisting, resolvePath } from "../paths.ts";

/** Repositories that an error names. */
const NAMED_MAX = 5;

/** A repository of the workspace, and what of it a call is about. */
export interface RepositoryPlace {
  /** Real path of its files; git runs here. */
  readonly top: string;
  /** The path that was named, relative to `top`; `.` for all of it. */
  readonly inside: string;
  /** A path of git's, relative to the root of the workspace, as all tools name it. */
  readonly fromRoot: (path: string) => string;
}

/**
 * Finds the repository around a path. It is looked for within the workspace only: what lies above is
 * nobody's business.
 *
 * @throws DiscoError not_a_repository, file_not_found or path_outside_workspace
 */
export async function findRepository(runtime: Runtime, path: string): Promise<RepositoryPlace> {
  const { real, relative } = await locateExisting(runtime, path);
  const root = await runtime.files.realpath(runtime.root);
  const isDirectory = (await runtime.files.stat(real)).type === "directory";
  const start = isDirectory ? real : parentOf(real);
  for (let top = start; isWithin(root, top); top = parentOf(top)) {
    if ((await statIfThere(runtime.files, join(top, ".git"))) !== undefined) {
      const above = relativeTo(root, top);
      const inside = relativeTo(top, real);
      return { top, inside, fromRoot: (one) => (above === "." ? one : `${above}/${one}`) };
    }
    if (top === root) break;
  }
  throw await noRepository(runtime, relative);
}

/**
 * A path that git is told, relative to the top. It may be gone, and a link is itself.
 *
 * @throws DiscoError invalid_input when it is in no part of the repository, path_outside_workspace
 */
export async function pathInside(
  runtime: Runtime,
  { top }: RepositoryPlace,
  path: string,
): Promise<string> {
  const { relative, absolute } = resolvePath(runtime.root, path);
  const cut = absolute.lastIndexOf("/");
  const above = relative === "." ? "" : absolute.slice(0, cut) || "/";
  const real =
    above === ""
      ? await runtime.files.realpath(runtime.root)
      : join((await locate(runtime, above)).real, absolute.slice(cut + 1));
  if (isWithin(top, real)) return relativeTo(top, real);
  throw invalidArgument("files", `names ${relative}, which is not in the repository`);
}

/** Names those that the caller may have meant. */
async function noRepository(runtime: Runtime, path: string): Promise<DiscoError> {
  const { files, root } = runtime;
  const found: string[] = [];
  for (const { name, type } of await files.list(root)) {
    if (found.length === NAMED_MAX) break;
    if (type !== "directory") continue;
    if ((await statIfThere(files, join(root, `${name}/.git`))) !== undefined) found.push(name);
  }
  const others = found.length === 0 ? "" : ` There is one in ${found.join(", ")}.`;
  const message = `${path === "." ? "The workspace" : path} is in no git repository.${others}`;
  return new DiscoError("not_a_repository", message, { details: { repositories: found } });
}

function isWithin(root: string, path: string): boolean {
  return path === root || path.startsWith(join(root, ""));
}

function relativeTo(top: string, path: string): string {
  return path === top ? "." : path.slice(join(top, "").length);
}

function join(directory: string, name: string): string {
  return `${directory === "/" ? "" : directory}/${name}`;
}
