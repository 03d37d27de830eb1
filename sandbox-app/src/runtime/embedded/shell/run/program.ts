import { type ChildStream, SignalNumber, type WaitResult } from "../../kernel/system-calls.ts";
import { resolvePath } from "../../kernel/path.ts";
import { errnoOf, errnoWords } from "../redirect/error-words.ts";
import type { Shell } from "../state/shell.ts";
import { NOT_FOUND, NOT_RUNNABLE, SIGNAL_STATUS, ShellError } from "./outcome.ts";
import { AbortReason } from "./shell-process.ts";

const ANY_EXECUTE = 0o111;

/** The file that a name means: by path, by the hash table, or on PATH. */
export function findProgram(shell: Shell, name: string): string | null {
  if (name.includes("/")) return resolvePath(shell.cwd, name);
  const known = shell.hashed.get(name);
  if (known !== undefined) return known;
  const [found] = programsNamed(shell, name);
  if (found !== undefined) shell.hashed.set(name, found);
  return found ?? null;
}

/** All files on PATH of that name that can be run, in order. */
export function programsNamed(shell: Shell, name: string): string[] {
  const path = shell.variables.get("PATH");
  if (path === undefined || name === "") return [];
  return path
    .split(":")
    .map((directory) =>
      resolvePath(resolvePath(shell.cwd, directory === "" ? "." : directory), name),
    )
    .filter((candidate) => isRunnable(shell, candidate));
}

export function isRunnable(shell: Shell, path: string): boolean {
  try {
    const { type, mode } = shell.process.system.callSync("stat", path);
    return type === "file" && (mode & ANY_EXECUTE) !== 0;
  } catch {
    return false;
  }
}

/** Why a path cannot be run; null when it can. */
function refusal(shell: Shell, name: string, path: string): ShellError | null {
  try {
    const { type, mode } = shell.process.system.callSync("stat", path);
    if (type === "directory") return new ShellError(`${name}: Is a directory`, NOT_RUNNABLE);
    return (mode & ANY_EXECUTE) === 0
      ? new ShellError(`${name}: Permission denied`, NOT_RUNNABLE)
      : null;
  } catch (error) {
    return new ShellError(
      `${name}: ${errnoWords(error)}`,
      errnoOf(error) === "ENOENT" ? NOT_FOUND : NOT_RUNNABLE,
    );
  }
}

/** Runs a program as a process of its own, with the shell's descriptors. */
export async function runProgram(
  shell: Shell,
  path: string,
  argv: readonly string[],
): Promise<number> {
  const refused = refusal(shell, argv[0] ?? "", path);
  if (refused !== null) throw refused;
  const { system } = shell.process;
  const { streams, done } = childStreams(shell);
  const { pid } = await shell.process
    .spawn({
      file: path,
      argv,
      cwd: shell.cwd,
      env: { ...shell.variables.environment(), _: path },
      streams,
      // A background job leads a group, which signals to the job reach.
      newGroup: shell.identify !== null,
    })
    .catch((error: unknown) => {
      throw new ShellError(
        `${argv[0] ?? ""}: ${errnoWords(error)}`,
        errnoOf(error) === "ENOENT" ? NOT_FOUND : NOT_RUNNABLE,
      );
    })
    .finally(done);
  shell.identify?.(pid);
  shell.identify = null;
  const stop = (): void => killQuietly(shell, pid);
  shell.signal.addEventListener("abort", stop, { once: true });
  try {
    return statusOfResult(await system.call("wait", pid));
  } finally {
    shell.signal.removeEventListener("abort", stop);
  }
}

function killQuietly({ process: { system }, signal }: Shell, pid: number): void {
  const reason: unknown = signal.reason;
  try {
    system.callSync("kill", pid, reason instanceof AbortReason ? reason.signal : "SIGTERM");
  } catch {
    // It has ended already.
  }
}

export function statusOfResult(result: WaitResult | null): number {
  if (result === null) return 0;
  return result.signal === null ? (result.code ?? 0) : SIGNAL_STATUS + SignalNumber[result.signal];
}

/** The shell's descriptors for a child, and what closes those that were made for it. */
export function childStreams(shell: Shell): { streams: ChildStream[]; done: () => void } {
  const closers: (() => void)[] = [];
  const streams = Array.from({ length: shell.descriptors.highest + 1 }, (_, fd): ChildStream => {
    const handle = shell.descriptors.get(fd);
    if (handle === undefined || handle.isPrivate) return { from: "null" };
    const { fd: own, done } = handle.forChild(shell.process.system);
    closers.push(done);
    return { from: "parent", fd: own };
  });
  return { streams, done: () => closers.forEach((close) => close()) };
}
