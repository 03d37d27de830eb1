import { INIT, type Process } from "./process.ts";

/** Pids are used again after this many, as on Linux (kernel.pid_max). */
const PID_MAX = 32_768;

/** Which processes there are, and who belongs to whom. */
export class ProcessTable {
  readonly #processes = new Map<number, Process>();
  #lastPid = INIT;

  /** Processes that run or still have something to write. */
  get size(): number {
    let size = 0;
    for (const { state } of this.#processes.values()) if (state.status !== "ended") size++;
    return size;
  }

  /** With those that have ended and are still to be waited for. */
  get records(): number {
    return this.#processes.size;
  }

  nextPid(): number {
    do {
      this.#lastPid = this.#lastPid >= PID_MAX ? INIT + 1 : this.#lastPid + 1;
    } while (this.#isTaken(this.#lastPid));
    return this.#lastPid;
  }

  /** A group or session outlives the process that it is named after. */
  #isTaken(pid: number): boolean {
    if (this.#processes.has(pid)) return true;
    for (const { group, session } of this.#processes.values()) {
      if (group === pid || session === pid) return true;
    }
    return false;
  }

  add(process: Process): void {
    this.#processes.set(process.pid, process);
  }

  get(pid: number): Process | undefined {
    return this.#processes.get(pid);
  }

  remove(pid: number): void {
    this.#processes.delete(pid);
  }

  /** In order of pid. */
  list(): Process[] {
    return [...this.#processes.values()].toSorted((a, b) => a.pid - b.pid);
  }

  children(pid: number): Process[] {
    return this.list().filter(({ parent }) => parent === pid);
  }

  /** Those of a group that have not ended: what exits with output left can still be killed. */
  group(group: number): Process[] {
    return this.list().filter((process) => process.group === group && hasNotEnded(process));
  }

  session(session: number): Process[] {
    return this.list().filter((process) => process.session === session && hasNotEnded(process));
  }
}

function hasNotEnded({ state }: Process): boolean {
  return state.status !== "ended";
}
