/** Changes of a directory are gathered for this long: an install touches thousands of files. */
const GATHER_MS = 60;

/** Lists directories again some time after they changed, each once for many changes. */
export class Lister {
  readonly #list: (directory: string) => Promise<void>;
  readonly #stale = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(list: (directory: string) => Promise<void>) {
    this.#list = list;
  }

  soon(directory: string): void {
    this.#stale.add(directory);
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const directories = [...this.#stale];
      this.#stale.clear();
      for (const one of directories) void this.#list(one);
    }, GATHER_MS);
  }
}
