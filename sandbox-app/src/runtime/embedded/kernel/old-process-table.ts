import type { ProcessExit } from "../../runtime.ts";

export type ProcessState =
  | { readonly status: "running" }
  | { readonly status: "ended"; readonly exit: ProcessExit };

export interface ProcessEntry {
  readonly pid: number;
  /** Pid of the parent; INIT for what the page or a call started. */
  readonly parent: number;
  readonly argv: readonly string[];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly state: ProcessState;
}

/** The kernel itself: parent of everything that has no other, as on every Unix. */
export const INIT = 1;

/** Which processes there are and who started whom. Ended ones leave at once: nobody waits by pid. */
export class ProcessTable {
  readonly #now: () => number;
  readonly #entries = new Map<number, ProcessEntry>();
  #nextPid = INIT + 1;

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** A parent that has ended counts as INIT. */
  add(argv: readonly string[], parent: number = INIT): ProcessEntry {
    const entry: ProcessEntry = {
      pid: this.#nextPid++,
      parent: this.#entries.has(parent) ? parent : INIT,
      argv,
      startedAt: this.#now(),
      state: { status: "running" },
    };
    this.#entries.set(entry.pid, entry);
    return entry;
  }

  get(pid: number): ProcessEntry | undefined {
    return this.#entries.get(pid);
  }

  /** The process and all below it, children before their parents: the order to kill in. */
  tree(pid: number): ProcessEntry[] {
    const entry = this.#entries.get(pid);
    if (entry === undefined) return [];
    const children = this.list().filter(({ parent }) => parent === pid);
    return [...children.flatMap((child) => this.tree(child.pid)), entry];
  }

  /** Takes an ended process out; its children now belong to INIT. Null when it had ended before. */
  end(pid: number, exit: ProcessExit): ProcessEntry | null {
    const entry = this.#entries.get(pid);
    if (entry === undefined) return null;
    this.#entries.delete(pid);
    for (const child of this.list()) {
      if (child.parent === pid) this.#entries.set(child.pid, { ...child, parent: INIT });
    }
    return { ...entry, state: { status: "ended", exit } };
  }

  /** In order of pid. */
  list(): ProcessEntry[] {
    return [...this.#entries.values()].toSorted((a, b) => a.pid - b.pid);
  }
}
