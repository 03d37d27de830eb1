import { fileError } from "./file-errors.ts";
import type { FileSystem } from "./file-system.ts";
import { joinPath, resolvePath } from "./path.ts";

/**
 * Programs that the shell brings: the keys of `shell/commands/table.ts`, and the shell itself. Stands
 * here as data, so that the kernel starts without loading the shell; a test holds it against that.
 */
export const shellPrograms: readonly string[] = (
  "[ arch awk b2sum base32 base64 basename bash cat chmod clear cmp column comm cp curl cut " +
  "date dd df diff dirname du echo egrep env expand expr false fgrep file find fold free " +
  "getconf grep groups gunzip gzip hd head hexdump hostname html-to-markdown id install " +
  "ionice join jq kill killall less ln ls lsof md5sum mkdir mktemp more mv nice nl nohup " +
  "nproc od paste pgrep pkill printenv printf ps pwd readlink realpath rev rg rm rmdir sed " +
  "seq setsid sh sha1sum sha224sum sha256sum sha384sum sha512sum shuf sleep sort split ss " +
  "stat stdbuf strings sync tac tail tar tee test timeout top touch tput tr tree true " +
  "truncate tty uname unexpand uniq unlink unzip uptime watch wc wget whereis which whoami " +
  "xargs xxd yes zcat zip"
).split(" ");

/** Programs that a worker with Node in it runs. */
export const nodePrograms: readonly string[] = ["node", "npm", "npx", "git"];

/** Which worker runs a program. */
export type ProgramKind = "shell" | "node";

export const PROGRAM_DIRECTORY = "/usr/bin";

/** A program as it is to be run: scripts have become their interpreter's argument. */
export interface Program {
  readonly kind: ProgramKind;
  /** Canonical path of a program of ours. */
  readonly path: string;
  readonly argv: readonly string[];
}

const ANY_EXECUTE = 0o111;

/** Interpreters of interpreters, as on Linux (BINPRM_MAX_RECURSION). */
const INTERPRETERS_MAX = 4;

export interface ProgramRequest {
  /** Name to look up on PATH, or a path. */
  readonly file: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly searchPath: string;
}

/**
 * Finds a program as `execvp` does, and goes through `#!` lines as Linux does (execve(2)); a script
 * without one is the shell's.
 *
 * @throws FileError ENOENT, EACCES, ELOOP in the wording of Node's `spawn`
 */
export function resolveProgram(files: FileSystem, request: ProgramRequest): Program {
  let { file, argv } = request;
  for (let depth = 0; depth <= INTERPRETERS_MAX; depth++) {
    const found = findProgram(files, file, request.cwd, request.searchPath);
    const named = file.includes("/") ? file : found;
    const path = files.realpath(found);
    const kind = kindOf(path);
    if (kind !== null) return { kind, path, argv };
    const interpreter = interpreterOf(files, path);
    file = interpreter[0] ?? "sh";
    // As it was named, when it was by path (execve(2)).
    argv = [...interpreter, named, ...argv.slice(1)];
  }
  throw fileError("ELOOP", "spawn", request.file);
}

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

function kindOf(path: string): ProgramKind | null {
  if (!path.startsWith(`${PROGRAM_DIRECTORY}/`)) return null;
  const name = path.slice(PROGRAM_DIRECTORY.length + 1);
  if (nodePrograms.includes(name)) return "node";
  return name.includes("/") ? null : "shell";
}

/** Longest `#!` line, as on Linux (BINPRM_BUF_SIZE). */
const SHEBANG_MAX_BYTES = 256;

/** The words of the `#!` line; `env NAME` is looked through, so that it takes no process. */
function interpreterOf(files: FileSystem, path: string): string[] {
  const start = new TextDecoder().decode(files.head(path, SHEBANG_MAX_BYTES));
  const line = /^#![ \t]*([^\n]*)/.exec(start)?.[1]?.trimEnd() ?? "";
  if (line === "") return ["/bin/sh"];
  const viaEnv = /^\S*\/env[ \t]+(?:(-S)[ \t]*)?(.*)$/.exec(line);
  if (viaEnv !== null) {
    const [, split, rest = ""] = viaEnv;
    return split === undefined ? [rest] : rest.split(/[ \t]+/);
  }
  // Linux passes all that follows the interpreter as one argument.
  const [, interpreter = "", argument = ""] = /^(\S+)[ \t]*(.*)$/.exec(line) ?? [];
  return argument === "" ? [interpreter] : [interpreter, argument];
}

function statOrNull(files: FileSystem, path: string): ReturnType<FileSystem["stat"]> | null {
  try {
    return files.stat(path);
  } catch {
    return null;
  }
}
