import type { SignalName } from "../../kernel/system-calls.ts";

/** A command that runs in the background. */
export interface Job {
  /** As in `%1`. */
  readonly id: number;
  /** `$!` */
  readonly pid: number;
  readonly command: string;
  /** Resolves with the status; never rejects. */
  readonly ended: Promise<number>;
  status: number | null;
  /** Signal that ended it, when one did. */
  signal: SignalName | null;
  /** Whether the user has been told of the end. */
  isReported: boolean;
  isDisowned: boolean;
  kill(signal: SignalName | 0): void;
}

/** The background jobs of one shell. */
export class Jobs {
  readonly #jobs = new Map<number, Job>();
  /** Jobs that are over and told, for a later `wait` by pid. */
  readonly #ended = new Map<number, number>();
  /** Jobs of the shell around a subshell: shown by `jobs`, until it has some of its own. */
  readonly #inherited: readonly Job[];

  constructor(inherited: readonly Job[] = []) {
    this.#inherited = inherited;
  }

  add(job: Omit<Job, "id" | "status" | "signal" | "isReported" | "isDisowned">): Job {
    const id = Math.max(0, ...this.#jobs.keys()) + 1;
    const made: Job = {
      ...job,
      id,
      status: null,
      signal: null,
      isReported: false,
      isDisowned: false,
    };
    this.#jobs.set(id, made);
    void job.ended.then((status) => {
      made.status = status;
    });
    return made;
  }

  all(): Job[] {
    return [...this.#jobs.values()];
  }

  /** What `jobs` shows, as in `kill $(jobs -p)`. */
  shown(): Job[] {
    const own = this.all();
    return own.length > 0 ? own : this.#inherited.filter(({ status }) => status === null);
  }

  get current(): Job | undefined {
    return [...this.#jobs.values()].findLast(({ status }) => status === null) ?? this.all().at(-1);
  }

  remove(job: Job): void {
    if (job.status !== null) this.#ended.set(job.pid, job.status);
    this.#jobs.delete(job.id);
  }

  /** Status of a job that is over and gone; null when there was none. */
  endedStatus(pid: number): number | null {
    return this.#ended.get(pid) ?? null;
  }

  byPid(pid: number): Job | undefined {
    return this.all().find((job) => job.pid === pid);
  }

  /** `%1`, `%%`, `%+`, `%-`, `%name`, `%?text`. */
  find(spec: string): Job | undefined {
    const name = spec.slice(1);
    if (name === "" || name === "%" || name === "+") return this.current;
    if (name === "-") return this.all().at(-2) ?? this.current;
    if (/^\d+$/.test(name)) return this.#jobs.get(Number(name));
    if (name.startsWith("?"))
      return this.all().find(({ command }) => command.includes(name.slice(1)));
    return this.all().find(({ command }) => command.startsWith(name));
  }
}
