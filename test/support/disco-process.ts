import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "vitest";
import { DiscoProcess } from "#scripts/disco/disco-process.ts";

/** Milliseconds for the system to take away processes that have been ended. */
const GONE_TIMEOUT_MS = 15_000;
const GONE_POLL_MS = 50;

/** A Disco for one test file, with a state directory of its own. */
export interface TestDisco {
  readonly disco: DiscoProcess;
  /** Stops it, and fails when a process that it started is left. */
  stop(): Promise<void>;
}

export async function startTestDisco(): Promise<TestDisco> {
  const state = await mkdtemp(path.join(tmpdir(), "disco-test-"));
  const disco = await DiscoProcess.start(state);
  return {
    disco,
    async stop() {
      const started = await descendantsOf(disco.pid);
      expect(await disco.stop()).toBe(0);
      await expectGone(started);
      await rm(state, { recursive: true, force: true });
    },
  };
}

/**
 * Waits a moment for processes to be gone.
 *
 * @throws AssertionError with the command lines of those that are left
 */
export async function expectGone(pids: readonly number[]): Promise<void> {
  const deadline = Date.now() + GONE_TIMEOUT_MS;
  let left: string[];
  do {
    left = (await Promise.all(pids.map(commandOf))).filter((command) => command !== "");
    if (left.length > 0) await setTimeout(GONE_POLL_MS);
  } while (left.length > 0 && Date.now() < deadline);
  expect(left).toEqual([]);
}

/** Ids of all processes below this one, read from /proc. */
export async function descendantsOf(pid: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    if (/^\d+$/.test(name)) parents.set(Number(name), await parentOf(Number(name)));
  }
  const found: number[] = [];
  for (let layer = [pid]; layer.length > 0;) {
    const above = new Set(layer);
    layer = [...parents].filter(([, parent]) => above.has(parent)).map(([child]) => child);
    found.push(...layer);
  }
  return found;
}

/** The fourth field of /proc/<pid>/stat; the second may hold spaces and brackets (proc(5)). */
async function parentOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? 0);
}

/** Empty for a process that is gone, or dead and not yet collected by its parent. */
async function commandOf(pid: number): Promise<string> {
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return command.replaceAll("\0", " ").trim();
}
