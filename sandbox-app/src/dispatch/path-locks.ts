/** Lets work on one path run one after the other, so that a read-modify-write is not torn. */
export class PathLocks {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs the work after all earlier work on this path has ended, well or not. */
  async run<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(path);
    const turn = (async () => {
      await before?.catch(() => {});
      return work();
    })();
    this.#last.set(path, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(path) === turn) this.#last.delete(path);
    }
  }

  /** Runs the work while it holds all of the paths; in one order, so that no two wait for each other. */
  runAll<Result>(paths: readonly string[], work: () => Promise<Result>): Promise<Result> {
    const [first, ...rest] = [...new Set(paths)].toSorted();
    if (first === undefined) return work();
    return this.run(first, () => this.runAll(rest, work));
  }
}
