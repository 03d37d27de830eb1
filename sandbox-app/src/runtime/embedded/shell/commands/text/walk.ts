import { resolvePath } from "../../../kernel/path.ts";
import type { FileStatus } from "../../../kernel/system-calls.ts";
import type { Shell } from "../../state/shell.ts";

/** A path as the user wrote it, and as the kernel wants it. */
export interface NamedPath {
  readonly shown: string;
  readonly path: string;
}

export function named(shell: Shell, shown: string): NamedPath {
  return { shown, path: resolvePath(shell.cwd, shown === "" ? "." : shown) };
}

/** An entry of a directory, under the name that the directory was given. */
export function inside({ shown, path }: NamedPath, name: string): NamedPath {
  return {
    shown: shown.endsWith("/") ? `${shown}${name}` : `${shown}/${name}`,
    path: path === "/" ? `/${name}` : `${path}/${name}`,
  };
}

export function baseName(path: string): string {
  const trimmed = path.replace(/(?<=.)\/+$/, "");
  return trimmed === "/" ? "/" : (trimmed.split("/").at(-1) ?? "");
}

/** What a directory takes of a disk, as GNU's tools expect it to take something. */
const DIRECTORY_BYTES = 4_096;

/** Null when there is no such file. */
export function statusOf(shell: Shell, path: string, follows = true): FileStatus | null {
  try {
    const status = shell.process.system.callSync(follows ? "stat" : "lstat", path);
    return status.type === "directory" ? { ...status, size: DIRECTORY_BYTES } : status;
  } catch {
    return null;
  }
}
