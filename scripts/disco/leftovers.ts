import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { ExpectedError } from "./expected-error.ts";

/** Milliseconds for the system to take away processes that were ended by force. */
const GONE_TIMEOUT_MS = 10_000;
const GONE_POLL_MS = 50;

/**
 * Ends the programs that an earlier Disco left behind when it was killed, by force and with all that
 * they started. Only who holds the directory that the argument names may call it: then nobody else can
 * have a use for them.
 *
 * @param argument stands as a whole in the command lines of these programs, and in no others
 * @throws ExpectedError when one does not go away
 */
export async function endLeftovers(argument: string): Promise<void> {
  const deadline = Date.now() + GONE_TIMEOUT_MS;
  for (;;) {
    const left = await programsWith(argument);
    if (left.length === 0) return;
    if (Date.now() > deadline) {
      throw new ExpectedError(
        `An earlier Disco left process ${left.join(", ")}, which does not end. End it by hand.`,
      );
    }
    for (const pid of left) end(pid);
    await setTimeout(GONE_POLL_MS);
  }
}

/** The program leads a group of its own, so that what it started is reached as well. */
function end(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, "SIGKILL");
    } catch {
      // It leads no group, or is gone.
    }
  }
}

async function programsWith(argument: string): Promise<number[]> {
  const programs = process.platform === "linux" ? await readProc() : await askPs();
  return programs.filter(({ has }) => has(argument)).map(({ pid }) => pid);
}

interface Running {
  readonly pid: number;
  readonly has: (argument: string) => boolean;
}

/** A dead process that its parent has not collected has no command line (proc(5)). */
async function readProc(): Promise<Running[]> {
  const pids = (await readdir("/proc")).map(Number).filter((pid) => pid > 0);
  return await Promise.all(
    pids.map(async (pid) => {
      const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      const parts = new Set(command.split("\0"));
      return { pid, has: (argument) => parts.has(argument) };
    }),
  );
}

async function askPs(): Promise<Running[]> {
  const { stdout } = await promisify(execFile)("ps", ["-axwwo", "pid=,command="]);
  return stdout.split("\n").flatMap((line) => {
    const [, pid, command] = /^ *(\d+) (.*)$/.exec(line) ?? [];
    if (pid === undefined || command === undefined) return [];
    return [{ pid: Number(pid), has: (argument) => `${command} `.includes(` ${argument} `) }];
  });
}
