import { fileError } from "./file-errors.ts";
import type { FileSystem } from "./file-system.ts";
import { joinPath, resolvePath } from "./path.ts";

/**
 * Programs that the shell brings: those of just-bash, and ours of `shell/commands.ts`. Stands here
 * as data, so that the kernel starts without loading the shell; a test holds it against both.
 */
export const shellPrograms: readonly string[] = (
  "alias awk base64 basename bash cat chmod clear column comm cp curl cut date diff dirname du echo " +
  "egrep env expand expr false fgrep file find fold grep gunzip gzip head help history hostname " +
  "html-to-markdown id join jq ln ls md5sum mkdir mv nl nproc od paste printenv printf pwd " +
  "readlink rev rg rm rmdir sed seq sh sha1sum sha256sum sleep sort split stat strings tac tail " +
  "tee time timeout touch tr tree true unalias uname unexpand uniq wc wget which whoami xargs zcat"
).split(" ");

const ANY_EXECUTE = 0o111;

/**
 * Finds a program as `execvp` does: by path when the name holds a slash, else on PATH.
 *
 * @throws FileError ENOENT, EACCES in the wording of Node's `spawn`
 */
export function findProgram(
  files: FileSystem,
  command: string,
  cwd: string,
  searchPath: string,
): string {
  const candidates = command.includes("/")
    ? [resolvePath(cwd, command)]
    : searchPath.split(":").map((directory) => joinPath(resolvePath(cwd, directory), command));
  let refused = false;
  for (const candidate of command === "" ? [] : candidates) {
    const stat = statOrNull(files, candidate);
    if (stat?.type !== "file") continue;
    if ((stat.mode & ANY_EXECUTE) !== 0) return candidate;
    refused = true;
  }
  throw fileError(refused ? "EACCES" : "ENOENT", "spawn", command);
}

function statOrNull(files: FileSystem, path: string): ReturnType<FileSystem["stat"]> | null {
  try {
    return files.stat(path);
  } catch {
    return null;
  }
}
