import { PATH_MAX_CHARS, WORKSPACE_MAX_BYTES } from "#protocol/limits.ts";
import { TYPE_MASK, typeBits } from "./unix.ts";
import { type ZipEntry, ZipError } from "./zip-directory.ts";

/** A symbolic link's target is a path. */
const TARGET_MAX_BYTES = PATH_MAX_CHARS * 4;

const FILE_MODE = 0o644;
const DIRECTORY_MODE = 0o755;

export interface PlannedEntry {
  readonly type: "file" | "directory" | "symlink";
  /** Relative to the workspace: `src/a.ts`. */
  readonly path: string;
  readonly mode: number;
  readonly entry: ZipEntry;
}

/**
 * What an import would make of the entries, directories first. All is checked before anything is
 * written.
 *
 * @throws ZipError when one would leave the workspace, or all together are too much
 */
export function planImport(entries: readonly ZipEntry[]): PlannedEntry[] {
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  if (bytes > WORKSPACE_MAX_BYTES) {
    throw new ZipError(`The zip holds more than the ${WORKSPACE_MAX_BYTES} bytes of a workspace.`);
  }
  const planned = entries.flatMap((entry): PlannedEntry[] => {
    const path = safePath(entry.name);
    return path === "" ? [] : [plannedEntry(entry, path)];
  });
  const links = new Set(planned.filter(({ type }) => type === "symlink").map(({ path }) => path));
  for (const { path } of planned) {
    for (const parent of parentsOf(path)) {
      if (links.has(parent)) throw new ZipError(`${path} would be written through a link.`);
    }
  }
  const order = { directory: 0, file: 1, symlink: 2 };
  return planned.toSorted((a, b) => order[a.type] - order[b.type]);
}

/** Directories above a path, the nearest last: `a` and `a/b` for `a/b/c`. */
export function parentsOf(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** @throws ZipError when the link would lead out of the workspace */
export function checkTarget(path: string, target: string): void {
  const parts = target.split("/").filter((part) => part !== "" && part !== ".");
  const ups = parts.findIndex((part) => part !== "..");
  const leading = ups === -1 ? parts.length : ups;
  const isUnsafe =
    target === "" ||
    target.startsWith("/") ||
    target.includes("\0") ||
    leading > path.split("/").length - 1 ||
    // Behind a name that is a link itself, `..` is not what the text says.
    parts.lastIndexOf("..") >= leading;
  if (isUnsafe) throw new ZipError(`The link ${path} leads out of the workspace.`);
}

function plannedEntry(entry: ZipEntry, path: string): PlannedEntry {
  const kind = entry.unixMode & TYPE_MASK;
  const mode = entry.unixMode & 0o777;
  if (entry.name.endsWith("/") || kind === typeBits.directory) {
    return { type: "directory", path, mode: mode === 0 ? DIRECTORY_MODE : mode, entry };
  }
  if (kind === typeBits.symlink) {
    if (entry.bytes > TARGET_MAX_BYTES) throw new ZipError(`The link ${path} is too long.`);
    return { type: "symlink", path, mode, entry };
  }
  if (kind !== 0 && kind !== typeBits.file) throw new ZipError(`${path} is neither file nor link.`);
  return { type: "file", path, mode: mode === 0 ? FILE_MODE : mode, entry };
}

/** @returns the path without `.`; empty for the workspace itself */
function safePath(name: string): string {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  const isUnsafe =
    name.startsWith("/") ||
    parts.includes("..") ||
    name.includes("\\") ||
    name.includes("\0") ||
    /^[A-Za-z]:/.test(name) ||
    name.length > PATH_MAX_CHARS;
  if (isUnsafe) throw new ZipError(`The zip holds a path that is refused: ${name.slice(0, 200)}`);
  return parts.join("/");
}
